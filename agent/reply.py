"""What a caller gets for each message, and the events of a streamed one."""

from typing import Literal

from symptom_intake.agent.history import Phase, Value
from symptom_intake.prompts.levels import Urgency


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
        kind: `accepted` (the message is kept), `progress` (a node has finished) or `reply`.
        node: The node that finished.
        reply: The checked reply; no part of it is seen before.
    """

    kind: Literal["accepted", "progress", "reply"]
    node: str | None = None
    reply: Reply | None = None
