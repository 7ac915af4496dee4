"""Nothing weaker than the engine's level, and no alarm without one.

At an emergency the patient reads its template, whole and alone. Below, no paragraph of such a template is signed.
"""

from collections.abc import Iterator

from symptom_intake.agent.safety.checks.subject import Subject
from symptom_intake.agent.safety.checks.templates import Signed
from symptom_intake.agent.safety.verdict import GuardClass, Violation
from symptom_intake.prompts.templates import fingerprint


def check(subject: Subject, signed: Signed) -> Iterator[Violation]:
    """Demand the template of at least the level, and nothing beside signed messages."""
    urgency = subject.urgency
    if urgency is None or subject.audience != "patient":
        return
    if not urgency.is_emergency:
        yield from _out_of_place(subject, signed)
        return
    present = frozenset(fingerprint(each.text) for each in subject.paragraphs)
    enough = [parts for level, parts in signed.escalations if level.rank >= urgency.rank]
    if not any(parts <= present for parts in enough):
        yield Violation(cls=GuardClass.ESC, start=0, end=len(subject.draft), reason="lacks the template of its level")
    weaker = frozenset[str]().union(*(parts for level, parts in signed.escalations if level.rank < urgency.rank))
    weaker -= frozenset[str]().union(*enough)
    for paragraph in subject.paragraphs:
        if paragraph.origin != "message":
            yield paragraph.whole(GuardClass.ESC, "waters down the emergency message")
        elif fingerprint(paragraph.text) in weaker:
            yield paragraph.whole(GuardClass.ESC, "is weaker than the level")


def _out_of_place(subject: Subject, signed: Signed) -> Iterator[Violation]:
    """Paragraphs that only an emergency allows."""
    for paragraph in subject.paragraphs:
        if fingerprint(paragraph.text) in signed.alarms:
            yield paragraph.whole(GuardClass.ESC, "is an emergency message, and there is no emergency")
