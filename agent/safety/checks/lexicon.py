"""Finding the lexicons' phrases in a shadow, also where a word was split, joined or spelled out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import ahocorasick

from symptom_intake.agent.safety.normalise import Shadow, shadow
from symptom_intake.agent.safety.verdict import GuardClass
from symptom_intake.prompts.guard_content import GuardContent, Pattern

Kind = Literal["condition", "treatment", "object", "verb", "strong_verb", "pattern", "idiom"]
_SQUEEZED_MIN = 7
_SPELLED_MIN = 5
_WORD = re.compile(r"[a-z]{4,}")
_ALNUM = re.compile(r"[^\W_]+")
_CODE = re.compile(
    r"\b[a-tv-z]\d[0-9ab]\.\d{1,2}[a-z]?\b|(?:\bcode|\bicd\S*)\W{0,3}(?:is |of )?\b([a-tv-z]\d\d)\b(?!\.\d)"
)


@dataclass(frozen=True)
class Hit:
    """A phrase as it was found in a shadow.

    Attributes:
        kind: What the lexicon calls it.
        start: Offset of its first character. `end`: one past its last.
        cls: Of a pattern: what it would be. `pattern`: the entry that it brings into play.
    """

    kind: Kind
    start: int
    end: int
    cls: GuardClass | None = None
    pattern: Pattern | None = None


class Lexicon:
    """All phrases of the content in one automaton, built when first used."""

    def __init__(self, content: GuardContent) -> None:
        """Keep the content."""
        self._content = content
        conditions = content.conditions
        self._not_conditions = frozenset(conditions.not_conditions)
        self._capitals = re.compile(r"\b(?:" + "|".join(map(re.escape, conditions.abbreviations)) + r")\b")
        endings, last = "|".join(conditions.endings), "|".join(conditions.ending_phrases)
        self._ending = re.compile(rf"\b[a-z]{{2,}}(?:{endings})\b|\b(?:[a-z]+ )?(?:{last})s?\b")

    def hits(self, text: Shadow) -> list[Hit]:
        """Every phrase in a shadow that is not part of an idiom, in order."""
        found = [*_search(self._phrases, text.text), *self._by_form(text), *self._hidden(text)]
        idioms = [hit for hit in found if hit.kind == "idiom"]
        kept = {
            hit
            for hit in found
            if hit.kind != "idiom" and not any(idiom.start <= hit.start and hit.end <= idiom.end for idiom in idioms)
        }
        return sorted(kept, key=lambda hit: (hit.start, hit.end))

    @cached_property
    def _phrases(self) -> Any:
        treatments, patterns = self._content.treatments, self._content.patterns
        entries: dict[str, list[Hit]] = {}

        def add(
            phrases: Iterator[str] | tuple[str, ...],
            kind: Kind,
            cls: GuardClass | None = None,
            pattern: Pattern | None = None,
        ) -> None:
            for phrase in phrases:
                entries.setdefault(shadow(phrase).text.strip(), []).append(Hit(kind, 0, 0, cls, pattern))

        add(self._names("condition"), "condition")
        add(self._names("treatment"), "treatment")
        add(treatments.objects, "object")
        add(treatments.verbs, "verb")
        add(treatments.strong_verbs, "strong_verb")
        add(self._content.idioms.phrases, "idiom")
        for code, members in patterns.classes.items():
            for pattern in members:
                add(pattern.words, "pattern", GuardClass(code), pattern)
        return _automaton(entries)

    @cached_property
    def _squeezed(self) -> Any:
        """Names without their spaces, and those of one word spelled backwards too."""
        entries: dict[str, list[Hit]] = {}
        kinds: tuple[Kind, ...] = ("condition", "treatment")
        for kind in kinds:
            for name in self._names(kind):
                tight = re.sub(r"[^a-z]", "", shadow(name).text)
                words = len(name.split())
                if len(tight) >= _SPELLED_MIN:
                    entries.setdefault(tight, []).append(Hit(kind, 0, words))
                if len(tight) >= _SQUEEZED_MIN and words == 1:
                    entries.setdefault(tight[::-1], []).append(Hit(kind, 0, words))
        return _automaton(entries)

    def _names(self, kind: Kind) -> Iterator[str]:
        groups = self._content.conditions.terms if kind == "condition" else self._content.treatments.names
        return (name for names in groups.values() for name in names)

    def _by_form(self, text: Shadow) -> Iterator[Hit]:
        """Names that are told by a word, by their ending, their capitals, or the form of a code."""
        for match in self._ending.finditer(text.text):
            if match[0] not in self._not_conditions:
                yield Hit("condition", *match.span())
        for match in _WORD.finditer(text.text):
            if match[0] in self._content.condition_words:
                yield Hit("condition", *match.span())
            elif match[0] in self._content.drug_words:
                yield Hit("treatment", *match.span())
        for match in _CODE.finditer(text.text):
            yield Hit("condition", *(match.span(1) if match[1] else match.span()))
        for match in self._capitals.finditer(text.original):
            at = next(
                (place for place in range(len(text.text)) if text.span(place, place + 1)[0] >= match.start()), None
            )
            if at is not None:
                yield Hit("condition", at, min(at + len(match[0]), len(text.text)))

    def _hidden(self, text: Shadow) -> Iterator[Hit]:
        """Names that spaces, full stops or hyphens cut up, or that stand inside a spelled-out run."""
        places = [place for match in _ALNUM.finditer(text.text) for place in range(*match.span())]
        tight = "".join(_ALNUM.findall(text.text))
        for last, entries in self._squeezed.iter(tight):
            for length, entry in entries:
                start, end = places[last - length + 1], places[last] + 1
                if self._cut_up(text, start, end, length, entry.end):
                    yield Hit(entry.kind, start, end)

    @staticmethod
    def _cut_up(text: Shadow, start: int, end: int, length: int, words: int) -> bool:
        if any(begin <= start and end <= finish for begin, finish in text.spelled):
            return True
        if length < _SQUEEZED_MIN or not _bounded(text.text, start, end):
            return False
        return words == 1 or " " not in text.text[start:end]


def _automaton(entries: dict[str, list[Hit]]) -> Any:
    automaton = ahocorasick.Automaton()
    for phrase, hits in entries.items():
        automaton.add_word(phrase, [(len(phrase), hit) for hit in hits])
    automaton.make_automaton()
    return automaton


def _search(automaton: Any, text: str) -> Iterator[Hit]:
    for last, entries in automaton.iter(text):
        for length, entry in entries:
            start, end = last - length + 1, last + 1
            if entry.kind in ("condition", "treatment", "object"):
                end = _plural(text, end)
            if _bounded(text, start, end):
                yield Hit(entry.kind, start, end, entry.cls, entry.pattern)


def _plural(text: str, end: int) -> int:
    """Take in an ending, so that `infections` is found by `infection`."""
    for ending in ("s", "es"):
        if text.startswith(ending, end) and not text[end + len(ending) : end + len(ending) + 1].isalnum():
            return end + len(ending)
    return end


def _bounded(text: str, start: int, end: int) -> bool:
    starts = not (text[start].isalnum() and start > 0 and text[start - 1].isalnum())
    return starts and not (text[end - 1].isalnum() and end < len(text) and text[end].isalnum())
