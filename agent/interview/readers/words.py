"""The words of answers, compiled, and a message as the readers see it."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, TypeVar

from symptom_intake.agent.language.phrases import PhraseTree, Place, parse_phrase, term_name, words_in
from symptom_intake.agent.language.spelling import Speller
from symptom_intake.agent.language.tokens import Token, tokenize
from symptom_intake.prompts.answers import Answers

Result = TypeVar("Result")
_EXACT = ("numbers ", "months ", "weekdays ", "units ", "as_written")
"""Groups whose words are taken as they are written: one letter more or less is another word."""


class Words:
    """Finds the words of answers by the list that they are in."""

    def __init__(self, answers: Answers, as_written: Iterable[str] = ()) -> None:
        """Compile.

        Args:
            answers: The content.
            as_written: Further words that are never taken for a slip of the keyboard.
        """
        self.answers = answers
        self._lists: dict[str, list[str]] = {}
        for name, phrases in answers.phrases().items():
            for phrase in phrases:
                term = parse_phrase(name, phrase).parts[0][0]
                self._lists.setdefault(term_name(term), []).append(name)
        terms = [term.removeprefix("=") for term in self._lists]
        self._tree = PhraseTree(terms, answers.lists)
        self._speller = Speller(
            words_in([*terms, *(each for words in answers.lists.values() for each in words)]),
            [*answers.lists.get("as_written", ()), *as_written],
        )

    def find(self, tokens: Sequence[Token]) -> dict[str, list[Place]]:
        """Where the entries of each list stand, in order; the longer of two that start alike comes first."""
        found = self._tree.find([self._speller.forms(token.word) for token in tokens], frozenset())
        places: dict[str, set[Place]] = {}
        for term, where in found.items():
            for name in self._lists.get(term, ()):
                for place in where:
                    if not name.startswith(_EXACT) or _as_written(term, tokens, place):
                        places.setdefault(name, set()).add(place)
        return {name: sorted(each, key=lambda place: (place[0], -place[1])) for name, each in places.items()}


def _as_written(term: str, tokens: Sequence[Token], place: Place) -> bool:
    return term == "=" + " ".join(token.word for token in tokens[place[0] : place[1]])


@dataclass(frozen=True)
class Said:
    """A message, its words, and when it was said.

    Attributes:
        text: The message.
        words: What to look for in it.
        now: When it was said.
    """

    text: str
    words: Words
    now: datetime

    @cached_property
    def tokens(self) -> list[Token]:
        """Its words, in order."""
        return tokenize(self.text)

    @cached_property
    def places(self) -> Mapping[str, list[Place]]:
        """Where the entries of each list stand."""
        return self.words.find(self.tokens)

    def at(self, name: str, first: int) -> int | None:
        """One past the longest entry of a list that starts at a token; None when there is none."""
        return self._ends.get((name, first))

    @cached_property
    def _ends(self) -> dict[tuple[str, int], int]:
        ends: dict[tuple[str, int], int] = {}
        for name, places in self.places.items():
            for first, end in places:
                ends.setdefault((name, first), end)
        return ends

    @cached_property
    def _starts(self) -> dict[tuple[str, int], int]:
        starts: dict[tuple[str, int], int] = {}
        for name, places in self.places.items():
            for first, end in places:
                starts[name, end] = min(first, starts.get((name, end), first))
        return starts

    def before(self, name: str, end: int) -> int | None:
        """The first token of the longest entry of a list that ends just before a token."""
        return self._starts.get((name, end))

    def key_at(self, group: str, first: int) -> tuple[str, int] | None:
        """Which entry of a group (`units`, `sides` ...) starts at a token, and one past its end."""
        best: tuple[str, int] | None = None
        for name in self._at_token.get(first, ()):
            kind, _, key = name.partition(" ")
            end = self._ends[name, first]
            if kind == group and key and (best is None or end > best[1]):
                best = (key, end)
        return best

    @cached_property
    def _at_token(self) -> dict[int, list[str]]:
        names: dict[int, list[str]] = {}
        for name, first in self._ends:
            names.setdefault(first, []).append(name)
        return names

    def skip(self, names: Sequence[str], first: int) -> int:
        """The first token from here on that no entry of these lists covers."""
        while ends := [end for name in names if (end := self.at(name, first)) is not None]:
            first = max(ends)
        return first

    def skip_back(self, names: Sequence[str], end: int, stop: int = 0) -> int:
        """One past the last token before `end` that no entry of these lists covers, not before `stop`."""
        while starts := [start for name in names if (start := self.before(name, end)) is not None and start >= stop]:
            end = min(starts)
        return end

    def covered(self, name: str) -> frozenset[int]:
        """All tokens that entries of a list cover."""
        if name not in self.kept:
            places = self.places.get(name, ())
            self.kept[name] = frozenset(token for first, end in places for token in range(first, end))
        found: frozenset[int] = self.kept[name]
        return found

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What was found in the message already, by what looked for it."""
        return {}

    def ends_clause(self, end: int) -> bool:
        """Whether a comma, a full stop or the end of the message follows."""
        return end >= len(self.tokens) or self.tokens[end].gap > 0

    def sentence(self, place: int) -> tuple[int, int]:
        """First token and one past the last of the sentence in which a token stands."""
        return self._stretch(place, 2)

    def clause(self, place: int) -> tuple[int, int]:
        """First token and one past the last of what stands between commas or full stops around a token."""
        return self._stretch(place, 1)

    def _stretch(self, place: int, gap: int) -> tuple[int, int]:
        first, end = place, place + 1
        while first > 0 and self.tokens[first].gap < gap:
            first -= 1
        while end < len(self.tokens) and self.tokens[end].gap < gap:
            end += 1
        return first, end

    def is_denied(self, offset: int) -> bool:
        """Whether a "no" or "not" stands right before the word at an offset."""
        return self.before("not", self.token_at(offset)) is not None

    def token_at(self, offset: int) -> int:
        """The first token that ends after an offset; 0 when there is none."""
        return next((place for place, token in enumerate(self.tokens) if token.end > offset), 0)

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each token."""
        return [token.start for token in self.tokens]

    def within(self, spans: Iterable[Place]) -> list[int]:
        """The tokens that start within any of some spans of offsets."""
        runs = (range(bisect_left(self.starts, start), bisect_left(self.starts, end)) for start, end in spans)
        return [place for run in runs for place in run]

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Offsets of a run of tokens."""
        return self.tokens[first].start, self.tokens[end - 1].end

    def quote(self, first: int, end: int) -> str:
        """The text of a run of tokens."""
        start, stop = self.span(first, end)
        return self.text[start:stop]

    def part(self, start: int, end: int) -> "Said":
        """A piece of the message as a message of its own; offsets then count from its start."""
        return Said(self.text[start:end], self.words, self.now)

    @property
    def whole(self) -> tuple[int, int]:
        """Offsets of the message without white space around it."""
        start = len(self.text) - len(self.text.lstrip())
        return start, max(start, len(self.text.rstrip()))


def once(find: Callable[[Said], Result]) -> Callable[[Said], Result]:
    """Look for something in a message once, however many readers ask for it."""

    @wraps(find)
    def kept(said: Said) -> Result:
        if find not in said.kept:
            said.kept[find] = find(said)
        found: Result = said.kept[find]
        return found

    return kept
