"""Readings taken at home and told in a sentence: pulse, oxygen, breaths, blood pressure, ketones, blood sugar.

A number counts as a reading when its name stands close to it in the same sentence; one that no body can have is none.
"""

from collections.abc import Iterator
from typing import NamedTuple

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, Told, present
from symptom_intake.agent.interview.readers.numbers import Number, find_numbers
from symptom_intake.agent.interview.readers.replies import read_evasion, read_nothing
from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.prompts.quantities import MG_IN_MMOL


class _Kind(NamedTuple):
    """By the list of its names: the slot, and what a body can have."""

    slot: str
    low: float
    high: float


_NAMED = {
    "pulse": _Kind("pulse_rate", 20, 300),
    "oxygen": _Kind("oxygen_level", 40, 100),
    "breaths": _Kind("breath_rate", 4, 120),
    "ketones": _Kind("ketones", 0.1, 20),
}
_UPPER, _LOWER = _Kind("upper_pressure", 40, 300), _Kind("lower_pressure", 20, 200)
_MOST_MMOL, _LEAST_MG = 20.0, 35.0
"""A number up to the first is in mmol/L, one above the second in mg/dL; between them nobody can tell."""
_NEAR = 6


def read_glucose(said: Said) -> list[Answer]:
    """The answer to "what is your blood sugar?"; a number that may be in either unit is none."""
    numbers = [each for each in find_numbers(said) if not any(_is_named(said, name, each) for name in _NAMED)]
    named = [each for each in numbers if _is_named(said, "sugar", each)]
    found = [told.answer for number in named or numbers for told in _sugar(said, number) if told.slot == "glucose"]
    other = read_evasion(said) or read_nothing(said)
    return found[:1] or ([other] if other else [])


def find_readings(said: Said, about_sugar: bool) -> Iterator[Told]:
    """Every reading in a message.

    Args:
        said: The message.
        about_sugar: Whether blood sugar was asked for, so that its name need not be said.
    """
    numbers = [each for each in find_numbers(said) if said.key_at("units", each.end) is None]
    for place, number in enumerate(numbers):
        following = numbers[place + 1] if place + 1 < len(numbers) else None
        if following is not None and _is_pressure(said, number, following):
            yield from (_reading(said, _UPPER, number), _reading(said, _LOWER, following))
        for name, kind in _NAMED.items():
            if _is_named(said, name, number) and kind.low <= number.high <= kind.high:
                yield _reading(said, kind, number)
        if about_sugar or _is_named(said, "sugar", number):
            yield from _sugar(said, number)


def _reading(said: Said, kind: _Kind, number: Number) -> Told:
    span = said.span(number.first, number.end)
    return Told(kind.slot, present(*span, said.quote(number.first, number.end), number.high))


def _is_named(said: Said, name: str, number: Number) -> bool:
    """Whether the name stands right behind the number, or before it with no other number between."""
    if said.places.keys().isdisjoint((name, f"{name}_unit")) or said.before("numbered", number.first) is not None:
        return False
    first = said.sentence(number.first)[0]
    if any(said.at(each, number.end) is not None for each in (name, f"{name}_unit")) and not said.ends_clause(
        number.end
    ):
        return True
    others = [each.end for each in find_numbers(said) if each.end <= number.first]
    first = max(first, number.first - _NEAR, *others)
    return any(first <= start and stop <= number.first for start, stop in said.places.get(name, ()))


def _is_pressure(said: Said, upper: Number, lower: Number) -> bool:
    between = said.text[said.tokens[upper.end - 1].end : said.tokens[lower.first].start].strip()
    plausible = _UPPER.low <= upper.high <= _UPPER.high and _LOWER.low <= lower.high < upper.high
    first, end = said.sentence(upper.first)
    named = any(first <= start < end for start, _ in said.places.get("pressure_reading", ()))
    return plausible and named and between in ("/", "over", "on", "by")


def _sugar(said: Said, number: Number) -> Iterator[Told]:
    mg, mmol = said.at("milligrams", number.end), said.at("millimoles", number.end)
    span, quote = said.span(number.first, mg or mmol or number.end), said.quote(number.first, mg or mmol or number.end)
    if not (mg or mmol) and _MOST_MMOL <= number.high <= _LEAST_MG:
        yield Told("glucose_unclear", Answer(SlotState.PRESENT, *span))
    elif mg or (not mmol and number.high > _LEAST_MG):
        yield Told("glucose", present(*span, quote, round(number.high / MG_IN_MMOL, 1)))
    else:
        yield Told("glucose", present(*span, quote, number.high))
