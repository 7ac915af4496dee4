"""What the patient has told, read for the guardrail: words, numbers, sides, dates, whose, and whether denied.

This reading is deliberately not the interviewer's own: a fact that was misread there is still held
against the patient's words here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from symptom_intake.agent.history import Fact, SlotState
from symptom_intake.agent.interview.wording import describe
from symptom_intake.agent.safety.normalise import shadow
from symptom_intake.prompts.guard_content import Grounding
from symptom_intake.prompts.model import Slot

_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_STOP = re.compile(r"[.;!?\n]+(?=\s|$)|[;\n:]|,? (?:and|but) (?=(?:you|your|i|my|he|she)\b)")
_FIRST_PERSON = re.compile(
    r"\bi (?:also |too |now |still )?(?:have|had|feel|felt|got|get|took|take|am|was|use|can|do|did)\b|\bmy own\b"
)
_SECOND_PERSON = re.compile(r"\byou\b")
_LIST_JOINT = re.compile(r"\b(?:or|nor|and)\b")


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
        tokens: Its words that carry meaning.
        person: The relative it is about; None when it is about the patient.
        unsure: It is feared, supposed or asked.
    """

    tokens: tuple[Token, ...]
    person: str | None
    unsure: bool

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of its plain words."""
        return frozenset(token.stem for token in self.tokens if token.kind == "word")

    @cached_property
    def by_stem(self) -> Mapping[str, Token]:
        """Its tokens; of two with the same stem the last."""
        return {token.stem: token for token in self.tokens}


class Reader:
    """Reads statements with the grammar of the content."""

    def __init__(self, grammar: Grounding) -> None:
        """Prepare the grammar's word lists."""
        self._grammar = grammar
        self._relative = {word: name for name, words in grammar.relatives.items() for word in words}
        self._ignored = frozenset(grammar.ignored)
        self._dates, self._sides = frozenset(grammar.dates), frozenset(grammar.sides)
        self._negator = re.compile(r"\b(?:" + "|".join(map(re.escape, grammar.negators)) + r")\b")
        self.stem = lru_cache(maxsize=8192)(self._stem)

    def statements(self, text: str) -> list[Statement]:
        """Read the statements of a shadow."""
        return [statement for start, part in _parts(text) if (statement := self._statement(part, start)).tokens]

    def _statement(self, part: str, offset: int) -> Statement:
        plain = self._grammar.not_sides.sub(lambda match: "_" * len(match[0]), part)
        denied, maybe = self._scopes(part)
        tokens = []
        for match in _TOKEN.finditer(plain):
            token = self._token(match[0], match.start(), denied, maybe)
            if token:
                tokens.append(token._replace(start=offset + match.start()))
        return Statement(tuple(tokens), self._person(part), self._grammar.unsure.search(part) is not None)

    def _token(self, word: str, start: int, denied: list[range], maybe: list[range]) -> Token | None:
        negated = (
            True
            if any(start in scope for scope in denied)
            else None
            if any(start in scope for scope in maybe)
            else False
        )
        if word in self._sides:
            return Token(word, "side", negated, start)
        if word in self._ignored:
            return None
        number = self._grammar.numbers.get(word, word)
        if number[0].isdigit():
            return Token(str(float(number)), "number", negated, start)
        return Token(self.stem(word), "date" if word in self._dates else "word", negated, start)

    def _scopes(self, part: str) -> tuple[list[range], list[range]]:
        """Where things are denied, and where a comma leaves it open."""
        denied, maybe = [], []
        for match in self._negator.finditer(part):
            stop = self._grammar.scope_ends.search(part, match.end())
            end = stop.start() if stop else len(part)
            comma = part.find(",", match.end(), end)
            if comma >= 0 and not _LIST_JOINT.search(part, comma, end):
                end = comma
            denied.append(range(match.end(), comma if 0 <= comma < end else end))
            if 0 <= comma < end:
                maybe.append(range(comma, end))
        return denied, maybe

    def _person(self, part: str) -> str | None:
        names = [self._relative[word] for word in _TOKEN.findall(part) if word in self._relative]
        if not names or _FIRST_PERSON.search(part) or _SECOND_PERSON.search(part):
            return None
        return names[0]

    def _stem(self, word: str) -> str:
        word = self._relative.get(word, word)
        word = self._grammar.irregular.get(word, word)
        for ending in (
            "fulness",
            "iness",
            "ness",
            "ings",
            "ing",
            "edly",
            "ied",
            "ies",
            "ed",
            "es",
            "ly",
            "ful",
            "s",
            "y",
            "e",
        ):
            if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
                word = word[: -len(ending)]
                break
        if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
            word = word[:-1]
        return self._grammar.irregular.get(word, word).rstrip("yi")


def _parts(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for match in [*_STOP.finditer(text), None]:
        yield start, text[start : match.end() if match else len(text)]
        start = match.end() if match else len(text)


class Said:
    """Everything the patient has told, to hold a draft against."""

    def __init__(self, reader: Reader, said: Sequence[str], facts: Sequence[Fact], slots: Mapping[str, Slot]) -> None:
        """Keep what was told; it is read when first needed."""
        self.reader = reader
        self._said, self._facts, self._slots = said, facts, slots
        self.by_proxy = any(fact.source == "proxy" for fact in facts)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The plain copies of everything said, for quotes."""
        quotes = (each.quote for fact in self._facts for each in fact.evidence)
        return tuple(_words(text) for text in (*self._said, *quotes))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement, of the texts and of the facts."""
        heard = [each for text in self._said for each in self.reader.statements(shadow(text).text)]
        return (*heard, *self._of_facts())

    @cached_property
    def phrases(self) -> frozenset[str]:
        """The facts as our own restatement words them."""
        return frozenset(_words(describe(fact, self._slots)) for fact in self._facts if fact.slot in self._slots)

    def restates(self, entry: str) -> bool:
        """Whether an entry of a restatement is a fact in our own wording."""
        return _words(entry) in self.phrases

    def quoted(self, quote: str) -> bool:
        """Whether the patient said these very words."""
        pieces = [_words(piece) for piece in quote.split("...")]
        return all(any(piece in text for text in self.texts) for piece in pieces)

    def holds(self, stems: Iterable[str], negated: bool | None, person: str | None, unsure: bool) -> bool:
        """Whether one statement says all of this, of that person, in that way.

        Args:
            stems: The words.
            negated: Denied or not; None when either will do.
            person: The relative it is said of, None for the patient.
            unsure: Whether a mere fear or guess will do.
        """
        wanted = set(stems)
        return any(
            wanted <= statement.by_stem.keys()
            and (unsure or not statement.unsure)
            and self.same_person(person, statement.person)
            and all(_agrees(negated, statement.by_stem[stem].negated) for stem in wanted)
            for statement in self.statements
        )

    def same_person(self, drafted: str | None, told: str | None) -> bool:
        """Whether a draft and the patient speak of the same person."""
        return (
            drafted == told
            or self.by_proxy
            or (drafted is not None and told is not None and "family" in (drafted, told))
        )

    def _of_facts(self) -> Iterator[Statement]:
        for fact in self._facts:
            slot = self._slots.get(fact.slot)
            label = slot.label if slot else ""
            about_family = slot is not None and slot.section == "family"
            for statement in self.reader.statements(shadow(_told(fact, label)).text):
                tokens = statement.tokens
                if fact.state in (SlotState.UNKNOWN, SlotState.DECLINED):
                    tokens = tuple(token._replace(negated=None) for token in tokens)
                yield Statement(tokens, (statement.person or "family") if about_family else None, statement.unsure)


def _told(fact: Fact, label: str) -> str:
    """A fact as one statement; of a denial the label alone, for its quote may be a bare "no"."""
    if fact.state is SlotState.ABSENT:
        return f"no {label}"
    return " ".join((label, fact.value or "", *fact.details.values(), fact.quote)).replace(";", " ").replace("\n", " ")


def _agrees(drafted: bool | None, told: bool | None) -> bool:
    return drafted is None or told is None or drafted == told


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", shadow(text).text))
