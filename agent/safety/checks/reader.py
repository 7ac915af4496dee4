"""What words say, read for the guardrail: words, numbers, sides, dates, whose, whether denied, feared, or over.

This reading is deliberately not the interviewer's own: a fact that was misread there is still held
against the patient's words here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from symptom_intake.agent.safety.checks.amounts import Amounts
from symptom_intake.agent.safety.checks.people import People
from symptom_intake.prompts.guard_content import Grounding

_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_STOP = re.compile(
    r"[.;!?\n]+(?=\s|$)|[;\n:]|,? (?:and|but) (?=(?:(?:that|also|now|then) )?(?:you|your|i|my|he|she)\b)"
    r"|, (?=(?:he|she|i|my)\b)"
)
_WAS = re.compile(r"\b(?:was|were|had|did|been|\w{3,}ed)\b")
_EXISTS = frozenset(["have", "has", "had", "having", "got", "been", "any", "a", "an", "taking", "on", "really"])
_KNOWING = frozenset(["sure", "certain", "know", "think", "remember", "recall", "see", "feel"])
_VERBAL = frozenset(["not", "never"])
_LIST_JOINT = re.compile(r"\b(?:or|nor|and)\b")
_NO_LETTER = re.compile(r"[^a-z]+")
_ENDINGS = (
    "fulness", "iness", "ness", "ings", "ing", "edly", "ied", "ies", "ed", "es", "ly", "ful", "s", "y", "e",
)  # fmt: skip


class Token(NamedTuple):
    """A word that carries meaning.

    Attributes:
        stem: The word without its ending.
        kind: What it is. `negated`: whether it is denied; None when that cannot be told.
        start: Offset of its first character.
    """

    stem: str
    kind: Literal["word", "number", "date", "side"]
    negated: bool | None
    start: int


@dataclass(frozen=True)
class Statement:
    """One thing said.

    Attributes:
        tokens: Its words that carry meaning. `text`: all of it.
        told_of: Whom it is known to be of, whatever its words say; None when they have to tell.
    """

    tokens: tuple[Token, ...]
    text: str
    _reader: "Reader" = field(repr=False, compare=False)
    told_of: frozenset[str] | None = None

    @cached_property
    def people(self) -> frozenset[str]:
        """Whom it speaks of; empty when nobody is named."""
        return self._reader.people.named_in(self.text) if self.told_of is None else self.told_of

    @cached_property
    def unsure(self) -> bool:
        """Whether it is feared, supposed or asked."""
        return self._reader.grammar.unsure.search(self.text) is not None

    @cached_property
    def past(self) -> bool:
        """Whether it is said to be over."""
        return self._reader.grammar.past.search(self.text) is not None

    @cached_property
    def was(self) -> bool:
        """Whether it is told of the past at all."""
        return self.past or _WAS.search(self.text) is not None

    @cached_property
    def tight(self) -> str:
        """Its letters alone, to find a name that was written without its spaces."""
        return tight(self.text)

    @cached_property
    def sides(self) -> frozenset[tuple[str, str]]:
        """Each side with the thing it is of: the word behind it ("left ear"), or before it ("pain on the left")."""
        found = set()
        for before, token, after in zip((None, *self.tokens), self.tokens, (*self.tokens[1:], None), strict=False):
            if token.kind == "side":
                next_to = after is not None and after.start - token.start <= len(token.stem) + 1
                thing = after if next_to or before is None else before
                if thing and thing.kind == "word":
                    found.add((token.stem, thing.stem))
        return frozenset(found)

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of its plain words."""
        return frozenset(token.stem for token in self.tokens if token.kind == "word")

    @cached_property
    def by_stem(self) -> Mapping[str, Token]:
        """Its tokens; of two with the same stem the last."""
        return {token.stem: token for token in self.tokens}


class Reader:
    """Reads statements with the grammar of the content.

    Attributes:
        grammar: The content. `people`: who is who. `amounts`: numbers with their units.
    """

    def __init__(self, grammar: Grounding, alike: Sequence[Sequence[str]]) -> None:
        """Prepare the grammar's word lists, and the groups of words that mean the same."""
        self.grammar = grammar
        self.people, self.amounts = People(grammar), Amounts(grammar)
        self._ignored = frozenset(grammar.ignored)
        self._dates, self._sides = frozenset(grammar.dates), frozenset(grammar.sides)
        self._negator = re.compile(r"\b(?:" + "|".join(map(re.escape, grammar.negators)) + r")\b")
        self.stem = lru_cache(maxsize=8192)(self._stem)
        groups = [frozenset(map(self.stem, words)) for words in alike]
        self._alike = {stem: frozenset[str]().union(*(g for g in groups if stem in g)) for g in groups for stem in g}

    def meanings(self, stems: frozenset[str]) -> frozenset[str]:
        """These words, and those that mean the same."""
        return stems.union(*(self._alike[stem] for stem in stems if stem in self._alike))

    def statements(self, text: str, offset: int = 0) -> list[Statement]:
        """Read the statements of a shadow, or of a part of one that begins at an offset."""
        read = (Statement(tuple(self._tokens(part, offset + start)), part, self) for start, part in _parts(text))
        return [statement for statement in read if statement.tokens]

    def words(self, text: str, offset: int = 0) -> Iterator[Token]:
        """Every token of a shadow."""
        for start, part in _parts(text):
            yield from self._tokens(part, offset + start)

    def _tokens(self, part: str, offset: int) -> Iterator[Token]:
        denied, maybe = self._scopes(part)
        for match in _TOKEN.finditer(self._without_no_sides(part)):
            start = match.start()
            negated: bool | None = any(start in scope for scope in denied) if denied else False
            if not negated and any(start in scope for scope in maybe):
                negated = None
            token = self._token(match[0], negated, offset + start)
            if token:
                yield token

    def _without_no_sides(self, part: str) -> str:
        """Blank out "right" and "left" where they are no sides."""
        if not any(side in part for side in self._sides):
            return part
        return self.grammar.not_sides.sub(lambda match: "_" * len(match[0]), part)

    def _token(self, word: str, negated: bool | None, start: int) -> Token | None:
        if word in self._sides:
            return Token(word, "side", negated, start)
        if word in self._ignored:
            return None
        word = self.grammar.irregular.get(word, word)
        number = self.grammar.numbers.get(word, word)
        if number[0].isdigit():
            return Token(str(float(number)), "number", negated, start)
        if word.removesuffix("s") in self._dates:
            return Token(word.removesuffix("s"), "date", negated, start)
        return Token(self.stem(word), "word", negated, start)

    def _scopes(self, part: str) -> tuple[list[range], list[range]]:
        """Where things are denied, and where that is left open: after a comma, and behind a verb that is denied."""
        denied, maybe = [], []
        for match in self._negator.finditer(part):
            stop = self.grammar.scope_ends.search(part, match.end())
            end = stop.start() if stop else len(part)
            comma = part.find(",", match.end(), end)
            sure = end if comma < 0 else comma
            if comma >= 0 and not _LIST_JOINT.search(part, comma, end):
                end = comma
            if match[0] in _VERBAL:
                sure = min(sure, self._verb_end(part, match.end(), end))
            denied.append(range(match.end(), sure))
            maybe.append(range(sure, end))
        return denied, maybe

    def _verb_end(self, part: str, start: int, end: int) -> int:
        """Where the denied verb ends; the whole scope is denied when it only says that there is something."""
        for word in _TOKEN.finditer(part, start, end):
            if word[0] in _EXISTS:
                return end
            if word[0] not in self._ignored or word[0] in _KNOWING:
                return word.end()
        return end

    def _stem(self, word: str) -> str:
        word = self.people.name(word) or word
        word = self.grammar.irregular.get(word, word)
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
                word = word[: -len(ending)]
                break
        if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
            word = word[:-1]
        return self.grammar.irregular.get(word, word).rstrip("yi")


def tight(text: str) -> str:
    """The letters of a shadow alone."""
    return _NO_LETTER.sub("", text)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for match in [*_STOP.finditer(text), None]:
        yield start, text[start : match.end() if match else len(text)]
        start = match.end() if match else len(text)
