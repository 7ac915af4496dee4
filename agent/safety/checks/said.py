"""What the patient has told, read for the guardrail: words, numbers, sides, dates, whose, and whether denied.

This reading is deliberately not the interviewer's own: a fact that was misread there is still held
against the patient's words here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from symptom_intake.agent.history import Fact, SlotState
from symptom_intake.agent.interview.wording import describe
from symptom_intake.agent.safety.checks.amounts import Amounts
from symptom_intake.agent.safety.normalise import shadow
from symptom_intake.prompts.guard_content import Grounding
from symptom_intake.prompts.model import Slot

PATIENT = "patient"
THIRD = "third"
_ANYBODY = "family"
_TIGHT_MIN = 6
_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_STOP = re.compile(r"[.;!?\n]+(?=\s|$)|[;\n:]|,? (?:and|but) (?=(?:(?:that|also|now|then) )?(?:you|your|i|my|he|she)\b)|, (?=(?:he|she|i|my)\b)")
_PATIENT = re.compile(r"\b(?:i|me|myself|you|yourself|mine|yours)\b|\b(?:my|your) (?:own\b)?")
_THIRD = re.compile(r"\b(?:he|she|him|his|her|hers)\b")
_SPEAKING = re.compile(
    r"\b\w+(?: also| just)? (?:says?|said|thinks?|thought|tells?|told|wants?|wanted|noticed?|notices|reckons?|worr\w+|made|makes"
    r"|calls?|called|drove|brought|sent|saw|gave|insists?|asked|asks|helps?|helped)\b"
)
_WAS = re.compile(r"\b(?:was|were|had|did|been|\w{3,}ed)\b")
_NO_SUBJECT = frozenset(["a", "an", "another", "second", "first", "third", "as", "since", "no", "any"])
_EXISTS = frozenset(["have", "has", "had", "having", "got", "been", "any", "a", "an", "taking", "on", "really"])
_VERBAL = frozenset(["not", "never"])
_NO_LETTER = re.compile(r"[^a-z]+")
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
        people: Whom it speaks of: relatives by name, `patient`, `third` for he and she; empty when nobody is named.
        unsure: It is feared, supposed or asked.
        past: It is said to be over. `was`: it is told of the past at all.
        tight: Its letters alone, to find a name that was written without its spaces.
    """

    tokens: tuple[Token, ...]
    people: frozenset[str]
    unsure: bool
    past: bool = False
    was: bool = False
    tight: str = ""

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
    """Reads statements with the grammar of the content."""

    def __init__(self, grammar: Grounding, alike: Sequence[Sequence[str]]) -> None:
        """Prepare the grammar's word lists, and the groups of words that mean the same."""
        self._grammar = grammar
        self.amounts = Amounts(grammar)
        self.relatives = frozenset(grammar.relatives)
        self._relative = {word: name for name, words in grammar.relatives.items() for word in words}
        self._ignored = frozenset(grammar.ignored)
        self._dates, self._sides = frozenset(grammar.dates), frozenset(grammar.sides)
        self._negator = re.compile(r"\b(?:" + "|".join(map(re.escape, grammar.negators)) + r")\b")
        self.stem = lru_cache(maxsize=8192)(self._stem)
        groups = [frozenset(map(self.stem, words)) for words in alike]
        self._alike = {stem: frozenset[str]().union(*(g for g in groups if stem in g)) for g in groups for stem in g}

    def meanings(self, stems: frozenset[str]) -> frozenset[str]:
        """These words, and those that mean the same."""
        return stems.union(*(self._alike[stem] for stem in stems if stem in self._alike))

    def statements(self, text: str) -> list[Statement]:
        """Read the statements of a shadow."""
        return [statement for start, part in _parts(text) if (statement := self._statement(part, start)).tokens]

    def words(self, text: str) -> Iterator[Token]:
        """Every token of a shadow."""
        for statement in self.statements(text):
            yield from statement.tokens

    def _statement(self, part: str, offset: int) -> Statement:
        plain = self._grammar.not_sides.sub(lambda match: "_" * len(match[0]), part)
        denied, maybe = self._scopes(part)
        tokens = []
        for match in _TOKEN.finditer(plain):
            token = self._token(match[0], match.start(), denied, maybe)
            if token:
                tokens.append(token._replace(start=offset + match.start()))
        unsure, past = (pattern.search(part) is not None for pattern in (self._grammar.unsure, self._grammar.past))
        was = past or _WAS.search(part) is not None
        return Statement(tuple(tokens), self._people(part), unsure, past, was, _NO_LETTER.sub("", part))

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
        word = self._grammar.irregular.get(word, word)
        number = self._grammar.numbers.get(word, word)
        if number[0].isdigit():
            return Token(str(float(number)), "number", negated, start)
        if word.removesuffix("s") in self._dates:
            return Token(word.removesuffix("s"), "date", negated, start)
        return Token(self.stem(word), "word", negated, start)

    def _scopes(self, part: str) -> tuple[list[range], list[range]]:
        """Where things are denied, and where that is left open: after a comma, and behind a verb that is denied."""
        denied, maybe = [], []
        for match in self._negator.finditer(part):
            stop = self._grammar.scope_ends.search(part, match.end())
            end = stop.start() if stop else len(part)
            comma = part.find(",", match.end(), end)
            sure = end
            if comma >= 0 and not _LIST_JOINT.search(part, comma, end):
                end = sure = comma
            elif comma >= 0:
                sure = comma
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
            if word[0] not in self._ignored:
                return word.end()
        return end

    def _people(self, part: str) -> frozenset[str]:
        part = _SPEAKING.sub(lambda match: "." * len(match[0]), part)
        words = [match[0] for match in _TOKEN.finditer(part)]
        pairs = zip(["", *words], words, strict=False)
        found = {name for before, word in pairs if before not in _NO_SUBJECT and (name := self._named(word))}
        for match in _PATIENT.finditer(part):
            owned = _TOKEN.match(part, match.end())
            if owned is None or not self._named(owned[0]):
                found.add(PATIENT)
        return frozenset(found | ({THIRD} if _THIRD.search(part) else set()))

    def _named(self, word: str) -> str | None:
        """The relative that a word names; of "mum's" the shadow has left "mums"."""
        return self._relative.get(word) or self._relative.get(word.removesuffix("s"))

    def _stem(self, word: str) -> str:
        word = self._named(word) or word
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
    def stems(self) -> frozenset[str]:
        """The stems of every word said."""
        return frozenset(token.stem for statement in self.statements for token in statement.tokens)

    @cached_property
    def has_sides(self) -> bool:
        """Whether any side was said."""
        return any(token.kind == "side" for statement in self.statements for token in statement.tokens)

    @cached_property
    def amounts(self) -> Mapping[float, frozenset[str]]:
        """The units that each number was said with."""
        found: dict[float, set[str]] = {}
        for text in (*self._said, *(fact.quote for fact in self._facts)):
            for amount in self.reader.amounts.find(shadow(text).text):
                found.setdefault(amount.number, set()).add(amount.unit)
        return {number: frozenset(units) for number, units in found.items()}

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

    def holds(self, name: str, negated: bool | None, people: frozenset[str], unsure: bool) -> bool:
        """Whether one statement names this, of that person, in that way.

        Args:
            name: The name, as it stands in a shadow.
            negated: Denied or not; None when either will do.
            people: Whom it is said of.
            unsure: Whether a mere fear or guess will do.
        """
        stems, tight = {token.stem for token in self.reader.words(name.replace(".", " "))}, _NO_LETTER.sub("", name)
        return any(
            (unsure or not statement.unsure)
            and self.same_people(people, statement.people)
            and (
                all(_agrees(negated, statement.by_stem[stem].negated) for stem in stems)
                if stems <= statement.by_stem.keys()
                else len(tight) >= _TIGHT_MIN and tight in statement.tight
            )
            for statement in self.statements
        )

    def same_people(self, drafted: frozenset[str], told: frozenset[str]) -> bool:
        """Whether a draft and the patient may speak of the same person; who is not named may be anybody."""
        if self.by_proxy or not drafted or not told or drafted & told:
            return True
        others, named = drafted - {PATIENT}, told - {PATIENT}
        return bool(others and named) and bool({THIRD, _ANYBODY} & (others | named))

    def _of_facts(self) -> Iterator[Statement]:
        for fact in self._facts:
            slot = self._slots.get(fact.slot)
            label = slot.label if slot else ""
            about_family = slot is not None and slot.section == "family"
            for statement in self.reader.statements(shadow(_told(fact, label)).text):
                tokens = statement.tokens
                if fact.state in (SlotState.UNKNOWN, SlotState.DECLINED):
                    tokens = tuple(token._replace(negated=None) for token in tokens)
                relatives = statement.people - {PATIENT, THIRD} or {_ANYBODY}
                yield Statement(tokens, frozenset(relatives if about_family else ()), statement.unsure)


def _told(fact: Fact, label: str) -> str:
    """A fact as one statement; of a denial the label alone, for its quote may be a bare "no"."""
    if fact.state is SlotState.ABSENT:
        return f"no {label}"
    return " ".join((label, fact.value or "", *fact.details.values(), fact.quote)).replace(";", " ").replace("\n", " ")


def _agrees(drafted: bool | None, told: bool | None) -> bool:
    return drafted is None or told is None or drafted == told


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", shadow(text).text))
