"""What is signed: paragraphs that pass by their hash, and the escalation templates by level."""

from collections.abc import Container, Iterator

from symptom_intake.agent.interview.wording import options_text
from symptom_intake.agent.safety.checks.subject import Origin, Paragraph, split
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.templates import Messages, fingerprint

_ESCALATION = "escalate."
_HOLE = "\x00"


class Signed:
    """The hashes of everything that a patient may read verbatim.

    Attributes:
        messages: Of the message templates' paragraphs. `content`: of the questions and their answers.
        escalations: Of each escalation template, with the level that it speaks for.
        alarms: Of paragraphs that stand in an escalation template alone.
        beginnings: The fixed first words of paragraphs that facts fill.
    """

    def __init__(self, content: Content, messages: Messages) -> None:
        """Hash the templates and the wordings of every slot."""
        templates = {key: _with_holes(messages, key) for key in messages.keys()}  # noqa: SIM118 - no mapping
        fixed = [part for parts in templates.values() for part in parts if _HOLE not in part]
        self.messages = messages.signed | {fingerprint(part) for part in fixed}
        self.content = frozenset(fingerprint(text) for text in wordings(content, messages))
        self.escalations = tuple(
            (_level(key), frozenset(map(fingerprint, parts)))
            for key, parts in templates.items()
            if key.startswith(_ESCALATION)
        )
        calm = (part for key, parts in templates.items() if not key.startswith(_ESCALATION) for part in parts)
        self.alarms = frozenset[str]().union(*(parts for _, parts in self.escalations)) - set(map(fingerprint, calm))
        holed = (part.split(_HOLE)[0].strip() for parts in templates.values() for part in parts if _HOLE in part)
        self.beginnings = tuple({start for start in holed if len(start) > 3})

    def paragraphs(self, draft: str, more: Container[str]) -> tuple[Paragraph, ...]:
        """Split a draft, and say of each paragraph who has signed it."""
        return tuple(self._paragraph(start, text, more) for start, text in split(draft))

    def _paragraph(self, start: int, text: str, more: Container[str]) -> Paragraph:
        mark = fingerprint(text)
        origin: Origin = "draft"
        if mark in self.messages or mark in more:
            origin = "message"
        elif mark in self.content:
            origin = "content"
        until = max((len(begin) for begin in self.beginnings if text.startswith(begin)), default=0)
        return Paragraph(text, start, origin, 0 if origin != "draft" else until)


def _with_holes(messages: Messages, key: str) -> list[str]:
    """A template's paragraphs, with a mark where a session's values go."""
    return messages.text(key, **dict.fromkeys(messages.placeholders(key), _HOLE)).split("\n\n")


def _level(key: str) -> Urgency:
    """The level an escalation template speaks for: any that names no lower one speaks for the highest."""
    lower = key.removeprefix(_ESCALATION).startswith(Urgency.EMERGENCY_DEPARTMENT.value)
    return Urgency.EMERGENCY_DEPARTMENT if lower else Urgency.EMERGENCY_NOW


def wordings(content: Content, messages: Messages) -> Iterator[str]:
    """The paragraphs of every question, in each wording, and its answers."""
    slots = [slot for protocol in content.protocols.values() for slot in protocol.slots]
    for slot in (*slots, *content.shared):
        for text in (slot.question, slot.rephrase, slot.proxy, slot.proxy_rephrase, slot.why):
            yield from (part for _, part in split(text))
        if slot.options:
            yield options_text(slot, messages)
