"""Numbers in figures and words, and ranges of them."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from symptom_intake.agent.interview.readers.words import Said, once

_MAX_DIGITS = 9
_HALF = re.compile(r"(?:(\d{1,3})\s+)?1/2(?!\d)")


class Number(NamedTuple):
    """A number in a message.

    Attributes:
        first: Its first token. `end`: one past its last.
        low: Its value, or the lower end of a range. `high`: the upper end.
    """

    first: int
    end: int
    low: float
    high: float

    @property
    def details(self) -> dict[str, str]:
        """Both ends of a range."""
        return {"from": f"{self.low:g}", "to": f"{self.high:g}"} if self.low != self.high else {}


@once
def find_numbers(said: Said) -> list[Number]:
    """Every number, in order; a range is one number with two ends."""
    found: list[Number] = []
    for number in _singles(said):
        if found and _is_range(said, found[-1], number):
            last = found.pop()
            number = Number(last.first, number.end, last.low, number.high)
        found.append(number)
    return found


def _is_range(said: Said, last: Number, number: Number) -> bool:
    if not last.low == last.high < number.low:
        return False
    between = said.text[said.tokens[last.end - 1].end : said.tokens[number.first].start].strip()
    joined = said.at("and", last.end)
    if joined is not None and said.before("between", said.skip_back(("article",), last.first)) is not None:
        return said.skip(("article",), joined) == number.first
    return said.at("range", last.end) == number.first or between in ("-", "–", "—", "~")


def _singles(said: Said) -> Iterator[Number]:
    place = 0
    while place < len(said.tokens):
        number = _figure(said, place) or _in_words(said, place)
        if number is not None:
            yield number
        place = number.end if number is not None else place + 1


def _figure(said: Said, place: int) -> Number | None:
    token = said.tokens[place]
    broken = _HALF.match(said.text, token.start)
    if broken is not None:
        whole = float(broken[1] or 0) + 0.5
        return Number(place, place + (3 if broken[1] else 2), whole, whole)
    value = _value(said.text[token.start : token.end])
    if value is None:
        return None
    value += _fraction(said.text[token.end : token.end + 1])
    half = said.at("and_half", place + 1)
    return Number(place, half, value + 0.5, value + 0.5) if half else Number(place, place + 1, value, value)


def _fraction(char: str) -> float:
    """The value of a sign such as ½."""
    return unicodedata.numeric(char, 0.0) if char and char in "½¼¾" else 0.0


def _value(word: str) -> float | None:
    """A word of figures as a number: a comma parts thousands before three figures, else decimals."""
    if not word[0].isdecimal() or len(word) > _MAX_DIGITS:
        return None
    whole, comma, rest = word.partition(",")
    text = whole + rest if comma and len(rest) == 3 and whole != "0" else word.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None


def _in_words(said: Said, place: int) -> Number | None:
    """Twenty, twenty five, a hundred and two, thirty eight point five, two and a half."""
    half = said.at("half", place)
    start = said.key_at("numbers", place)
    if start is None:
        return Number(place, half, 0.5, 0.5) if half else None
    value, end = float(start[0]), start[1]
    value, end = _hundreds(said, value, end)
    value, end = _ones(said, value, end)
    value, end = _decimals(said, value, end)
    after = said.at("and_half", end)
    return Number(place, after, value + 0.5, value + 0.5) if after else Number(place, end, value, value)


def _hundreds(said: Said, value: float, end: int) -> tuple[float, int]:
    after = said.at("hundred", end)
    if after is not None and 1 <= value <= 9:
        value, end = value * 100, after
    if value >= 100:
        more = said.key_at("numbers", said.at("and", end) or end)
        if more is not None and float(more[0]) < 100:
            return value + float(more[0]), more[1]
    return value, end


def _ones(said: Said, value: float, end: int) -> tuple[float, int]:
    more = said.key_at("numbers", end)
    if more is not None and more[1] == end + 1 and value % 100 >= 20 and value % 10 == 0 and 1 <= float(more[0]) <= 9:
        return value + float(more[0]), more[1]
    return value, end


def _decimals(said: Said, value: float, end: int) -> tuple[float, int]:
    point = said.at("point", end)
    digit = said.key_at("numbers", point) if point is not None else None
    if digit is not None and float(digit[0]) < 10:
        return value + float(digit[0]) / 10, digit[1]
    return value, end
