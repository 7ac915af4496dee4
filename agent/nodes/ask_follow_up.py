"""ask_follow_up: the planner's next question, in the content's words or the model's for that very slot."""

from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Draft, Paragraph
from symptom_intake.agent.interview.wording import question, slot_as_asked
from symptom_intake.agent.state import IntakeState, said
from symptom_intake.prompts.model import Slot


def ask_follow_up(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """Add the next question to the draft."""
    ask, draft, reading = state["next_ask"], state["draft"], state["reading"]
    assert ask is not None and draft is not None and reading is not None  # noqa: S101 - routing came here for this
    slot = slot_as_asked(context.content, state["complaints"], ask.slot)
    parts = question(slot, ask, state["history"], context.messages)
    worded = reading.wording.get(ask.slot)
    if worded and context.guardrail.bears_out(worded, [*_wordings(slot), *said(state)], state["history"].facts):
        parts[0] = Paragraph(text=worded, kind="model", ref=slot.id, instead=parts[0].text)
    return {"draft": Draft(paragraphs=(*draft.paragraphs, *parts), ask=ask), "phase": "interview"}


def _wordings(slot: Slot) -> tuple[str, ...]:
    return slot.question, slot.rephrase, slot.proxy, slot.proxy_rephrase, slot.label
