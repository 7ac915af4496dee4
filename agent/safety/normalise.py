"""A shadow copy of a text: what it says once every disguise is off, with offsets back to the original.

Patterns are matched on the shadow: lower case, plain letters, contractions written out, no hyphens or
marks, spelled-out and digit-spelled words joined. A letter of another script that passes for no Latin
one stays as it is, for the language check to see.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

# Letters that pass for a Latin one and that no Unicode normal form folds into it.
_LOOKALIKES = {
    other: letter
    for letter, others in {
        "a": "аαɑ∂ձ", "b": "вьβЬƄ", "c": "сϲᴄς", "d": "ԁժɗ", "e": "еєεҽ℮", "f": "ϝғꞙ", "g": "ɡցԍ", "h": "һнհη",
        "i": "іιıɩӏ", "j": "јϳյ", "k": "кκқ",
        "l": "ⅼᛁן", "m": "мμ",
        "n": "пηոռ", "o": "оοσօθ०๐໐",
        "p": "рρ", "q": "ԛգ", "r": "гᴦ", "s": "ѕꜱտ",
        "t": "тτ", "u": "υսцԱ", "v": "νѵ", "w": "ԝωա", "x": "хχ", "y": "уγүყ", "z": "ᴢζ",
    }.items()
    for other in others
}  # fmt: skip
_PUNCTUATION = (
    {"°": " degrees ", "×": "x", "•": "\n• ", "¿": "", "¡": ""}
    | dict.fromkeys("„«»‟″❝❞〝〞", '"')
    | dict.fromkeys("ʼ′`´", "'")
)
_PUNCTUATION |= dict.fromkeys("\u2028\u2029\x85\v\f\r", "\n") | dict.fromkeys("“”", '"') | dict.fromkeys("‘’‛", "'")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_LETTER_NAME = re.compile(r"(?:.* )?(?:LATIN|SYMBOL) (?:SMALL |CAPITAL )?LETTER (?:[A-Z]+ )*?([A-Z])(?: WITH .*)?")

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)
_BROKEN_WORD = re.compile(r"(?<=[a-z])-[ \t]*\n[ \t]*(?=[a-z])")
_SPELLED = re.compile(r"(?<![a-z0-9'])[a-z0-9](?:([ .*_|/·-])[a-z0-9])(?:\1[a-z0-9]){2,}(?![a-z0-9'])")
_MARKS = re.compile(r"[*`~#^]+")
_DIGIT_SPELLED = re.compile(r"(?<![\w@$])(?:[a-z]*[0-9@$!|+])+[a-z0-9@$]+(?!\w)")
_SIMPLE = re.compile(r"[ -~\n]*")
_APOSTROPHE = re.compile("'")
_COUNTED = re.compile(
    r"\d+(?:h|d|s|m|am|pm|x|th|st|nd|rd|c|f|mg|ml|mcg|kg|cm|mm|(?:hour|day|week|month|year|yr|min|sec|tab|pill|puff|time|hr|wk|mo)[a-z]*)"
)
_DIGITS = str.maketrans("0134567892@$!|+", "oieasgtbgzasilt")
_SPACE = re.compile(r"[ \t]{2,}| *\n[ \n]*|[-_|\t\u2043]")
_SHORT = {
    "cannot": "can not", "can't": "can not", "cant": "can not", "won't": "will not", "wont": "will not",
    "shan't": "shall not", "ain't": "is not", "let's": "let us", "gonna": "going to", "gotta": "got to",
    "wanna": "want to", "youre": "you are", "theyre": "they are", "youve": "you have", "youll": "you will",
    "ive": "i have", "im": "i am", "thats": "that is", "theres": "there is", "whats": "what is",
    "itll": "it will", "shes": "she is", "hes": "he is",
} | {
    f"{verb}nt": f"{verb} not"
    for verb in ("do", "does", "did", "is", "are", "was", "were", "could", "should", "would", "has", "have", "had")
}  # fmt: skip
_ENDINGS = {"n't": " not", "'re": " are", "'ve": " have", "'ll": " will", "'m": " am", "'d": " would", "'s": " is"}
_CONTRACTED = re.compile(
    r"\b(?:" + "|".join(map(re.escape, _SHORT)) + r")\b|(?<=[a-z])(?:n't|'re|'ve|'ll|'m|'d)\b"
    r"|(?<=\b(?:it|he))'s\b|(?<=\b(?:she|who|how))'s\b|(?<=\b(?:that|this|what|here))'s\b|(?<=\b(?:there|where))'s\b"
)


@dataclass(frozen=True)
class Shadow:
    """The plain copy of a text.

    Attributes:
        text: The copy. `original`: what it was made of.
        spelled: Parts of the copy that were spelled out letter by letter.
    """

    text: str
    original: str
    spelled: tuple[tuple[int, int], ...]
    _begins: tuple[int, ...]
    _ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the copy stands in the original."""
        if not self._begins or start >= len(self._begins):
            return len(self.original), len(self.original)
        last = max(start, min(end, len(self._ends)) - 1)
        return self._begins[start], max(self._ends[start : last + 1])


@dataclass
class _Cells:
    """Text in the making: each character with the part of the original it stands for."""

    text: str
    begins: list[int]
    ends: list[int]

    def replace(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> None:
        """Replace every match; the new characters stand for the whole of it."""
        pieces: list[str] = []
        begins: list[int] = []
        ends: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            new = by(match)
            if new == match[0]:
                continue
            pieces += (self.text[done:start], new)
            begins += self.begins[done:start] + [self.begins[start]] * len(new)
            ends += self.ends[done:start] + [self.ends[end - 1]] * len(new)
            done = end
        if done:
            self.text = "".join(pieces) + self.text[done:]
            self.begins, self.ends = begins + self.begins[done:], ends + self.ends[done:]


def shadow(text: str) -> Shadow:
    """Make the plain copy of a text."""
    cells = _Cells(text, list(range(len(text))), list(range(1, len(text) + 1)))
    if "&" in text:
        cells.replace(_ENTITY, lambda match: html.unescape(match[0]))
    _fold_all(cells)
    cells.replace(_BROKEN_WORD, lambda match: "")
    letters = _spelled_letters(cells)
    cells.replace(_MARKS, lambda match: "")
    cells.replace(_DIGIT_SPELLED, _undigit)
    cells.replace(_CONTRACTED, _write_out)
    cells.replace(_APOSTROPHE, lambda match: "")
    cells.replace(_SPACE, lambda match: "\n" if "\n" in match[0] else " ")
    begins, ends = tuple(cells.begins), tuple(cells.ends)
    spelled = tuple(_found(begins, ends, part) for part in letters)
    return Shadow(cells.text, text, spelled, begins, ends)


def _fold_all(cells: _Cells) -> None:
    if _SIMPLE.fullmatch(cells.text):
        cells.text = cells.text.lower()
        return
    pieces: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for char, begin, end in zip(cells.text, cells.begins, cells.ends, strict=True):
        folded = char.lower() if " " <= char <= "~" or char == "\n" else _fold(char)
        pieces.append(folded)
        begins += [begin] * len(folded)
        ends += [end] * len(folded)
    cells.text, cells.begins, cells.ends = "".join(pieces), begins, ends


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """One character without its disguise."""
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    if char == "\t" or unicodedata.category(char) == "Zs":
        return " "
    return "".join(_plain(part) for part in unicodedata.normalize("NFKD", char))


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Cc", "Cs", "Co", "Sk") or char in _FILLERS:
        return ""
    low = char.casefold()
    if low.isascii():
        return low
    if category == "Pd" or char in "‐‑−":
        return "-"
    if char in _PUNCTUATION or low in _LOOKALIKES:
        return _PUNCTUATION.get(char) or _LOOKALIKES[low]
    letter = _LETTER_NAME.fullmatch(unicodedata.name(char, ""))
    if letter:
        return letter[1].lower()
    return f" {unicodedata.name(char, '').lower()} " if category == "So" else low


def _spelled_letters(cells: _Cells) -> list[tuple[int, int]]:
    """Join words spelled letter by letter; their places in the original."""
    places: list[tuple[int, int]] = []

    def join(match: re.Match[str]) -> str:
        letters = match[0][::2]
        if sum(letter.isalpha() for letter in letters) < 3:
            return match[0]
        places.append((cells.begins[match.start()], cells.ends[match.end() - 1]))
        return letters

    cells.replace(_SPELLED, join)
    return places


def _undigit(match: re.Match[str]) -> str:
    """Read `pn3um0nia` as the word it stands for; leave `400mg`, `covid19` and `8am` alone."""
    token = match[0]
    letters = sum(char.isalpha() for char in token)
    if letters == len(token) or letters < 3 or _COUNTED.fullmatch(token):
        return token
    inside = re.search(r"[a-z][0-9@$!|+]+[a-z]", token)
    leading = token[0] in "0123456789@$" and token[1:].isalpha() and letters >= 4
    return token.translate(_DIGITS) if inside or leading else token


def _write_out(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or _ENDINGS[match[0]]


def _found(begins: tuple[int, ...], ends: tuple[int, ...], part: tuple[int, int]) -> tuple[int, int]:
    inside = [place for place, begin in enumerate(begins) if begin >= part[0] and ends[place] <= part[1]]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
