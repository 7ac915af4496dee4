"""An answer that is nothing but labels of the options that were offered: then exactly these are meant."""

import re
from functools import lru_cache

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.prompts.model import Option, Slot

_BETWEEN = re.compile(r"[\s,;.&/+-]*(?:\band\b[\s,;.&/+-]*)?")
_NOTHING = "none"


def picked_options(text: str, slot: Slot) -> tuple[Answer, ...]:
    """The options whose labels make up a whole message; empty when it says anything else.

    Args:
        text: The message.
        slot: The question that was put.
    """
    by_label = _labels(slot.options)
    found: list[Answer] = []
    place = _gap(text, 0)
    while place < len(text):
        label = next((each for each in by_label if _same(text, each, place)), None)
        if label is None:
            return ()
        found.append(_answer(by_label[label], place, place + len(label)))
        place = _gap(text, place + len(label))
    real = [each for each in found if each.state is SlotState.PRESENT]
    return tuple(real or found) if slot.kind == "choices" or len(found) == 1 else ()


def _same(text: str, label: str, place: int) -> bool:
    return text[place : place + len(label)].casefold() == label.casefold()


def _gap(text: str, place: int) -> int:
    match = _BETWEEN.match(text, place)
    return match.end() if match else place


@lru_cache(maxsize=2048)
def _labels(options: tuple[Option, ...]) -> dict[str, Option]:
    """Options by label, the longest first: a label may begin like another."""
    return {option.label: option for option in sorted(options, key=lambda each: -len(each.label))}


def _answer(option: Option, start: int, end: int) -> Answer:
    return Answer(SlotState.ABSENT, start, end) if option.value == _NOTHING else present(start, end, option.value)
