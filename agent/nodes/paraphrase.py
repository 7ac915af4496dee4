"""paraphrase: say back what was just heard, in the patient's own words, when there was more than one thing."""

from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Draft, Fact, Paragraph
from symptom_intake.agent.interview.planner import SCREEN
from symptom_intake.agent.interview.wording import PARAPHRASE_LIMIT, noted
from symptom_intake.agent.state import IntakeState, latest


def paraphrase(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """Begin the draft: an answer to what the patient said to the interviewer, then the restatement."""
    return {"draft": Draft(paragraphs=(*_aside(state, context), *_support(state, context), *_restated(state, context)))}


def _aside(state: IntakeState, context: IntakeContext) -> list[Paragraph]:
    reading = state["reading"]
    wanted = reading.aside if reading else None
    return [_template(aside.message, context) for aside in context.content.asides.asides if aside.id == wanted]


def _support(state: IntakeState, context: IntakeContext) -> list[Paragraph]:
    """A line of help below the emergency levels, once, in the turn in which its rule fired."""
    fresh = [flag for flag in state["flags"] if flag.turn == latest(state).id and flag.template]
    keys = dict.fromkeys(f"support.{flag.template}" for flag in fresh)
    return [_template(key, context) for key in keys if key in context.messages]


def _restated(state: IntakeState, context: IntakeContext) -> list[Paragraph]:
    reading = state["reading"]
    facts = [fact for fact in reading.facts if fact.slot != SCREEN and fact.method != "no_answer"] if reading else []
    corrected = any(fact.method == "correction" for fact in facts)
    if not corrected and len(facts) < 2:
        return []
    key = "ack.corrected" if corrected else "ack.noted"
    text = context.messages.text(key, facts=noted(_to_say(facts), context.content.slots))
    return [Paragraph(text=text, kind="paraphrase", ref=key)]


def _to_say(facts: list[Fact]) -> list[Fact]:
    """The few facts worth saying back: what is there before what is not."""
    return sorted(facts, key=lambda fact: fact.state != "present")[:PARAPHRASE_LIMIT]


def _template(key: str, context: IntakeContext) -> Paragraph:
    return Paragraph(text=context.messages.text(key), kind="template", ref=key)
