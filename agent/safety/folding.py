"""One character without its disguise: a plain lower-case letter, a plain mark, a word for a picture, or nothing."""

import re
import unicodedata
from functools import cache, lru_cache

from symptom_intake.prompts.disguises import load_disguises

_PUNCTUATION = (
    {"°": " degrees ", "×": "x", "•": "\n• ", "¿": "", "¡": "", "。": ".", "…": "..."}
    | dict.fromkeys("„«»‟″❝❞〝〞“”", '"')
    | dict.fromkeys("ʼ′`´‘’‛", "'")
    | dict.fromkeys("‐‑−", "-")
    | dict.fromkeys("\u2028\u2029\x85\v\f\r", "\n")
)
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_NO_TEXT = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn", "Sk"})
_LETTER_NAME = re.compile(r"(?:.* )?(?:LATIN|SYMBOL) (?:SMALL |CAPITAL )?LETTER (?:[A-Z]+ )*?([A-Z])(?: WITH .*)?")


@lru_cache(maxsize=4096)
def fold(char: str) -> str:
    """What a character says."""
    if " " <= char <= "~" or char == "\n":
        return char.lower()
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    if char == "\t" or unicodedata.category(char) == "Zs":
        return " "
    picture = _picture(char)
    if picture is not None:
        return picture
    return "".join(_plain(part) for part in unicodedata.normalize("NFKD", char))


def _picture(char: str) -> str | None:
    """What a picture that our own list holds says; None for any other character."""
    words, dress = _pictures()
    return f" {words[char]} " if char in words else " " if char in dress else None


def _plain(char: str) -> str:
    """A character that no normal form takes apart."""
    category = unicodedata.category(char)
    if category in _NO_TEXT or char in _FILLERS:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    low = char.casefold()
    if low.isascii():
        return low
    if category == "Pd":
        return "-"
    return _PUNCTUATION.get(char) or _letter(char, low) or _named(char, low, category)


def _letter(char: str, low: str) -> str | None:
    """The Latin letter that a character is by its name, or passes for."""
    name = _LETTER_NAME.fullmatch(unicodedata.name(char, ""))
    return name[1].lower() if name else _letters().get(low) or _letters().get(char)


def _named(char: str, low: str, category: str) -> str:
    return f" {unicodedata.name(char, '').lower()} " if category == "So" else low


@cache
def _letters() -> dict[str, str]:
    return load_disguises()[0].letters()


@cache
def _pictures() -> tuple[dict[str, str], frozenset[str]]:
    symbols = load_disguises()[1]
    return symbols.words, frozenset(symbols.dress)
