"""guardrail: judge the draft; what does not pass is replaced by signed words. It cannot fail open."""

from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Draft
from symptom_intake.agent.interview.wording import question, slot_as_asked, template
from symptom_intake.agent.nodes.escalate import escalation_key
from symptom_intake.agent.safety.verdict import Verdict
from symptom_intake.agent.state import IntakeState, said
from symptom_intake.prompts.levels import Urgency


def guardrail(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """Let the draft pass, or the same in code's words, or put a safe one in its place; remember why."""
    draft = state["draft"]
    assert draft is not None  # noqa: S101 - every way here sets one
    verdict = _verdict(draft, state, context)
    if verdict.allowed:
        return {"blocked": []}
    own = draft.without_model
    passes = own != draft and _verdict(own, state, context).allowed
    return {
        "draft": own if passes else _safe(draft, state, context),
        "blocked": sorted({each.cls.value for each in verdict.violations}),
    }


def _verdict(draft: Draft, state: IntakeState, context: IntakeContext) -> Verdict:
    urgency = state.get("urgency", Urgency.ROUTINE)
    return context.guardrail.check(draft.text, said=said(state), facts=state["history"].facts, urgency=urgency)


def _safe(draft: Draft, state: IntakeState, context: IntakeContext) -> Draft:
    """Only signed words: the escalation, or a neutral sentence and the content's own question."""
    if state["phase"] == "escalated":
        return Draft(paragraphs=(template(escalation_key(state["urgency"], state["flags"]), context.messages),))
    parts = [template("safe_fallback", context.messages)]
    if draft.ask:
        slot = slot_as_asked(context.content, state["complaints"], draft.ask.slot)
        parts += question(slot, draft.ask, state["history"], context.messages)
    return Draft(paragraphs=tuple(parts), ask=draft.ask)
