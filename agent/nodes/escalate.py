"""escalate: the signed template for the region and the level. No model, no further question."""

from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Draft, RedFlag
from symptom_intake.agent.interview.wording import template
from symptom_intake.agent.state import IntakeState
from symptom_intake.prompts.levels import Urgency


def escalate(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """Draft the emergency message."""
    key = escalation_key(state["urgency"], state["flags"])
    draft = Draft(paragraphs=(template(key, context.messages),))
    return {"draft": draft, "phase": "escalated", "next_ask": None, "remaining": []}


def escalation_key(urgency: Urgency, flags: list[RedFlag]) -> str:
    """The template for a level: a crisis first, then what a rule of that level asks for, then the level's own."""
    wanted = [flag.template for flag in flags if flag.template and flag.level.is_emergency]
    family = "crisis" if "crisis" in wanted else next(iter(wanted), urgency.value)
    return f"escalate.{family}"
