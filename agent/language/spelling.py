"""Which vocabulary words a written word may stand for: itself, what it is inflected from, or one slip away."""

import re
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

_YEAR = re.compile(r"(?:19|20)\d\d")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_MIN_CORRECTED = 6
_NUMBERS = frozenset((
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty",
    "sixty", "seventy", "eighty", "ninety",
))  # fmt: skip
_SUFFIXES = ("ed", "d", "ing")
_MIN_PLURAL, _MIN_STEM = 3, 4


class Speller:
    """Reads written words as vocabulary words.

    A word of the vocabulary, or one that is to be taken as it is written, is never corrected into another.
    """

    def __init__(self, words: Iterable[str], as_written: Iterable[str]) -> None:
        """Index a vocabulary.

        Args:
            words: Every word that the vocabulary uses.
            as_written: Common words that are no slip and no inflection of a vocabulary word.
        """
        self._words = frozenset(words)
        self._as_written = frozenset(as_written)
        self._slips: dict[str, list[str]] = {}
        for word in self._words:
            if len(word) >= _MIN_CORRECTED and word.isalpha():
                for key in _shortened(word):
                    self._slips.setdefault(key, []).append(word)
        self._known: dict[str, tuple[str, ...]] = {}

    def forms(self, written: str) -> tuple[str, ...]:
        """The vocabulary words that a written word may stand for, best first; empty when it is none."""
        known = self._known.get(written)
        if known is None:
            known = tuple(dict.fromkeys(self._find(written)))
            if len(self._known) < 50_000:
                self._known[written] = known
        return known

    def _find(self, written: str) -> list[str]:
        if written[0].isdigit():
            return [written, "#", "#year"] if _YEAR.fullmatch(written) else [written, "#"]
        found = [written] if written in self._words else []
        if written in _NUMBERS:
            return [*found, "#"]
        if written in self._as_written:
            return found
        found += [stem for stem in _stems(written) if stem in self._words]
        return found or self._corrected(written)

    def _corrected(self, written: str) -> list[str]:
        for run in (r"\1\1", r"\1"):
            shorter = _DRAWN_OUT.sub(run, written)
            if shorter != written and shorter in self._words:
                return [shorter]
        if not _MIN_CORRECTED <= len(written) <= 24 or not written.isalpha():
            return []
        near = {word for key in _shortened(written) for word in self._slips.get(key, ())}
        return sorted(word for word in near if word[0] == written[0] and OSA.distance(word, written) == 1)


def _stems(written: str) -> Iterator[str]:
    if written.endswith("s") and len(written) > _MIN_PLURAL:
        yield written[:-1]
        yield written[:-2] if written.endswith("es") else written[:-1]
        if written.endswith("ies"):
            yield written[:-3] + "y"
    for suffix in _SUFFIXES:
        if written.endswith(suffix):
            yield from (stem for stem in _without(written, suffix) if len(stem) >= _MIN_STEM)


def _without(written: str, suffix: str) -> tuple[str, ...]:
    stem = written[: -len(suffix)]
    doubled = stem[:-1] if len(stem) > 1 and stem[-1] == stem[-2] else stem
    return stem, stem + "e", doubled


def _shortened(word: str) -> set[str]:
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}
