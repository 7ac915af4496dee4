"""What the guardrail says of a draft."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol, Self, runtime_checkable

from pydantic import AliasChoices, Field, model_validator

from symptom_intake.agent.history import Value

LONGEST = 8000
"""Characters of a draft; a longer one is held back before anything reads it."""


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
        reason: What is wrong, in a few words, with none of the patient's; a second opinion's is a model's wording.
    """

    cls: GuardClass = Field(serialization_alias="class", validation_alias=AliasChoices("class", "cls"))
    start: int
    end: int
    reason: str


class Verdict(Value):
    """Whether a draft may go out, and everything that speaks against it."""

    allowed: bool
    violations: tuple[Violation, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.allowed is bool(self.violations):
            raise ValueError("a draft is allowed if nothing speaks against it, and only then")
        return self

    @property
    def classes(self) -> frozenset[GuardClass]:
        """The classes of the violations."""
        return frozenset(each.cls for each in self.violations)


@runtime_checkable
class Judge(Protocol):
    """A second opinion on drafts that the rules have let pass. It can only speak against one.

    Attributes:
        deadline_s: Seconds that it may take; without an answer by then, the draft is blocked.
    """

    deadline_s: float

    def violations(self, draft: str, said: Sequence[str]) -> tuple[Violation, ...]:
        """What speaks against a draft.

        Args:
            draft: The text.
            said: What the patient has said, word for word.
        """
