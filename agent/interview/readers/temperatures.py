"""Temperatures, in °C, whatever scale they are told in; one that fits neither scale is none."""

from typing import NamedTuple

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.numbers import Number, find_numbers
from symptom_intake.agent.interview.readers.replies import read_evasion, read_nothing
from symptom_intake.agent.interview.readers.words import Said, once

_CELSIUS = (30.0, 45.0)
_FAHRENHEIT = (86.0, 113.0)


class Temperature(NamedTuple):
    """A temperature in a message.

    Attributes:
        first: Its first token. `end`: one past its last.
        celsius: The temperature.
        marked: The words say that it is one: a scale, or "temperature" in the same sentence.
    """

    first: int
    end: int
    celsius: float
    marked: bool


def read_temperature(said: Said) -> list[Answer]:
    """The answer to "how high?"; of several the highest."""
    found = find_temperatures(said)
    if found:
        return [as_answer(said, max(found, key=lambda each: each.celsius))]
    normal = next(iter(said.places.get("normal_temperature", ())), None)
    if normal is not None:
        return [Answer(SlotState.ABSENT, *said.span(*normal))]
    other = read_evasion(said) or read_nothing(said)
    return [other] if other else []


def as_answer(said: Said, told: Temperature) -> Answer:
    """A temperature as a fact would hold it."""
    return present(*said.span(told.first, told.end), said.quote(told.first, told.end), told.celsius)


@once
def find_temperatures(said: Said) -> list[Temperature]:
    """Every plausible temperature, in order."""
    found = (_temperature(said, number) for number in find_numbers(said) if not _is_something_else(said, number))
    return [each for each in found if each is not None]


def _is_something_else(said: Said, number: Number) -> bool:
    """A number of years or hours, or a bound that was not reached."""
    return said.key_at("units", number.end) is not None or said.before("below", number.first) is not None


def _temperature(said: Said, number: Number) -> Temperature | None:
    fahrenheit, celsius = said.at("fahrenheit", number.end), said.at("celsius", number.end)
    scale = "F" if fahrenheit else "C" if celsius else _scale(number.high)
    low, high = _FAHRENHEIT if scale == "F" else _CELSIUS
    if not low <= number.high <= high:
        return None
    end = fahrenheit or celsius or said.at("degrees", number.end) or number.end
    value = (number.high - 32) / 1.8 if scale == "F" else number.high
    return Temperature(number.first, end, round(value, 1), bool(fahrenheit or celsius) or _is_named(said, number.first))


def _scale(value: float) -> str:
    return "F" if value >= _FAHRENHEIT[0] else "C"


def _is_named(said: Said, place: int) -> bool:
    first, end = said.sentence(place)
    return any(first <= start < end for start, _ in said.places.get("degrees", ()))
