"""fail_safe: whatever node breaks, the patient gets signed words and a way to a person, never silence."""

import logging
from typing import Any

from langgraph.errors import NodeError
from langgraph.types import Command

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Draft, History
from symptom_intake.agent.interview.wording import template
from symptom_intake.agent.nodes.escalate import escalation_key
from symptom_intake.agent.state import IntakeState
from symptom_intake.prompts.levels import Urgency

_LOG = logging.getLogger(__name__)


def fail_safe(state: IntakeState, error: NodeError, *, context: IntakeContext) -> Command[str]:
    """Reply with a signed template when a node has raised; the log names the node and the kind of error only."""
    _LOG.error("node %s failed: %s", error.node, type(error.error).__name__)
    urgency = state.get("urgency", Urgency.ROUTINE)
    key = escalation_key(urgency, state.get("flags", [])) if urgency.is_emergency else "problem.failed"
    draft = Draft(paragraphs=(template(key, context.messages),))
    update: dict[str, Any] = {
        "draft": draft,
        "history": state.get("history", History()),
        "phase": "escalated" if urgency.is_emergency else state.get("phase", "opening"),
        "blocked": [],
        "calls": state.get("calls", 0),
    }
    return Command(update=update, goto="deliver")
