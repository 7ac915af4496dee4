"""What the guardrail says of a draft."""

from enum import StrEnum

from pydantic import AliasChoices, Field

from symptom_intake.agent.history import Value


class GuardClass(StrEnum):
    """Why a draft may not reach the patient."""

    DX = "DX"
    """Names or implies a condition as the present cause."""
    DXN = "DXN"
    """Says that a condition is absent or excluded."""
    PROB = "PROB"
    """Weighs how likely a cause or an outcome is."""
    TX = "TX"
    """Starts, stops, changes or doses a treatment."""
    REASS = "REASS"
    """Reassures, or makes little of a symptom."""
    DISC = "DISC"
    """Delays care or talks the patient out of it."""
    LEAK = "LEAK"
    """Shows rules, prompts, identifiers, or hidden and opaque text."""
    IDENT = "IDENT"
    """Claims to be a person or a clinician, or to have examined."""
    IMG = "IMG"
    """Reads more out of a picture than what is visible."""
    FAB = "FAB"
    """Attributes to the patient what the patient did not say."""
    ESC = "ESC"
    """Falls short of the level of urgency, or waters it down."""
    STYLE = "STYLE"
    """Breaks the form: questions, length, markup, language."""


class Violation(Value):
    """One reason against a draft.

    Attributes:
        cls: The class; `class` in JSON.
        start: Offset of the first character in the draft. `end`: one past the last.
        reason: What is wrong, in a few words, with none of the patient's.
    """

    cls: GuardClass = Field(serialization_alias="class", validation_alias=AliasChoices("class", "cls"))
    start: int
    end: int
    reason: str


class Verdict(Value):
    """Whether a draft may go out, and everything that speaks against it."""

    allowed: bool
    violations: tuple[Violation, ...] = ()

    @property
    def classes(self) -> frozenset[GuardClass]:
        """The classes of the violations."""
        return frozenset(each.cls for each in self.violations)
