"""screen: red flags in the raw text, before anything else reads it. No model, no network."""

from collections.abc import Sequence
from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Evidence, RedFlag, Turn
from symptom_intake.agent.interview.picked import picked_options
from symptom_intake.agent.safety.text_scan import Hit
from symptom_intake.agent.screening import screen_text
from symptom_intake.agent.state import IntakeState, latest, open_ask
from symptom_intake.prompts.levels import Urgency, highest


def screen(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """Scan the patient's text; whatever fires raises the urgency at once."""
    turn = latest(state)
    if _picks_from_a_list(state, turn, context):
        return {"flags": [], "urgency": Urgency.ROUTINE}
    hits = context.scanner.scan(turn.text, state["history"])
    if _level(hits) is Urgency.EMERGENCY_DEPARTMENT:
        hits = _with_facts(state, turn, context)  # the interview ends here: what is not read now is not read at all
    flags = [_flag(hit, turn) for hit in hits if hit.spans]
    return {"flags": flags, "urgency": highest(Urgency.ROUTINE, *(flag.level for flag in flags))}


def _with_facts(state: IntakeState, turn: Turn, context: IntakeContext) -> list[Hit]:
    ask = open_ask(state)
    asked = context.content.slots.get(ask.slot) if ask else None
    return screen_text(turn.text, state["history"], context, turn.at, asked, state["complaints"])


def _picks_from_a_list(state: IntakeState, turn: Turn, context: IntakeContext) -> bool:
    """Whether the message is nothing but entries of our lists: the words are ours, and their tables ask on."""
    ask = open_ask(state)
    card = next((each for each in context.content.cards if ask and each.id == ask.slot), None)
    return card is not None and bool(picked_options(turn.text, card))


def _level(hits: Sequence[Hit]) -> Urgency:
    return highest(Urgency.ROUTINE, *(hit.rule.level or Urgency.ROUTINE for hit in hits))


def _flag(hit: Hit, turn: Turn) -> RedFlag:
    return RedFlag(
        rule=hit.rule.id,
        level=hit.rule.level or Urgency.ROUTINE,
        reason=hit.rule.reason,
        evidence=tuple(
            Evidence(turn=turn.id, start=start, end=end, quote=turn.text[start:end]) for start, end in hit.spans
        ),
        seen_in="text",
        turn=turn.id,
        template=hit.rule.template,
        soon=hit.rule.soon,
    )
