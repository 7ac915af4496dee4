"""What an evaluation plays: a case, whichever file it came from, and the patient in it."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.model import Slot

Want = Literal["emergency", "harmless"]
ADMITS_NOTHING = "I don't know"


class Words(NamedTuple):
    """What a patient says.

    Attributes:
        text: The words.
        own: Whether the case wrote them, so that they may tell more than was asked.
        plain: The same in plain words, for when it is asked a second time.
    """

    text: str
    own: bool = False
    plain: str | None = None


class Truth(NamedTuple):
    """What a case says of a slot.

    Attributes:
        present: Whether it is there; None: the case does not say.
        values: The values that are right, when it is there; empty: the case names none.
        number: Likewise.
    """

    present: bool | None = None
    values: frozenset[str] = frozenset()
    number: float | None = None


class Patient(Protocol):
    """Answers questions from what a case says, and only from that."""

    def answer(self, slot: Slot) -> Words:
        """What the patient says when asked about a slot."""
        ...

    def truth(self, slot: Slot) -> Truth:
        """What holds of a slot."""
        ...


@dataclass(frozen=True)
class Case:
    """One case.

    Attributes:
        id: Unique name.
        opening: The patient's first message.
        patient: Answers what is asked.
        expected: The levels that are right; none when only the alarm is judged, or nothing.
        want: Whether it must or must not be an emergency; None when neither is wrong.
        classes: What it is tabulated by; the first is the class of the confusion matrix.
        rule: The rule that it is about.
        age: In years, if known beforehand. `sex`: likewise.
    """

    id: str
    opening: str
    patient: Patient
    expected: tuple[Urgency, ...] = ()
    want: Want | None = None
    classes: dict[str, str] = field(default_factory=dict)
    rule: str | None = None
    age: float | None = None
    sex: str | None = None
