"""listen: the interviewer reads the message into facts; what has no quote is dropped; corrections replace."""

from collections.abc import Mapping
from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Evidence, Fact, History, SlotState, Turn
from symptom_intake.agent.interview.corrections import merge
from symptom_intake.agent.interview.grounding import ground
from symptom_intake.agent.interview.linked import with_linked
from symptom_intake.agent.interview.planner import CHIEF_COMPLAINT, READ_BACK, read_back_chunk, read_backs, wanted
from symptom_intake.agent.interview.protocol import Listening, Reading
from symptom_intake.agent.safety.red_flags import protocols_in_play
from symptom_intake.agent.state import IntakeState, latest, open_ask
from symptom_intake.prompts.model import Slot

OFFERED = 2
"""Open questions that an interviewer is offered to word; the planner takes one of them, as a rule."""


def listen(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """Read the patient's turn."""
    turn, ask = latest(state), open_ask(state)
    slots = _slots_in_play(state, context)
    reading = context.interviewer.read(
        Listening(
            text=turn.text,
            turn=turn.id,
            asked=slots.get(ask.slot) if ask else None,
            slots=slots,
            history=state["history"],
            now=turn.at,
            earlier=_asked_before(state, slots),
            complaints=tuple(state["complaints"]),
            source="proxy" if state["history"].value("reporter") in ("parent", "carer") else "patient",
            turns=tuple(state["turns"]),
            next=_offered(state, context),
        )
    )
    reading = ground(reading, {each.id: each.text for each in state["turns"]})
    linked = with_linked(reading.facts, context.content.slots, state["history"])
    reading = reading.model_copy(update={"facts": linked})
    if ask is None and _tells_something(reading, turn):
        reading = reading.model_copy(update={"facts": (*reading.facts, _opening(turn))})
    if ask and ask.slot == READ_BACK:
        return _read_back(state, reading, turn, context.content.slots)
    if ask and ask.wording and not reading.answered and turn.text:
        reading = reading.model_copy(update={"facts": (*reading.facts, _no_answer(ask.slot, turn))})
    return {
        "reading": reading,
        "history": merge(state["history"], reading.facts, turn.id, context.content.slots),
        "complaints": _joined(state["complaints"], reading.complaints),
        "calls": state["calls"] + reading.calls,
    }


def _offered(state: IntakeState, context: IntakeContext) -> tuple[Slot, ...]:
    """Open questions that an interviewer may word; those with a card of answers keep the content's words."""
    put = [ask for ask in state["asks"] if ask.slot != READ_BACK]
    open_ = open_ask(state)
    asked = open_.slot if open_ else None
    left = wanted(context.content, state["history"], state["complaints"], put) if state["complaints"] else []
    return tuple(slot for slot in left if slot.id != asked and not slot.options)[:OFFERED]


def _slots_in_play(state: IntakeState, context: IntakeContext) -> dict[str, Slot]:
    shared = {slot.id: slot for slot in context.content.shared if slot.scope == "patient"}
    tables = protocols_in_play(context.content, state["history"], state["complaints"])
    return {slot.id: slot for each in tables for slot in each.slots} | shared


def _asked_before(state: IntakeState, slots: dict[str, Slot]) -> tuple[Slot, ...]:
    names = dict.fromkeys(ask.slot for ask in reversed(state["asks"][:-1]))
    return tuple(slots[name] for name in names if name in slots)


def _tells_something(reading: Reading, turn: Turn) -> bool:
    """Whether the opening words bring a problem, and are not only a greeting or a question."""
    return bool(turn.text) and (reading.aside is None or bool(reading.facts or reading.complaints))


def _opening(turn: Turn) -> Fact:
    """The chief complaint, in the patient's opening words."""
    evidence = Evidence(turn=turn.id, start=0, end=len(turn.text), quote=turn.text)
    state, value = SlotState.PRESENT, turn.text
    return Fact(
        id=f"{turn.id}.0", slot=CHIEF_COMPLAINT, state=state, value=value, evidence=(evidence,), method="opening"
    )


def _no_answer(slot: str, turn: Turn) -> Fact:
    """After two tries without an answer the slot is unknown, which the rules take seriously."""
    evidence = Evidence(turn=turn.id, start=0, end=len(turn.text), quote=turn.text)
    return Fact(id=f"{turn.id}.0", slot=slot, state=SlotState.UNKNOWN, evidence=(evidence,), method="no_answer")


def _read_back(state: IntakeState, reading: Reading, turn: Turn, slots: Mapping[str, Slot]) -> dict[str, Any]:
    """A yes confirms the facts that were shown, and only those; anything else is taken as a correction."""
    shown = {fact.id for fact in read_back_chunk(state["history"], read_backs(state["asks"]) - 1)}
    answers = [fact for fact in reading.facts if fact.slot == READ_BACK]
    told = tuple(fact for fact in reading.facts if fact.slot != READ_BACK)
    agreed = bool(answers) and answers[0].state is SlotState.PRESENT
    facts = merge(state["history"], told, turn.id, slots).facts
    if agreed or told:
        facts = tuple(fact.model_copy(update={"confirmed_by": turn.id}) if fact.id in shown else fact for fact in facts)
    return {
        "reading": reading.model_copy(update={"facts": told, "answered": agreed or bool(told)}),
        "history": History(facts=facts),
        "complaints": _joined(state["complaints"], reading.complaints),
        "calls": state["calls"] + reading.calls,
    }


def _joined(complaints: list[str], new: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys((*complaints, *new)))
