"""Words in disguise, put right in place: spelled out, upside down, broken over a line, or written with digits."""

import re

from symptom_intake.agent.safety.cells import Cells

_BROKEN_WORD = re.compile(r"(?<=[a-z])-[ \t]*\n[ \t]*(?=[a-z])")
_SPELLED = re.compile(r"(?<![a-z0-9'])[a-z0-9](?:([ .*_|/·,+~=:-]{1,3}|\n)[a-z0-9])(?:\1[a-z0-9])+(?![a-z0-9'])")
_LETTERS_MIN = 3
_UPRIGHT = str.maketrans("ɐɔǝɟƃᵷɥᴉıɾʞןꞁɯɹʇʌʍʎqpuodbn", "acefgghiijkllmrtvwybdnopqu")
_TURNED = "ɐɔǝɟƃᵷɥᴉɾʞןꞁɯɹʇʌʍʎ"
_TURNED_WORD = rf"(?=\w*[{_TURNED}])[{_TURNED}ıqpuodbnsxzl]{{2,}}(?!\w)"
_UPSIDE_DOWN = re.compile(rf"(?<!\w){_TURNED_WORD}(?: {_TURNED_WORD})*")
_DIGIT_SPELLED = re.compile(r"(?<![\w@$€£¥])(?:[a-z]*[0-9@$!|+€£¥])+[a-z0-9@$€£¥]+(?!\w)")
_DIGIT = re.compile(r"[0-9@$!|+€£¥]")
_COUNTED = re.compile(
    r"\d+(?:h|d|s|m|am|pm|x|th|st|nd|rd|c|f|mg|ml|mcg|kg|cm|mm"
    r"|(?:hour|day|week|month|year|yr|min|sec|tab|pill|puff|time|hr|wk|mo)[a-z]*)"
)
_DIGITS = str.maketrans("0134567892@$!|+€£¥", "oieasgtbgzasiltely")
_DIGIT_INSIDE = re.compile(r"[a-z][0-9@$!|+€£¥]+[a-z]")
_LEADING_LETTERS_MIN = 4


def join_broken(cells: Cells) -> None:
    """Join words that a hyphen breaks at the end of a line."""
    if "-" in cells.text and "\n" in cells.text:
        cells.replace(_BROKEN_WORD, lambda match: "")


def turn_upright(cells: Cells) -> None:
    """Read words that stand upside down, from their end."""
    cells.replace(_UPSIDE_DOWN, lambda match: match[0][::-1].translate(_UPRIGHT))


def join_spelled(cells: Cells) -> list[tuple[int, int]]:
    """Join words spelled letter by letter; their places in the original."""
    places: list[tuple[int, int]] = []

    def join(match: re.Match[str]) -> str:
        letters = match[0][:: len(match[1]) + 1]
        if sum(letter.isalpha() for letter in letters) < _LETTERS_MIN + match[1].isspace():
            return match[0]
        places.append((cells.begins[match.start()], cells.ends[match.end() - 1]))
        return letters

    cells.replace(_SPELLED, join)
    return places


def undigit(cells: Cells) -> None:
    """Read `pn3um0nia` as the word it stands for; leave `400mg`, `covid19` and `8am` alone."""
    if _DIGIT.search(cells.text):
        cells.replace(_DIGIT_SPELLED, _word)


def _word(match: re.Match[str]) -> str:
    token = match[0]
    letters = sum(char.isalpha() for char in token)
    if letters == len(token) or letters < _LETTERS_MIN or _COUNTED.fullmatch(token):
        return token
    leading = token[0] in "0123456789@$" and token[1:].isalpha() and letters >= _LEADING_LETTERS_MIN
    return token.translate(_DIGITS) if leading or _DIGIT_INSIDE.search(token) else token
