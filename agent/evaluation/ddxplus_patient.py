"""A patient of DDXPlus: answers a question by the evidences that it matches, and does not know what none matches."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from symptom_intake.agent.evaluation.case import ADMITS_NOTHING, Truth, Words
from symptom_intake.agent.evaluation.evidences import Book, load_book
from symptom_intake.agent.evaluation.first_person import CHILD, SELF, in_first_person
from symptom_intake.agent.evaluation.rendering import ORDINARY, none_label, said
from symptom_intake.agent.evaluation.vignette_patient import CLOSING
from symptom_intake.prompts.model import Slot

_CHILD_BELOW = 16
_NOWHERE = ("nowhere", "NA", "N")
_SIDE = re.compile(r"\s*\((R|L)\)")


class Matched(NamedTuple):
    """What the evidences say of a slot: whether it is there, and the values or the words for them."""

    present: bool
    values: tuple[str, ...] = ()
    words: str | None = None


@dataclass(frozen=True)
class DdxPatient:
    """Answers from a row of DDXPlus.

    Attributes:
        folder: Where the questions are.
        age: In years. `sex`: as our slot has it.
        held: Values by code of the evidences that the patient has; empty for those without values.
        initial: Code of the evidence that the patient comes with.
    """

    folder: Path
    age: int
    sex: str
    held: Mapping[str, tuple[str, ...]]
    initial: str

    @property
    def book(self) -> Book:
        """The questions."""
        return load_book(self.folder)

    @property
    def reporter(self) -> str:
        """A child's parent writes."""
        return "parent" if self.age < _CHILD_BELOW else "self"

    @property
    def opening(self) -> str:
        """The initial evidence in the first person."""
        voice = CHILD if self.reporter == "parent" else SELF
        told = self.book.mapping.openings.get(self.initial)
        if told is None:
            return in_first_person(self.book.evidences[self.initial].question, voice)
        words = {
            "I": voice.subject, "I_again": voice.again, "have": voice.have, "am": voice.be, "my": voice.their,
            "My": voice.their.capitalize() if voice is SELF else "My child's",
        }  # fmt: skip
        values = {code: " and ".join(self._values(code)) or "hard to say where" for code in re.findall(r"E_\d+", told)}
        return told.format(**words, **values)

    def answer(self, slot: Slot) -> Words:
        """The evidence's answer, or that they do not know."""
        known = {"age": f"{self.age}", "sex": self.sex, "reporter": self.reporter, "chief_complaint": self.opening}
        if slot.id in known:
            return Words(said(slot, [known[slot.id]]), own=slot.id == "chief_complaint")
        matched = self._matched(slot)
        if slot.id in CLOSING or matched is None:
            return Words(CLOSING.get(slot.id, ADMITS_NOTHING))
        if not matched.present:
            return Words(none_label(slot) or ("no" if slot.kind == "yes_no" else ADMITS_NOTHING))
        return Words(matched.words or said(slot, matched.values or ("yes",)))

    def truth(self, slot: Slot) -> Truth:
        """What the evidences say of it."""
        if slot.id == "age":
            return Truth(True, number=float(self.age))
        if slot.id in ("sex", "reporter"):
            return Truth(True, frozenset({self.sex if slot.id == "sex" else self.reporter}))
        matched = self._matched(slot)
        return Truth(matched.present, frozenset(matched.values)) if matched else Truth()

    def _matched(self, slot: Slot) -> Matched | None:
        name = slot.id.rpartition(".")[2]
        mapping = self.book.mapping
        if name in mapping.lists:
            told = [words for code, words in mapping.lists[name].items() if code in self.held]
            return Matched(True, words=", ".join(told)) if told else None
        if name in mapping.values:
            return self._by_value(slot, mapping.values[name])
        if slot.kind == "yes_no":
            return self._yes_or_no(slot, name)
        return self._on_card(slot, name) if slot.options else None

    def _yes_or_no(self, slot: Slot, name: str) -> Matched | None:
        expression = self.book.mapping.slots.get(name)
        if expression:
            return Matched(self._meets(expression))
        return self._any_of(slot.label)

    def _any_of(self, phrase: str) -> Matched | None:
        codes = self.book.about(phrase)
        return Matched(not codes.isdisjoint(self.held)) if codes else None

    def _on_card(self, slot: Slot, name: str) -> Matched | None:
        """The options that the patient has; None if no question is about any of them."""
        mapped = self.book.mapping.options.get(name)
        if mapped is not None:
            there = {value: Matched(self._meets(expression)) for value, expression in mapped.items()}
        else:
            there = {each.value: found for each in slot.options if (found := self._option(each.label, each.sets))}
        if not there:
            return None
        picked = [each.value for each in slot.options if each.value in there and there[each.value].present]
        chosen = tuple(picked if slot.kind == "choices" else picked[:1])
        return Matched(bool(chosen), chosen)

    def _option(self, label: str, sets: str | None) -> Matched | None:
        expression = self.book.mapping.slots.get(sets or "")
        return Matched(self._meets(expression)) if expression else self._any_of(label)

    def _by_value(self, slot: Slot, codes: Sequence[str]) -> Matched | None:
        values = next((found for code in codes if (found := self._values(code))), [])
        if not values:
            asked = any(code in self.held for code in codes)
            return Matched(False) if asked and slot.kind != "severity" else None
        if not slot.options:
            return Matched(True, words=said(slot, values) if slot.kind == "severity" else " and ".join(values))
        fitting = [each.value for each in slot.options if self._names((each.label, *each.words), values)]
        chosen = tuple(fitting if slot.kind == "choices" else fitting[:1])
        return Matched(not set(chosen) <= {*ORDINARY}, chosen) if chosen else None

    def _names(self, phrases: Sequence[str], values: Sequence[str]) -> bool:
        """Whether one of an option's words is among those of a value, or the other way round."""
        told = [self.book.words(value) for value in values]
        offered = [self.book.words(phrase) for phrase in phrases if "@" not in phrase]
        return any(each and (each <= value or value <= each) for each in offered for value in told if value)

    def _meets(self, expression: str) -> bool:
        return all(self._meets_one(part) for part in expression.split(" & "))

    def _meets_one(self, alternatives: str) -> bool:
        return any(self._has(each) for each in alternatives.split(" | "))

    def _has(self, term: str) -> bool:
        code, _, words = term.strip().partition(":")
        if not words:
            return code in self.held
        meanings = self.book.evidences[code].values if code in self.book.evidences else {}
        values = [meanings.get(value, "") for value in self.held.get(code, ())]
        return any(word in value for word in words.split("|") for value in values)

    def _values(self, code: str) -> list[str]:
        """The values of an evidence in plain words, without those that say nowhere."""
        meanings = self.book.evidences[code].values
        raw = [meanings.get(value, value) for value in self.held.get(code, ())]
        return [self._plain(value) for value in raw if value not in _NOWHERE]

    def _plain(self, value: str) -> str:
        side = _SIDE.search(value)
        name = _SIDE.sub("", value)
        name = self.book.mapping.places.get(name, name)
        return f"{'right' if side[1] == 'R' else 'left'} {name}" if side else name
