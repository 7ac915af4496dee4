"""Dates of the calendar. Where one stands is found here; what it means is left to dateparser, loaded when needed."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from symptom_intake.agent.interview.readers.words import Said, once

_NUMERIC = re.compile(
    r"(?<![\d./-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?![\d/-])"
)
_DAY = re.compile(r"\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ORDINALS = ("st", "nd", "rd", "th", "of")


class Date(NamedTuple):
    """A date in a message.

    Attributes:
        first: Its first token. `end`: one past its last.
        day: Which day it is; None when it may be either of two.
    """

    first: int
    end: int
    day: date | None


@once
def find_dates(said: Said) -> list[Date]:
    """Every date, in order."""
    return sorted([*_numeric(said), *_named(said)], key=lambda each: each.first)


def _numeric(said: Said) -> Iterator[Date]:
    for match in _NUMERIC.finditer(said.text):
        covered = [place for place, token in enumerate(said.tokens) if match.start() <= token.start < match.end()]
        if covered:
            orders = ("YMD",) if match[0][:4].isdecimal() else ("DMY", "MDY")
            days = {day for order in orders if (day := _parse(match[0], order, said.now)) is not None}
            yield Date(covered[0], covered[-1] + 1, days.pop() if len(days) == 1 else None)


def _named(said: Said) -> Iterator[Date]:
    """3 March, the 3rd of March 2026, March 3rd, in March 2024."""
    for place in range(len(said.tokens)):
        month = said.key_at("months", place)
        if month is None:
            continue
        first, end = _day_before(said, place), _day_after(said, month[1])
        if first == place and end == month[1] and not _is_month(said, place):
            continue
        day = _parse(said.quote(first, end), "DMY", said.now)
        if day is not None:
            yield Date(first, end, day)


def _is_month(said: Said, place: int) -> bool:
    """Whether a lone word such as "may" or "march" is meant as a month."""
    return place > 0 and said.tokens[place - 1].word in ("in", "since", "last")


def _day_before(said: Said, place: int) -> int:
    first = place
    while first > 0 and said.tokens[first - 1].word in _ORDINALS:
        first -= 1
    return first - 1 if first > 0 and _DAY.fullmatch(said.tokens[first - 1].word) else place


def _day_after(said: Said, end: int) -> int:
    tokens = said.tokens
    for pattern in (_DAY, _YEAR):
        if end < len(tokens) and pattern.fullmatch(tokens[end].word):
            end += 1
            while end < len(tokens) and tokens[end].word in _ORDINALS:
                end += 1
    return end


def _parse(text: str, order: str, now: datetime) -> date | None:
    """A date in the past, or None when the text is none."""
    import dateparser  # it takes seconds to load, and few messages hold a date

    found = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "DATE_ORDER": order,
            "PREFER_DATES_FROM": "past",
            "PREFER_DAY_OF_MONTH": "first",
            "RELATIVE_BASE": now.replace(tzinfo=None),
        },
    )
    return found.date() if found is not None and found.date() <= now.date() else None
