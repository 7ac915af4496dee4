"""deliver: the one door to the patient. It writes the reply, and the records of the turn."""

import hashlib
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Draft, Turn
from symptom_intake.agent.interview.protocol import Narrative, Reading
from symptom_intake.agent.state import IntakeState, add_turns, images_of_turn, open_ask, session_of
from symptom_intake.prompts.levels import Urgency


def deliver(state: IntakeState, config: RunnableConfig, *, context: IntakeContext) -> dict[str, Any]:
    """Hand the checked draft to the patient."""
    draft = state["draft"]
    assert draft is not None  # noqa: S101 - the guardrail always leaves one
    reply = _reply(draft, state, context)
    asks = [*state.get("asks", []), draft.ask] if draft.ask else state.get("asks", [])
    _record(state, reply, session_of(config), context)
    return {
        "messages": [AIMessage(draft.text, id=f"{reply.id}-{_short(reply)}")],
        "turns": [reply],
        "asks": asks,
        "draft": None,
    }


def _reply(draft: Draft, state: IntakeState, context: IntakeContext) -> Turn:
    ask, reading = draft.ask or open_ask(state), state.get("reading")
    return Turn(
        id=f"a{sum(turn.role == 'assistant' for turn in state.get('turns', [])) + 1}",
        role="assistant",
        text=draft.text,
        at=context.clock(),
        asked=ask.slot if ask else None,
        urgency=state.get("urgency", Urgency.ROUTINE),
        phase=state["phase"],
        rules=tuple(flag.rule for flag in state.get("flags", [])),
        calls=state["calls"],
        read_by=reading.read_by or context.interviewer.name if reading else None,
        fault=reading.fault if reading else None,
    )


def _short(reply: Turn) -> str:
    return hashlib.sha256(reply.text.encode() + reply.at.isoformat().encode()).hexdigest()[:12]


def _record(state: IntakeState, reply: Turn, session: str, context: IntakeContext) -> None:
    """Write the turn; running again after a crash writes the same rows again, not more of them."""
    records = context.records
    if records is None:
        return
    turns = add_turns(state.get("turns", []), [reply])
    records.save_session(
        session,
        region=context.settings.region,
        language=context.settings.language,
        interviewer=context.interviewer.name,
        content_version=context.content.version,
        phase=reply.phase or "opening",
        urgency=reply.urgency or Urgency.ROUTINE,
        turns=len(turns),
        updated=reply.at.isoformat(),
    )
    records.save_turns(session, [turn.model_dump(mode="json") for turn in turns])
    records.save_facts(session, [fact.model_dump(mode="json") for fact in state["history"]])
    records.audit(session, "reply", _audit_detail(state, reply, context), key=reply.id)


def _audit_detail(state: IntakeState, reply: Turn, context: IntakeContext) -> dict[str, Any]:
    """What happened in the turn, without a word of the patient's."""
    return {
        "turn": reply.id,
        "asked": reply.asked,
        "phase": reply.phase,
        "urgency": reply.urgency,
        "rules": list(reply.rules),
        "blocked": state["blocked"],
        "calls": reply.calls,
        **_model_detail(state, context),
        "content": context.content.version,
        "messages": context.messages.version,
        "sha256": hashlib.sha256(reply.text.encode()).hexdigest(),
    }


def _model_detail(state: IntakeState, context: IntakeContext) -> dict[str, Any]:
    """What a model had to do with the turn; nothing where there is none."""
    reading, narrative = state.get("reading"), state.get("narrative")
    detail: dict[str, Any] = {}
    if reading and (reading.calls or reading.fault):
        detail["reading"] = _spent(reading) | {"read_by": reading.read_by, "prompt": _prompt(context.interviewer)}
    if reading and narrative and state["phase"] == "done":
        detail["narrative"] = _spent(narrative) | {"prompt": _prompt(context.narrator)}
    if context.image_reader and (images := images_of_turn(state)):
        looks = [{"id": each.id, "status": each.status, "fault": each.fault} for each in images]
        detail["images"] = {
            "read_by": context.image_reader.name,
            "prompt": _prompt(context.image_reader),
            "looks": looks,
        }
    return detail


def _spent(made: Reading | Narrative) -> dict[str, Any]:
    return made.model_dump(include={"calls", "prompt_tokens", "completion_tokens", "dropped", "fault"})


def _prompt(part: object) -> str | None:
    return getattr(part, "prompt", None)
