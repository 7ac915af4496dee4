"""Whatever is put into the patient's mouth must have come from it: words, person, side, number, date, denial."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from symptom_intake.agent.safety.checks.reader import Statement, Token
from symptom_intake.agent.safety.checks.said import Said
from symptom_intake.agent.safety.checks.subject import Paragraph, Sentence, Subject
from symptom_intake.agent.safety.verdict import GuardClass, Violation
from symptom_intake.prompts.guard_content import Grounding

_ENTRY = re.compile(r"[^;]+")
_UNSAID = "was not said"
_SHORT_ANSWER = 2


@dataclass(frozen=True)
class Report:
    """A part of a draft that says what the patient said.

    Attributes:
        start: Offset of its first character in the shadow. `end`: one past its last.
        kind: Somebody is named as having said it, it is an entry of a restatement, or it is told outright.
    """

    start: int
    end: int
    kind: Literal["attributed", "restated", "told"]


class Attribution:
    """Finds reports in a draft and holds them against what was said."""

    def __init__(self, grammar: Grounding) -> None:
        """Take the grammar."""
        self._grammar = grammar
        self._weighty = re.compile(r"\b(?:" + "|".join(map(re.escape, grammar.weighty)) + r")\b")

    def bears_out(self, sentence: str, said: Said) -> bool:
        """Whether every word, number, day, side and denial of a shadow stands in what was said.

        Words that only report ("patient", "describes") are free.
        """
        free = frozenset(map(said.reader.stem, self._grammar.reporting))
        return all(
            _fault(token, statement, said) is None or (token.kind == "word" and token.stem in free)
            for statement in said.reader.statements(sentence)
            for token in statement.tokens
        )

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Yield every report, quote and side that the patient's words do not bear out."""
        for paragraph in subject.unsigned:
            yield from self._quotes(paragraph, subject)
            if subject.audience == "patient":
                for report in self.reports(paragraph):
                    yield from self._report(paragraph, report, subject)
                yield from self._sides(paragraph, subject)
                yield from self._amounts(paragraph, subject)

    def _amounts(self, paragraph: Paragraph, subject: Subject) -> Iterator[Violation]:
        """A number that was said of weeks may not come back as one of months."""
        for amount in subject.said.reader.amounts.find(paragraph.shadow.text):
            told = subject.said.amounts.get(amount.number)
            if told and amount.unit not in told:
                yield paragraph.violation(GuardClass.FAB, amount.start, amount.end, "gives a number another unit")

    def reports(self, paragraph: Paragraph) -> list[Report]:
        """The parts of a paragraph that say what the patient said."""
        restating = bool(paragraph.sentences) and all(each.item for each in paragraph.sentences)
        found: list[Report] = []
        for sentence in paragraph.sentences:
            signed = paragraph.shadow.span(sentence.start, sentence.start + 1)[0] < paragraph.signed_until
            header = self._grammar.restated.match(sentence.text)
            if header or signed:
                restating = True
                begin = header.end() if header else sentence.text.find(":") + 1
                found += _entries(sentence, begin)
            elif restating and sentence.item:
                found += _entries(sentence, 0)
            else:
                found += self._spoken(sentence)
        return found

    def _spoken(self, sentence: Sentence) -> Iterator[Report]:
        text, grammar = sentence.text, self._grammar
        after = grammar.attributed_after.search(text)
        if after:
            yield Report(sentence.start + after.start("what"), sentence.start + after.end("what"), "attributed")
        said = grammar.attributed.search(text)
        if said:
            yield Report(sentence.start + said.end(), sentence.start + self._end(text, said.end()), "attributed")
        told = None if grammar.service.match(text) else grammar.about_you.match(text)
        if sentence.asks and not (told and grammar.given.match(text)):
            told = None
        if told and (not said or said.start() > told.end()):
            stop = text.find(",", told.end()) if sentence.asks else self._end(text, told.end())
            yield Report(sentence.start, sentence.start + min(stop, said.start() if said else stop), "told")

    def _end(self, text: str, begin: int) -> int:
        stop = self._grammar.ends.search(text, begin)
        return stop.start() if stop else len(text)

    def _quotes(self, paragraph: Paragraph, subject: Subject) -> Iterator[Violation]:
        for start, end in paragraph.quotes:
            if not subject.said.quoted(paragraph.shadow.text[start:end]):
                yield paragraph.violation(GuardClass.FAB, start, end, "quotes what was not said")

    def _report(self, paragraph: Paragraph, report: Report, subject: Subject) -> Iterator[Violation]:
        if restates(paragraph, report, subject):
            return
        if report.kind != "restated":
            yield from self._added(report, paragraph, subject)
        for statement in subject.said.reader.statements(paragraph.unquoted[report.start : report.end], report.start):
            for token in statement.tokens:
                fault = _fault(token, statement, subject.said)
                if fault and not (fault == _UNSAID and token.kind == "word"):
                    end = token.start + len(token.stem)
                    yield paragraph.violation(GuardClass.FAB, token.start, min(end, report.end), fault)

    def _added(self, report: Report, paragraph: Paragraph, subject: Subject) -> Iterator[Violation]:
        """Words that make it more than was said ("never", "the whole hand")."""
        said = " ".join(subject.said.texts)
        known = subject.said.reader.meanings(subject.said.stems)
        for match in self._weighty.finditer(paragraph.unquoted, report.start, report.end):
            if subject.said.reader.stem(match[0]) not in known and not re.search(rf"\b{match[0]}", said):
                yield paragraph.violation(GuardClass.FAB, *match.span(), _UNSAID)

    def _sides(self, paragraph: Paragraph, subject: Subject) -> Iterator[Violation]:
        """Nothing may move to the other side."""
        told = frozenset[tuple[str, str]]().union(*(each.sides for each in subject.said.statements))
        for statement in subject.said.reader.statements(paragraph.shadow.text):
            for side, thing in statement.sides:
                others = {each for each, other in told if other == thing}
                known = {*others, "both"} if {"left", "right"} <= others else others
                if others and not known & {side, "both"}:
                    token = statement.by_stem[side]
                    yield paragraph.violation(GuardClass.FAB, token.start, token.start + len(side), "is the other side")


def restates(paragraph: Paragraph, report: Report, subject: Subject) -> bool:
    """Whether a report is an entry of a restatement that says a fact in our own wording."""
    return report.kind == "restated" and subject.said.restates(paragraph.shadow.text[report.start : report.end])


def _entries(sentence: Sentence, begin: int) -> Iterator[Report]:
    """The entries of a restatement, which semicolons part."""
    for match in _ENTRY.finditer(sentence.text, begin):
        yield Report(sentence.start + match.start(), sentence.start + match.end(), "restated")


def _fault(token: Token, statement: Statement, said: Said) -> str | None:
    """What is wrong with a word of a report; None when the patient said it so."""
    told = [each for each in said.statements if token.stem in each.by_stem]
    if token.kind != "word":
        fine = any(_together(statement, each, said) for each in told) or (token.stem == "both" and not said.has_sides)
        return None if fine else f"gives a {token.kind} that was not said"
    if not told:
        return _UNSAID
    same = [each for each in told if said.same_people(statement.people, each.people)]
    if not same:
        return "was said of another person"
    if not statement.was and all(each.past for each in same):
        return "was said to be over"
    denials = [each.by_stem[token.stem].negated for each in same]
    agree = token.negated is None or any(denial is None or denial == token.negated for denial in denials)
    return None if agree else "turns a yes into a no, or a no into a yes"


def _together(drafted: Statement, told: Statement, said: Said) -> bool:
    """Whether a number, date or side was told of the same thing, or in an answer too short to name it."""
    shared = said.reader.meanings(drafted.words) & said.reader.meanings(told.words)
    return bool(shared) or not drafted.words or len(told.words) <= _SHORT_ANSWER
