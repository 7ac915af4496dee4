"""Taking back the last answer: the state from before it, except that urgency which rose stays where it is."""

from collections.abc import Iterable
from typing import Any

from langgraph.types import StateSnapshot

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Draft, History, Turn
from symptom_intake.agent.interview.wording import question, slot_as_asked, template
from symptom_intake.agent.reply import OVER
from symptom_intake.agent.state import IntakeState


def undo_update(
    snapshots: Iterable[StateSnapshot], state: IntakeState, context: IntakeContext
) -> dict[str, Any] | None:
    """The update that takes back the last answer and drafts its question again.

    Args:
        snapshots: The session's checkpoints, newest first.
        state: The state now.
        context: For the words of the question.

    Returns:
        The update, or None when there is nothing to take back.
    """
    answers = [turn for turn in state.get("turns", []) if turn.role == "patient" and not turn.taken_back]
    if not answers or state.get("phase") in OVER:
        return None
    before = _values_before(answers[-1], snapshots)
    return {
        "history": before.get("history", History()),
        "complaints": before.get("complaints", []),
        "asks": before.get("asks", []),
        "phase": before.get("phase", "opening"),
        "remaining": before.get("remaining", []),
        "turns": [answers[-1].model_copy(update={"taken_back": True})],
        "draft": _draft(before, context),
        "reading": None,
        "blocked": [],
        "calls": 0,
    }


def _values_before(turn: Turn, snapshots: Iterable[StateSnapshot]) -> IntakeState:
    """The state as it was when the turn's question had been delivered; nothing before the first turn."""
    for snapshot in snapshots:
        values: IntakeState = snapshot.values  # type: ignore[assignment]
        if not snapshot.next and all(each.id != turn.id for each in values.get("turns", [])):
            return values
    return {}  # type: ignore[typeddict-item]


def _draft(before: IntakeState, context: IntakeContext) -> Draft:
    messages, asks = context.messages, before.get("asks", [])
    parts = [template("ack.undo", messages)]
    if not asks:
        parts.append(template("opening", messages))
        return Draft(paragraphs=tuple(parts))
    slot = slot_as_asked(context.content, before["complaints"], asks[-1].slot)
    return Draft(paragraphs=(*parts, *question(slot, asks[-1], before["history"], messages)))
