"""How long ago, or for how long, in hours."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.dates import find_dates
from symptom_intake.agent.interview.readers.numbers import Number, find_numbers
from symptom_intake.agent.interview.readers.replies import read_evasion
from symptom_intake.agent.interview.readers.words import Said, once
from symptom_intake.prompts.quantities import HOURS


class Duration(NamedTuple):
    """A stretch of time in a message.

    Attributes:
        first: Its first token. `end`: one past its last.
        low: Hours, or the lower end of a range. `high`: the upper end. None when it is too vague to count.
        unit: The unit that it is told in; None for a point in time.
    """

    first: int
    end: int
    low: float | None
    high: float | None
    unit: str | None = None

    @property
    def details(self) -> dict[str, str]:
        """Both ends of a range, in hours."""
        return {"from": f"{self.low:g}", "to": f"{self.high:g}"} if self.low != self.high else {}


def read_duration(said: Said) -> list[Answer]:
    """The answer to "since when?" or "for how long?"; the first time told counts."""
    told = find_durations(said)
    if told:
        return [as_answer(said, told[0])]
    other = read_evasion(said)  # a bare "no" tells no time
    return [other] if other is not None else []


def as_answer(said: Said, told: Duration) -> Answer:
    """A stretch of time as a fact would hold it; of a range the longer end is the number."""
    return present(*said.span(told.first, told.end), said.quote(told.first, told.end), told.high, told.details)


@once
def find_durations(said: Said) -> list[Duration]:
    """Every stretch of time and every point in the past, in order; of overlapping ones the longest."""
    counted = [*_joined(said, _amounts(said)), *_last_periods(said)]
    points = [*_moments(said), *_weekdays(said), *find_clock_times(said), *_dates(said)]
    kept: list[Duration] = []
    for told in sorted([*counted, *points, *_vague(said)], key=lambda each: each.first - each.end):
        if all(told.end <= each.first or each.end <= told.first for each in kept):
            kept.append(told)
    return sorted(kept)


def _amounts(said: Said) -> Iterator[Duration]:
    numbers = {number.first: number for number in find_numbers(said)}
    for first in range(len(said.tokens)):
        number = numbers.get(first) or _article(said, first)
        if number is None:
            continue
        at = said.at("article", number.end) if number.low == 0.5 else None
        unit = said.key_at("units", at or number.end)
        if unit is None:
            continue
        low, high, end = _with_tail(said, number, unit[1])
        yield Duration(first, end, low * HOURS[unit[0]], high * HOURS[unit[0]], unit[0])


def _with_tail(said: Said, number: Number, end: int) -> tuple[float, float, int]:
    """An hour *and a half*, a day *or two*."""
    half = said.at("and_half", end)
    if half is not None:
        return number.low + 0.5, number.high + 0.5, half
    upper = said.key_at("numbers", said.at("range", end) or len(said.tokens))
    if upper is not None and said.key_at("units", upper[1]) is None and float(upper[0]) > number.high:
        return number.low, float(upper[0]), upper[1]
    return number.low, number.high, end


def _article(said: Said, first: int) -> Number | None:
    end = said.at("article", first)
    return Number(first, end, 1.0, 1.0) if end is not None else None


def _joined(said: Said, amounts: Iterator[Duration]) -> list[Duration]:
    """Two weeks and three days is one stretch of time."""
    found: list[Duration] = []
    for told in amounts:
        last = found[-1] if found else None
        if last and told.first < last.end:
            continue
        if last and told.first == (said.at("and", last.end) or last.end) and _is_smaller(told, last):
            found[-1] = Duration(last.first, told.end, _sum(last.low, told.low), _sum(last.high, told.high), last.unit)
        else:
            found.append(told)
    return found


def _is_smaller(told: Duration, than: Duration) -> bool:
    return told.unit is not None and than.unit is not None and HOURS[told.unit] < HOURS[than.unit]


def _sum(one: float | None, other: float | None) -> float:
    return (one or 0.0) + (other or 0.0)


def _last_periods(said: Said) -> Iterator[Duration]:
    """The last hour, the past week."""
    for first, end in said.places.get("last_period", ()):
        unit = said.key_at("units", end)
        if unit is not None and unit[0] not in ("d", "s"):
            yield Duration(first, unit[1], HOURS[unit[0]], HOURS[unit[0]], unit[0])


def _moments(said: Said) -> Iterator[Duration]:
    for first in range(len(said.tokens)):
        found = said.key_at("moments", first)
        if found is None:
            continue
        moment = said.words.answers.moments[int(found[0])]
        hours = _since(said, moment.days, moment.hour)
        clock = _clock_at(said, said.skip(("clock",), found[1]))
        if clock is not None:
            hours = _since(said, moment.days, clock[0])
        yield Duration(first, clock[1] if clock else found[1], hours, hours)


def _since(said: Said, days: int, hour: float | None) -> float:
    """Hours from an hour of a day so many days ago; at that day's present hour when none is told."""
    if hour is None:
        return 24.0 * days
    then = said.now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days) + timedelta(hours=hour)
    return round(max(0.0, (said.now - then).total_seconds() / 3600), 2)


def _weekdays(said: Said) -> Iterator[Duration]:
    for first in range(len(said.tokens)):
        found = said.key_at("weekdays", first)
        if found is not None:
            days = (said.now.weekday() - int(found[0])) % 7 or 7
            yield Duration(first, found[1], 24.0 * days, 24.0 * days)


def find_clock_times(said: Said) -> Iterator[Duration]:
    """At 3 pm, since 10:30, at 7 o'clock: the last time that it was that late."""
    for first in range(len(said.tokens)):
        clock = _clock_at(said, said.at("clock", first) or first)
        if clock is not None:
            hours = _since(said, 0, clock[0])
            hours = hours or _since(said, 1, clock[0])
            yield Duration(first, clock[1], hours, hours)


def _clock_at(said: Said, first: int) -> tuple[float, int] | None:
    """An hour of the day that starts at a token, and one past its end."""
    tokens = said.tokens
    if first >= len(tokens) or not tokens[first].word.isdecimal() or int(tokens[first].word[:3]) > 24:
        return None
    hour, end = float(tokens[first].word[:2]), first + 1
    minutes = _minutes_at(said, end)
    if minutes is not None:
        hour, end = hour + minutes / 60, end + 1
    for name in ("am", "pm", "oclock"):
        after = said.at(name, end)
        if after is not None:
            return (hour + 12 if name == "pm" and hour < 12 else hour), after
    return (hour, end) if minutes is not None else None


def _minutes_at(said: Said, place: int) -> int | None:
    if place >= len(said.tokens):
        return None
    token, before = said.tokens[place], said.text[said.tokens[place - 1].end : said.tokens[place].start]
    return int(token.word) if before == ":" and token.word.isdecimal() and len(token.word) == 2 else None


def _dates(said: Said) -> Iterator[Duration]:
    for found in find_dates(said):
        hours = None if found.day is None else max(0.0, (said.now.date() - found.day).days * 24.0)
        yield Duration(found.first, found.end, hours, hours)


def _vague(said: Said) -> Iterator[Duration]:
    for first, end in said.places.get("vague_times", ()):
        yield Duration(first, end, None, None)
