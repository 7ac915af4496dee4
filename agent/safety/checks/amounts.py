"""Amounts: a number with what it counts. "Three months" is not what somebody said who said "3 weeks"."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from symptom_intake.prompts.guard_content import Grounding


class Amount(NamedTuple):
    """A number and its unit.

    Attributes:
        number: Its value. `unit`: the unit's name.
        start: Offset of its first character. `end`: one past its last.
    """

    number: float
    unit: str
    start: int
    end: int


class Amounts:
    """Finds amounts in a shadow."""

    def __init__(self, grammar: Grounding) -> None:
        """Take the number words and the units."""
        self._numbers: Mapping[str, str] = grammar.numbers
        self._unit = {word: name for name, words in grammar.units.items() for word in words}
        words = "|".join(sorted(map(re.escape, grammar.numbers), key=len, reverse=True))
        units = "|".join(sorted(map(re.escape, self._unit), key=len, reverse=True))
        self._amount = re.compile(
            rf"(?<![a-z0-9.])(\d+(?:\.\d+)?|(?:{words})\b) ?(?:an? |per |every |each )?({units})\b"
        )

    def find(self, text: str) -> Iterator[Amount]:
        """Every amount of a text, in order."""
        for match in self._amount.finditer(text):
            number = float(self._numbers.get(match[1], match[1]))
            yield Amount(number, self._unit[match[2]], *match.span())
