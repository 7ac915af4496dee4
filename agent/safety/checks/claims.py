"""What a draft claims: a name or a phrase of the lexicons, and whether its place in the sentence allows it.

A name of a condition or a treatment is out unless something allows it: a neutral history question, the
patient's own words, said to be the patient's, a fear that the patient voiced, or "I cannot tell you whether".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symptom_intake.agent.safety.checks.advice import Advice
from symptom_intake.agent.safety.checks.grounding import Attribution, Report, restates
from symptom_intake.agent.safety.checks.lexicon import Hit, Lexicon
from symptom_intake.agent.safety.checks.reader import Statement
from symptom_intake.agent.safety.checks.subject import Paragraph, Sentence, Subject
from symptom_intake.agent.safety.verdict import GuardClass, Violation
from symptom_intake.prompts.guard_content import Grounding, GuardContent

_FOR_CLINICIANS = frozenset(
    {GuardClass.DX, GuardClass.DXN, GuardClass.PROB, GuardClass.TX, GuardClass.IDENT, GuardClass.IMG}
)
_TURNED = re.compile(r"\b(?:but|because|which is|this is|that is|it is (?!that)|sounds|looks|so you)\b")
_REVERSED = re.compile(r"\b(?:but|because|which is|sounds|looks|so you|though)\b")
_SO_IT_IS = re.compile(r"\W*(?:(?:then|so|yes)\W+)?it is\b")
_LABEL = re.compile(r"[:(]\W*$")


@dataclass(frozen=True)
class _Place:
    """A hit with its surroundings."""

    hit: Hit
    sentence: Sentence
    paragraph: Paragraph
    report: Report | None

    @cached_property
    def before(self) -> str:
        """The sentence up to the hit."""
        return self.sentence.text[: max(0, self.hit.start - self.sentence.start)]

    @cached_property
    def after(self) -> str:
        """The sentence from the hit's end."""
        return self.sentence.text[self.hit.end - self.sentence.start :]

    @cached_property
    def quoted(self) -> bool:
        """Whether the hit lies in quotation marks."""
        return any(start <= self.hit.start and self.hit.end <= end for start, end in self.paragraph.quotes)

    def violation(self, cls: GuardClass, reason: str) -> Violation:
        """A violation at the hit."""
        return self.paragraph.violation(cls, self.hit.start, self.hit.end, reason)


class Claims:
    """Judges every hit of the lexicons by the sentence it stands in."""

    def __init__(self, content: GuardContent, attribution: Attribution, lexicon: Lexicon) -> None:
        """Take the content, and what finds its names and patterns."""
        self._grammar: Grounding = content.grounding
        self._lexicon = lexicon
        self._attribution = attribution
        self._advice = Advice(content.treatments)

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Yield what may not be said."""
        for paragraph in subject.unsigned:
            for violation in self._paragraph(paragraph, subject):
                if subject.audience == "patient" or violation.cls in _FOR_CLINICIANS:
                    yield violation

    def _paragraph(self, paragraph: Paragraph, subject: Subject) -> Iterator[Violation]:
        hits = self._lexicon.hits(paragraph.shadow)
        reports = self._attribution.reports(paragraph)
        for sentence in paragraph.sentences:
            inside = [hit for hit in hits if sentence.start <= hit.start < sentence.end]
            for hit in inside:
                report = next((each for each in reports if each.start <= hit.start < each.end), None)
                yield from self._hit(_Place(hit, sentence, paragraph, report), subject)
            for start, end in self._advice.given(sentence, inside):
                told = next((each for each in reports if each.start <= start < each.end), None)
                if told is None:
                    yield paragraph.violation(GuardClass.TX, start, end, "tells the patient what to do or take")

    def _hit(self, place: _Place, subject: Subject) -> Iterator[Violation]:
        if place.report and restates(place.paragraph, place.report, subject):
            return
        if place.hit.kind == "pattern":
            yield from self._pattern(place, subject)
        elif place.hit.kind in ("condition", "treatment") and not self._allowed(place, subject):
            if place.hit.kind == "treatment":
                yield place.violation(GuardClass.TX, "names a treatment outside a question or the patient's words")
            elif not place.sentence.asks and self._denied(place, subject):
                yield place.violation(GuardClass.DXN, "says that a condition is absent")
            else:
                yield place.violation(GuardClass.DX, "names a condition outside a question or the patient's words")
            if place.report and subject.audience == "patient":
                yield place.violation(GuardClass.FAB, "attributes a name that the patient did not give")

    def _pattern(self, place: _Place, subject: Subject) -> Iterator[Violation]:
        pattern, cls = place.hit.pattern, place.hit.cls
        assert pattern is not None and cls is not None  # noqa: S101 - a hit of this kind has both
        text = place.sentence.text
        if pattern.needs and not pattern.needs.search(text):
            return
        if pattern.unless and pattern.unless.search(text):
            return
        if (place.report or place.quoted) and self._grounded(place, subject, unsure=True):
            return
        yield place.violation(cls, pattern.reason)

    def _allowed(self, place: _Place, subject: Subject) -> bool:
        if subject.audience == "clinician":
            return self._grounded(place, subject, unsure=True, negated_too=True) or self._asked(place)
        if place.quoted and (place.report or _LABEL.search(place.before)):
            return self._grounded(place, subject, unsure=True, negated_too=True)
        if _SO_IT_IS.match(place.after):
            return False
        if self._grammar.worried.search(place.sentence.text):
            return self._grounded(place, subject, unsure=True, negated_too=True)
        if self._asked(place) or self._disclaimed(place):
            return True
        told = place.report is None and not place.sentence.asks
        identified = told and self._grammar.identified.search(place.before)
        return not identified and self._grounded(place, subject, unsure=False)

    def _asked(self, place: _Place) -> bool:
        """A neutral question about the past or present comes before the name, and nothing turns it after."""
        before = place.before
        whole = self._grammar.helped.match if place.hit.kind == "treatment" else self._grammar.in_family.search
        if place.sentence.asks and whole(place.sentence.text):
            return True
        for lead in self._grammar.asked_lead.finditer(before):
            for frame in self._grammar.asked:
                match = frame.match(before, lead.end())
                if match and not self._grammar.not_neutral.search(before, match.end()):
                    return not _TURNED.search(place.after)
        return False

    def _disclaimed(self, place: _Place) -> bool:
        match = self._grammar.disclaimed.search(place.before)
        return match is not None and not _REVERSED.search(place.sentence.text, match.end())

    def _grounded(self, place: _Place, subject: Subject, unsure: bool, negated_too: bool = False) -> bool:
        text = place.paragraph.shadow.text
        if place.hit.kind == "condition" and re.search(r"\d\.\d", text[place.hit.start : place.hit.end]):
            return subject.said.quoted(text[place.hit.start : place.hit.end])
        name = text[place.hit.start : place.hit.end]
        if not any(True for _ in subject.said.reader.words(name)):
            spoken = place.report is not None and place.report.kind != "told"
            return (place.hit.kind == "pattern" and spoken) or subject.said.quoted(name)
        drafted = self._statement(place, subject)
        denied = None if negated_too or drafted is None else _denial(drafted, place.hit)
        return subject.said.holds(name, denied, drafted.people if drafted else frozenset(), unsure)

    def _statement(self, place: _Place, subject: Subject) -> Statement | None:
        """The statement of the draft that the hit belongs to."""
        begin = place.report.start if place.report else place.sentence.start
        text = place.paragraph.shadow.text[begin : place.sentence.end]
        for statement in subject.said.reader.statements(text, begin):
            if any(place.hit.start <= token.start < place.hit.end for token in statement.tokens):
                return statement
        return None

    def _denied(self, place: _Place, subject: Subject) -> bool:
        """Whether the name is denied; a name that holds a denial itself ("not enough blood") is not."""
        statement = self._statement(place, subject)
        name = place.paragraph.shadow.text[place.hit.start : place.hit.end].split()
        return (
            statement is not None
            and bool(_denial(statement, place.hit))
            and not set(name) & set(self._grammar.negators)
        )


def _denial(statement: Statement, hit: Hit) -> bool | None:
    return next((token.negated for token in statement.tokens if hit.start <= token.start < hit.end), None)
