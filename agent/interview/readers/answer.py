"""What a reader makes of some words: a state, a value, and where the words stand."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from symptom_intake.agent.history import SlotState


@dataclass(frozen=True)
class Answer:
    """One thing read from a message.

    Attributes:
        state: What is known by it.
        start: Offset of its first character. `end`: one past its last.
        value: An option's value, a name, or the patient's text.
        number: In the slot's unit.
        details: More about a list entry.
    """

    state: SlotState
    start: int
    end: int
    value: str | None = None
    number: float | None = None
    details: dict[str, str] = field(default_factory=dict)


def present(
    start: int,
    end: int,
    value: str | None = None,
    number: float | None = None,
    details: dict[str, str] | None = None,
) -> Answer:
    """An answer that tells of something that is there."""
    return Answer(SlotState.PRESENT, start, end, value, number, details or {})


class Told(NamedTuple):
    """An answer, and the slot that it fills."""

    slot: str
    answer: Answer


def moved(answer: Answer, by: int) -> Answer:
    """The answer at offsets that count from elsewhere."""
    return replace(answer, start=answer.start + by, end=answer.end + by)
