"""A closed question's answers, numbered, so that a number will do for an answer."""

import re
from typing import TYPE_CHECKING, NamedTuple

from symptom_intake.agent.interview.wording import answers, options_text, slot_as_asked

if TYPE_CHECKING:
    from symptom_intake.agent.reply import Reply
    from symptom_intake.agent.session import IntakeSession

_NUMBERS = re.compile(r"\d+(?:(?:\s*,\s*|\s+and\s+|\s+)\d+)*[.)]?", re.ASCII)


class Card(NamedTuple):
    """A reply as it is shown: its text, and the answers that can be picked by number."""

    text: str
    answers: tuple[str, ...] = ()
    many: bool = False

    def picked(self, typed: str) -> str:
        """What was typed, with the numbers of answers written out."""
        if not self.answers or not _NUMBERS.fullmatch(typed.strip()):
            return typed
        numbers = [int(number) for number in re.findall(r"\d+", typed)]
        if not all(1 <= number <= len(self.answers) for number in numbers) or (len(numbers) > 1 and not self.many):
            return typed
        return ", ".join(self.answers[number - 1] for number in numbers)


def card_of(reply: "Reply", session: "IntakeSession") -> Card:
    """The card for a reply; the sentence that lists the answers gives way to the numbered list of them."""
    if reply.asked is None:
        return Card(reply.text)
    context = session.context
    slot = slot_as_asked(context.content, session.values["complaints"], reply.asked)
    listed = options_text(slot, context.messages) if slot.options else None
    if listed is None or not reply.text.endswith(f"\n\n{listed}"):
        return Card(reply.text)
    offered = tuple(answers(slot, context.messages))
    return Card(reply.text.removesuffix(f"\n\n{listed}"), offered, slot.kind == "choices")
