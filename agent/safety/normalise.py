"""A shadow copy of a text: what it says once every disguise is off, with offsets back to the original.

Patterns are matched on the shadow: lower case, plain letters, contractions written out, no hyphens or
marks, spelled-out and digit-spelled words joined. A letter of another script that passes for no Latin
one stays as it is, for the language check to see.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from symptom_intake.agent.safety.cells import Cells
from symptom_intake.agent.safety.disguises import join_broken, join_spelled, turn_upright, undigit
from symptom_intake.agent.safety.folding import fold

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)
_MARKS = re.compile(r"[*`~#^]+")
_APOSTROPHE = re.compile("'")
_SPACE = re.compile(r"[ \t]{2,}| *\n[ \n]*|[-_|\t\u2043]")
_SHORT = {
    "cannot": "can not", "ca not": "can not", "can't": "can not", "cant": "can not", "won't": "will not",
    "wont": "will not",
    "shan't": "shall not", "ain't": "is not", "let's": "let us", "gonna": "going to", "gotta": "got to",
    "wanna": "want to", "youre": "you are", "theyre": "they are", "youve": "you have", "youll": "you will",
    "ive": "i have", "im": "i am", "thats": "that is", "theres": "there is", "whats": "what is",
    "itll": "it will", "shes": "she is", "hes": "he is",
} | {
    f"{verb}nt": f"{verb} not"
    for verb in ("do", "does", "did", "is", "are", "was", "were", "could", "should", "would", "has", "have", "had")
}  # fmt: skip
_ENDINGS = {"n't": " not", "'re": " are", "'ve": " have", "'ll": " will", "'m": " am", "'d": " would", "'s": " is"}
_SHORTENED = re.compile(r"\b(?:" + "|".join(map(re.escape, _SHORT)) + r")\b")
_ENDING = re.compile(
    r"(?:n't|'(?:re|ve|ll|m|d))\b|'s\b(?:(?<=\bit's)|(?<=\bhe's)|(?<=\b(?:she|who|how)'s)"
    r"|(?<=\b(?:that|this|what|here)'s)|(?<=\b(?:there|where)'s))"
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
    _begins: Sequence[int]
    _ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the copy stands in the original."""
        if not self._begins or start >= len(self._begins):
            return len(self.original), len(self.original)
        last = max(start, min(end, len(self._ends)) - 1)
        return self._begins[start], self._ends[last]


def shadow(text: str) -> Shadow:
    """Make the plain copy of a text."""
    cells = Cells(text)
    if "&" in text:
        cells.replace(_ENTITY, lambda match: html.unescape(match[0]))
    if cells.text.isascii() and cells.text.replace("\n", "").isprintable():
        cells.text = cells.text.lower()
    else:
        turn_upright(cells)
        cells.translate(fold)
    join_broken(cells)
    letters = join_spelled(cells)
    cells.replace(_MARKS, lambda match: "")
    undigit(cells)
    cells.replace(_SHORTENED, lambda match: _SHORT[match[0]])
    if "'" in cells.text:
        cells.replace(_ENDING, lambda match: _ENDINGS[match[0]])
        cells.replace(_APOSTROPHE, lambda match: "")
    cells.replace(_SPACE, lambda match: "\n" if "\n" in match[0] else " ")
    return Shadow(cells.text, text, tuple(map(cells.within, letters)), cells.begins, cells.ends)
