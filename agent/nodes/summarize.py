"""summarize: read back what was told, a few facts at a time; when the patient has checked it, close."""

from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Draft, Paragraph
from symptom_intake.agent.interview.planner import read_back_chunk, read_backs
from symptom_intake.agent.interview.protocol import Narrator
from symptom_intake.agent.interview.wording import question, read_back, template
from symptom_intake.agent.state import IntakeState


def summarize(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """Draft the read-back, or the closing words."""
    return _read_back(state, context) if state["next_ask"] else _close(state, context)


def _read_back(state: IntakeState, context: IntakeContext) -> dict[str, Any]:
    ask, history, slots = state["next_ask"], state["history"], context.content.slots
    assert ask is not None  # noqa: S101 - asked for by the caller above
    parts = question(slots[ask.slot], ask, history, context.messages)
    if not ask.wording:
        parts = [*_list(state, context), *parts]
    return {"draft": Draft(paragraphs=(*_before(state), *parts), ask=ask), "phase": "read_back"}


def _list(state: IntakeState, context: IntakeContext) -> list[Paragraph]:
    number = read_backs(state["asks"])
    key = "read_back.more" if number else "read_back.intro"
    facts = read_back_chunk(state["history"], number)
    return [
        template(key, context.messages),
        Paragraph(text=read_back(facts, context.content.slots), kind="paraphrase", ref="read_back"),
    ]


def _close(state: IntakeState, context: IntakeContext) -> dict[str, Any]:
    parts = (template(key, context.messages) for key in ("closing", "safety_net"))
    update = {"draft": Draft(paragraphs=(*_before(state), *parts)), "phase": "done"}
    return update | (_narrative(state, context.narrator) if context.narrator else {})


def _narrative(state: IntakeState, narrator: Narrator) -> dict[str, Any]:
    """The story for the clinician; the patient's reply does not depend on it."""
    told = narrator.narrate(state["history"])
    return {"narrative": told, "calls": state["calls"] + told.calls}


def _before(state: IntakeState) -> tuple[Paragraph, ...]:
    """What the draft says already: the answer to an aside, or what was changed."""
    return state["draft"].paragraphs if state["draft"] else ()
