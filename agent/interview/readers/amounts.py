"""Plain numbers, and how bad it is from 0 to 10."""

from itertools import pairwise

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.numbers import Number, find_numbers
from symptom_intake.agent.interview.readers.replies import read_evasion, read_nothing
from symptom_intake.agent.interview.readers.words import Said, once
from symptom_intake.prompts.model import Slot

_WORST = 10


def read_number(said: Said, slot: Slot) -> list[Answer]:
    """The answer to "how many?"; a number told in a unit that the question does not name is none."""
    asked = Said(f"{slot.question} {slot.label}", said.words, said.now)
    named = {key for name in asked.places if name.startswith("units ") for key in [name.removeprefix("units ")]}
    for number in find_numbers(said):
        unit = said.key_at("units", number.end)
        if unit is None or unit[0] in named:
            end = unit[1] if unit else number.end
            return [present(*said.span(number.first, end), said.quote(number.first, end), number.high, number.details)]
    return _otherwise(said)


def read_severity(said: Said) -> list[Answer]:
    """The answer to "how bad is it?": a number up to ten, or words that name an end of the scale."""
    found = find_severities(said) or [number for number in find_numbers(said) if _is_bare(said, number)]
    if found:
        return [severity_answer(said, found[0])]
    if none := said.places.get("no_severity"):
        return [Answer(SlotState.ABSENT, *said.span(*none[0]))]
    if named := said.places.get("severity_words"):
        return [present(*said.span(*named[0]), said.quote(*named[0]))]
    return _otherwise(said)


def severity_answer(said: Said, number: Number) -> Answer:
    """A severity as a fact would hold it; of a range the worse end is the number."""
    return present(
        *said.span(number.first, number.end), said.quote(number.first, number.end), number.high, number.details
    )


@once
def find_severities(said: Said) -> list[Number]:
    """Every number told as so many out of ten: "7/10", "8 out of ten"."""
    numbers = find_numbers(said)
    found: list[Number] = []
    for number, scale in pairwise(numbers):
        between = said.text[said.tokens[number.end - 1].end : said.tokens[scale.first].start].strip()
        out_of = said.at("out_of", number.end) == scale.first
        if scale.low == _WORST and (between == "/" or out_of) and number.high <= _WORST:
            found.append(Number(number.first, scale.end, number.low, number.high))
    return found


def _is_bare(said: Said, number: Number) -> bool:
    return number.high <= _WORST and said.key_at("units", number.end) is None


def _otherwise(said: Said) -> list[Answer]:
    other = read_evasion(said) or read_nothing(said)
    return [other] if other else []
