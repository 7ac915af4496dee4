"""What a caller gets for each message, and the events of a streamed one."""

from itertools import pairwise
from typing import Literal

from symptom_intake.agent.history import Phase, Turn, Value
from symptom_intake.agent.interview.planner import HARD_CAP
from symptom_intake.agent.state import IntakeState
from symptom_intake.prompts.levels import Urgency

OVER = ("done", "escalated")
"""Phases in which nothing more is asked."""


class Progress(Value):
    """How far the interview is.

    Attributes:
        asked: Questions put so far. `limit`: the most that will be put.
        covered: Things known. `remaining`: labels of what is still to be covered, next first.
    """

    asked: int
    limit: int
    covered: int
    remaining: tuple[str, ...]


class Reply(Value):
    """The answer to one message, after the guardrail.

    Attributes:
        session: The session's id.
        turn: Number of the reply, from 1.
        text: What the patient reads.
        urgency: The level so far.
        phase: Where the interview stands.
        asked: Full id of the slot that the reply asks about, or None.
        rules: Ids of the rules that fired so far.
        done: Whether the interview is over.
        calls: Model calls that the turn cost.
        notice: The AI notice, with a session's first reply only.
        progress: How far the interview is.
    """

    session: str
    turn: int
    text: str
    urgency: Urgency
    phase: Phase
    asked: str | None
    rules: tuple[str, ...]
    done: bool
    calls: int
    notice: str | None
    progress: Progress


class Event(Value):
    """Something that happened while a message was being answered.

    Attributes:
        kind: `accepted` (the message is kept), `progress` (a node has finished), `text` (a paragraph of the reply is
            released) or `reply`.
        node: The node that finished.
        text: The paragraph; the guardrail has passed the whole reply by then.
        reply: The checked reply; no part of it is seen before.
    """

    kind: Literal["accepted", "progress", "text", "reply"]
    node: str | None = None
    text: str | None = None
    reply: Reply | None = None


def as_reply(session: str, turn: Turn, state: IntakeState, notice: str) -> Reply:
    """The reply that an assistant turn was.

    Args:
        session: The session's id.
        turn: The assistant turn.
        state: The state, for the progress.
        notice: The AI notice; goes with the first reply only.
    """
    number, phase = int(turn.id.removeprefix("a")), turn.phase or "opening"
    return Reply(
        session=session,
        turn=number,
        text=turn.text,
        urgency=turn.urgency or Urgency.ROUTINE,
        phase=phase,
        asked=turn.asked,
        rules=turn.rules,
        done=phase in OVER,
        calls=turn.calls,
        notice=notice if number == 1 else None,
        progress=progress(state),
    )


def progress(state: IntakeState) -> Progress:
    """How far the interview is."""
    return Progress(
        asked=len(state.get("asks", [])),
        limit=HARD_CAP,
        covered=len({fact.slot for fact in state["history"]}),
        remaining=tuple(state.get("remaining", [])),
    )


def reply_to(session: str, message_id: str, state: IntakeState, notice: str) -> Reply | None:
    """The reply that a message got before, or None when it is new."""
    for turn, answer in pairwise(state.get("turns", [])):
        if turn.message_id == message_id and answer.role == "assistant":
            return as_reply(session, answer, state, notice)
    return None
