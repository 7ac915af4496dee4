"""Where each step leads: pure functions of the state."""

from typing import Literal

from symptom_intake.agent.nodes.assess import is_read_back
from symptom_intake.agent.state import IntakeState, images_of_turn, latest


def route_received(state: IntakeState) -> Literal["screen", "guardrail", "__end__"]:
    """A new patient turn is screened; an opening is only checked; a repeated message ends at once."""
    turns = state.get("turns", [])
    if turns and latest(state).role == "patient":
        return "screen"
    return "guardrail" if state.get("draft") else "__end__"


def route_screened(state: IntakeState) -> Literal["escalate", "guardrail", "examine_images", "listen"]:
    """An emergency goes straight to its template, and stays there; what cannot be read has its reply already."""
    if state["urgency"].is_emergency:
        return "escalate"
    if state["draft"] is not None:
        return "guardrail"
    return "examine_images" if images_of_turn(state) else "listen"


def route_examined(state: IntakeState) -> Literal["escalate", "listen"]:
    """What an image shows can be an emergency too; then nothing more is read."""
    return "escalate" if state["urgency"].is_emergency else "listen"


def route_assessed(state: IntakeState) -> Literal["escalate", "paraphrase"]:
    """Facts can be an emergency too."""
    return "escalate" if state["urgency"].is_emergency else "paraphrase"


def route_planned(state: IntakeState) -> Literal["ask_follow_up", "summarize"]:
    """Ask while there is something to ask; then read back, then close."""
    return "summarize" if state["next_ask"] is None or is_read_back(state) else "ask_follow_up"
