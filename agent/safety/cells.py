"""A text in the making, each character with the part of the original that it stands for."""

import re
from collections.abc import Callable, Iterator, Sequence


class Cells:
    """The text and its offsets into the original.

    Attributes:
        text: As it is now.
        begins: Where in the original each character's part begins. `ends`: one past where it ends.
    """

    def __init__(self, original: str) -> None:
        """Begin with the original, in which each character stands for itself."""
        self.text = original
        self.begins: Sequence[int] = range(len(original))
        self.ends: Sequence[int] = range(1, len(original) + 1)

    def replace(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> None:
        """Replace every match; the new characters stand for the whole of it."""
        changes = [(*match.span(), new) for match in pattern.finditer(self.text) if (new := by(match)) != match[0]]
        if changes:
            self._put(changes)

    def translate(self, fold: Callable[[str], str]) -> None:
        """Replace every character by what it folds into."""
        folded = [(place, fold(char)) for place, char in enumerate(self.text)]
        self.begins = [self.begins[place] for place, new in folded for _ in new]
        self.ends = [self.ends[place] for place, new in folded for _ in new]
        self.text = "".join(new for _, new in folded)

    def within(self, part: tuple[int, int]) -> tuple[int, int]:
        """The part of the text that stands for a part of the original."""
        inside = [place for place, begin in enumerate(self.begins) if begin >= part[0] and self.ends[place] <= part[1]]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def _put(self, changes: list[tuple[int, int, str]]) -> None:
        pieces: list[str] = []
        begins: list[int] = []
        ends: list[int] = []
        for (start, end, new), done in zip(changes, self._done(changes), strict=True):
            pieces += (self.text[done:start], new)
            begins += self.begins[done:start]
            begins += [self.begins[start]] * len(new)
            ends += self.ends[done:start]
            ends += [self.ends[end - 1]] * len(new)
        last = changes[-1][1]
        self.text = "".join(pieces) + self.text[last:]
        self.begins, self.ends = [*begins, *self.begins[last:]], [*ends, *self.ends[last:]]

    @staticmethod
    def _done(changes: list[tuple[int, int, str]]) -> Iterator[int]:
        """Where the text that has been copied ends, before each change."""
        yield 0
        yield from (end for _, end, _ in changes[:-1])
