"""How hard a text is to read, by two formulas of school grades."""

import re
from collections.abc import Iterable
from math import sqrt

_WORD = re.compile(r"[a-z']+")
_SENTENCE = re.compile(r"[.?!]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


def grade(texts: Iterable[str]) -> float:
    """The school grade of texts together, after Flesch and Kincaid.

    On a single question the formula is noisy: one long word is worth several grades.
    """
    words, sentences = _counted(texts)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def smog(texts: Iterable[str]) -> float:
    """The school grade of texts together by SMOG, which counts the words of three syllables and more."""
    words, sentences = _counted(texts)
    long = sum(syllables(word) >= 3 for word in words)
    return 3.1291 + 1.043 * sqrt(30 * long / sentences)


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end."""
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def _counted(texts: Iterable[str]) -> tuple[list[str], int]:
    known = list(texts)
    words = [word for text in known for word in _WORD.findall(text.lower())]
    return words or [""], sum(max(1, len(_SENTENCE.findall(text))) for text in known) or 1
