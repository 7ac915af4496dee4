"""Screening one message on its own: the raw text, and the rules over what it tells. No model, no network."""

from collections.abc import Sequence
from datetime import datetime

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Fact, History, SlotState
from symptom_intake.agent.interview.corrections import merge
from symptom_intake.agent.interview.grounding import ground
from symptom_intake.agent.interview.linked import with_linked
from symptom_intake.agent.interview.protocol import Listening
from symptom_intake.agent.safety.red_flags import fired_rules, flag_for
from symptom_intake.agent.safety.text_scan import Hit
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.model import Slot

_TURN = "t1"


def vouched_for(age: float | None = None, sex: str | None = None, pregnant: bool | None = None) -> History:
    """What a caller knows of a patient, without any words of theirs behind it; `age` in years."""
    facts: list[Fact] = []
    if age is not None:
        facts.append(_given("age", number=age))
    if sex:
        facts.append(_given("sex", value=sex))
    if pregnant is not None:
        facts.append(_given("pregnancy", value="pregnant") if pregnant else _given("pregnancy", absent=True))
    return History(facts=tuple(facts))


def _given(slot: str, *, absent: bool = False, value: str | None = None, number: float | None = None) -> Fact:
    state = SlotState.ABSENT if absent else SlotState.PRESENT
    return Fact(id=slot, slot=slot, state=state, value=value, number=number, evidence=(), source="record")


def screen_text(
    text: str,
    known: History,
    context: IntakeContext,
    now: datetime,
    asked: Slot | None = None,
    complaints: Sequence[str] = (),
) -> list[Hit]:
    """The rules that a message raises, by its words and by the facts in it.

    Args:
        text: What the patient wrote.
        known: What the caller knows of the patient: age, sex, pregnancy.
        context: The content and what is compiled from it.
        now: When it was written.
        asked: What it may be the answer to.
        complaints: Ids of the complaints that are in play already.

    Returns:
        One hit for each rule, those of the raw text first. A rule about known facts alone has no spans.
    """
    hits = {hit.rule.id: hit for hit in context.scanner.scan(text, known)}
    slots = context.content.slots
    reading = context.embedded.read(Listening(text=text, turn=_TURN, asked=asked, slots=slots, history=known, now=now))
    reading = ground(reading, {_TURN: text})
    told = merge(known, with_linked(reading.facts, slots, known), _TURN, slots)
    for rule in fired_rules(context.content, told, (*complaints, *reading.complaints), frozenset(hits)):
        evidence = flag_for(rule, Urgency.ROUTINE, told, _TURN).evidence
        spans = tuple(sorted({(each.start, each.end) for each in evidence}))
        hits.setdefault(rule.id, Hit(rule, spans))
    return list(hits.values())
