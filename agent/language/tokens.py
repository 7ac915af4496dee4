"""Words of a text with their offsets, spelled one way: lower case, no accents, contractions in full."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:['’‘`´ʼ＇][^\W\d_]+)*")
_APOSTROPHES = re.compile("['’‘`´ʼ＇]")
_RUN = re.compile(r"(.)\1{2,}")
_SENTENCE = re.compile(r"[!?;\n\r]|(?<!\.)\.(?!\.)")
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_ENDINGS = {"m": "am", "ve": "have", "re": "are", "ll": "will", "d": "would"}
_SUBJECTS_OF_IS = frozenset({"he", "she", "it", "that", "there", "who", "what", "here", "where", "this"})
_IRREGULAR = {"cannot": ("can", "not"), "cant": ("can", "not"), "wont": ("will", "not"), "shant": ("shall", "not")}
_BARE = {
    **{f"{verb}nt": (verb, "not") for verb in ("is", "are", "was", "were", "do", "does", "did", "has", "have", "had")},
    **{f"{verb}nt": (verb, "not") for verb in ("could", "would", "should")},
    **{"im": ("i", "am"), "ive": ("i", "have"), "hes": ("he", "is"), "shes": ("she", "is"), "its": ("it", "is")},
    **{"theres": ("there", "is"), "thats": ("that", "is"), "theyre": ("they", "are"), "youre": ("you", "are")},
    "aint": ("is", "not"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word; the two halves of a contraction share its place in the text.

    Attributes:
        word: The word as vocabularies spell it.
        start: Offset of its first character. `end`: one past the last.
        gap: What stands before it: nothing (0), a comma or the like (1), the end of a sentence (2).
    """

    word: str
    start: int
    end: int
    gap: int


def tokenize(text: str) -> list[Token]:
    """Split a text into words, in order."""
    tokens: list[Token] = []
    last = 0
    for match in _WORD.finditer(text):
        gap = _gap(text[last : match.start()]) if tokens else 0
        for word in spell(match[0]):
            tokens.append(Token(word, match.start(), match.end(), gap))
            gap = 0
        last = match.end()
    return tokens


def words_of(phrase: str) -> list[str]:
    """The words of a phrase of the vocabulary, spelled as those of a text."""
    return [token.word for token in tokenize(phrase)]


def quoted_lines(text: str, tokens: Sequence[Token]) -> list[bool]:
    """For each token whether it stands in a line that is marked as quoted or forwarded."""
    lines = [match.span() for match in _QUOTED_LINE.finditer(text)]
    starts = [start for start, _ in lines]
    before = [bisect_right(starts, token.start) - 1 for token in tokens]
    return [line >= 0 and token.start < lines[line][1] for token, line in zip(tokens, before, strict=True)]


@lru_cache(maxsize=20_000)
def spell(raw: str) -> tuple[str, ...]:
    """One written word as the words that it stands for: `Can’t` is `can not`, `soooo` is `sooo`."""
    plain = _plain(raw)
    joined = _APOSTROPHES.sub("", plain)
    if joined in _IRREGULAR:
        return _IRREGULAR[joined]
    if joined in _BARE:
        return _BARE[joined]
    parts = _APOSTROPHES.split(plain)
    return _contraction(parts[0], parts[-1]) if len(parts) > 1 else (_RUN.sub(r"\1\1\1", plain),)


def _plain(raw: str) -> str:
    folded = raw.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return kept.replace(" ", "") or folded


def _contraction(stem: str, ending: str) -> tuple[str, ...]:
    if ending == "t" and stem.endswith("n"):
        return stem[:-1], "not"
    if ending in _ENDINGS:
        return stem, _ENDINGS[ending]
    if ending == "s":
        return (stem, "is") if stem in _SUBJECTS_OF_IS else (stem,)
    return (stem + ending,)


def _gap(between: str) -> int:
    if between == " ":
        return 0
    if _SENTENCE.search(between):
        return 2
    return 1 if between.strip() else 0
