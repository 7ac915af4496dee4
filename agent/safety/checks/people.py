"""Whom a statement speaks of: relatives by name, the patient, or he and she."""

import re

from symptom_intake.prompts.guard_content import Grounding

PATIENT = "patient"
THIRD = "third"
_ANYBODY = "family"
_WORD = re.compile(r"[a-z]+")
_PATIENT = re.compile(r"\b(?:i|me|myself|you|yourself|mine|yours)\b|\b(?:my|your) (?:own\b)?")
_THIRD = re.compile(r"\b(?:he|she|him|his|her|hers)\b")
_SPEAKING = re.compile(
    r"\b\w+(?: also| just)? (?:says?|said|thinks?|thought|tells?|told|wants?|wanted|noticed?|notices|reckons?"
    r"|worr\w+|made|makes|calls?|called|drove|brought|sent|saw|gave|insists?|asked|asks|helps?|helped)\b"
)
_NO_SUBJECT = frozenset(["a", "an", "another", "second", "first", "third", "as", "since", "no", "any"])


class People:
    """Finds people in a shadow."""

    def __init__(self, grammar: Grounding) -> None:
        """Take the words for relatives."""
        self.relatives = frozenset(grammar.relatives)
        self._relative = {word: name for name, words in grammar.relatives.items() for word in words}

    def name(self, word: str) -> str | None:
        """The relative that a word names; of "mum's" the shadow has left "mums"."""
        return self._relative.get(word) or self._relative.get(word.removesuffix("s"))

    def named_in(self, part: str) -> frozenset[str]:
        """Everybody of whom something is said; who only speaks or is brought to mind does not count."""
        part = _SPEAKING.sub(lambda match: "." * len(match[0]), part)
        words = _WORD.findall(part)
        pairs = zip(["", *words], words, strict=False)
        found = {name for before, word in pairs if before not in _NO_SUBJECT and (name := self.name(word))}
        for match in _PATIENT.finditer(part):
            owned = _WORD.match(part, match.end())
            if owned is None or not self.name(owned[0]):
                found.add(PATIENT)
        return frozenset(found | ({THIRD} if _THIRD.search(part) else set()))


def may_be_same(drafted: frozenset[str], told: frozenset[str]) -> bool:
    """Whether a draft and the patient may speak of the same person; who is not named may be anybody."""
    if not drafted or not told or drafted & told:
        return True
    others, named = drafted - {PATIENT}, told - {PATIENT}
    return bool(others and named) and bool({THIRD, _ANYBODY} & (others | named))
