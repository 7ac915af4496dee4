"""Everything the patient has told, to hold a draft against."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from symptom_intake.agent.history import Fact, SlotState
from symptom_intake.agent.interview.wording import describe
from symptom_intake.agent.safety.checks.people import PATIENT, THIRD, may_be_same
from symptom_intake.agent.safety.checks.reader import Reader, Statement, tight
from symptom_intake.agent.safety.normalise import shadow
from symptom_intake.prompts.model import Slot

_FAMILY = frozenset({"family"})
_TIGHT_MIN = 6


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
        stems, letters = {token.stem for token in self.reader.words(name.replace(".", " "))}, tight(name)
        return any(
            (unsure or not statement.unsure)
            and self.same_people(people, statement.people)
            and (
                all(_agrees(negated, statement.by_stem[stem].negated) for stem in stems)
                if stems <= statement.by_stem.keys()
                else len(letters) >= _TIGHT_MIN and letters in statement.tight
            )
            for statement in self.statements
        )

    def same_people(self, drafted: frozenset[str], told: frozenset[str]) -> bool:
        """Whether a draft and the patient may speak of the same person."""
        return self.by_proxy or may_be_same(drafted, told)

    def _of_facts(self) -> Iterator[Statement]:
        for fact in self._facts:
            slot = self._slots.get(fact.slot)
            label = slot.label if slot else ""
            about_family = slot is not None and slot.section == "family"
            for statement in self.reader.statements(shadow(_told(fact, label)).text):
                tokens = statement.tokens
                if fact.state in (SlotState.UNKNOWN, SlotState.DECLINED):
                    tokens = tuple(token._replace(negated=None) for token in tokens)
                relatives = (statement.people - {PATIENT, THIRD}) or _FAMILY
                yield replace(statement, tokens=tokens, told_of=relatives if about_family else frozenset())


def _told(fact: Fact, label: str) -> str:
    """A fact as one statement; of a denial the label alone, for its quote may be a bare "no"."""
    if fact.state is SlotState.ABSENT:
        return f"no {label}"
    return " ".join((label, fact.value or "", *fact.details.values(), fact.quote)).replace(";", " ").replace("\n", " ")


def _agrees(drafted: bool | None, told: bool | None) -> bool:
    return drafted is None or told is None or drafted == told


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", shadow(text).text))
