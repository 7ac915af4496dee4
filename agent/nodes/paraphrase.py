"""paraphrase: say back what was just heard, in the patient's own words, when there was more than one thing."""

from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Draft, Fact, Paragraph, SlotState
from symptom_intake.agent.image_reading import image_note
from symptom_intake.agent.interview.wording import PARAPHRASE_LIMIT, noted, template
from symptom_intake.agent.state import IntakeState, images_of_turn, latest

_TOLD = (SlotState.PRESENT, SlotState.ABSENT)
_ANSWERS = ("slot_answer", "linked", "no_answer", "opening")
"""How a fact is read that only answers the question; saying it back would be tiresome."""


def paraphrase(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """Begin the draft: an answer to what the patient said to the interviewer, then the restatement."""
    keys = [*_notice(state, context), *_support(state, context), *_acknowledged(state, context)]
    parts = [template(key, context.messages) for key in keys]
    return {"draft": Draft(paragraphs=(*parts, *_restated(state, context)))}


def _notice(state: IntakeState, context: IntakeContext) -> list[str]:
    """The AI notice, once, where the caller has no greeting that shows it."""
    words = context.messages.text("notice")
    given = any(turn.role == "assistant" and turn.text.startswith(words) for turn in state["turns"])
    return ["notice"] if context.notice_in_reply and not given else []


def _support(state: IntakeState, context: IntakeContext) -> list[str]:
    """A line of help below the emergency levels, once, in the turn in which its rule fired."""
    fresh = [flag for flag in state["flags"] if flag.turn == latest(state).id and flag.template]
    keys = dict.fromkeys(f"support.{flag.template}" for flag in fresh)
    return [key for key in keys if key in context.messages]


def _acknowledged(state: IntakeState, context: IntakeContext) -> list[str]:
    """Templates that meet what the patient said to the interviewer, passed over, or attached."""
    reading = state["reading"]
    assert reading is not None  # noqa: S101 - listen has set it
    keys = [aside.message for aside in context.content.asides.asides if aside.id == reading.aside]
    if any(fact.state is SlotState.DECLINED for fact in reading.facts):
        keys.append("ack.skip")
    images = images_of_turn(state)
    return [*keys, image_note(images)] if images else keys


def _restated(state: IntakeState, context: IntakeContext) -> list[Paragraph]:
    reading = state["reading"]
    assert reading is not None  # noqa: S101 - listen has set it
    told = [fact for fact in reading.facts if fact.method not in _ANSWERS and fact.state in _TOLD]
    facts = [fact for fact in told if fact.slot != "reporter"]
    corrected = any(fact.method == "correction" for fact in facts)
    if not corrected and len(facts) < 2:
        return []
    key = "ack.corrected" if corrected else "ack.noted"
    text = context.messages.text(key, facts=noted(_to_say(facts), context.content.slots))
    if not reading.paraphrase or not context.guardrail.bears_out(reading.paraphrase, (), facts):
        return [Paragraph(text=text, kind="paraphrase", ref=key)]
    worded = context.messages.text(key, facts=reading.paraphrase)
    return [Paragraph(text=worded, kind="model", ref=key, instead=text)]


def _to_say(facts: list[Fact]) -> list[Fact]:
    """The few facts worth saying back: what is there before what is not."""
    return sorted(facts, key=lambda fact: fact.state is not SlotState.PRESENT)[:PARAPHRASE_LIMIT]
