"""assess: the rules over the facts, and what to ask next. Code decides; nothing here words anything."""

from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import RedFlag
from symptom_intake.agent.interview.planner import READ_BACK, next_step, screen_is_stale
from symptom_intake.agent.safety.red_flags import also_run, fired_rules, flag_for, picked
from symptom_intake.agent.state import IntakeState, add_flags, latest, rise
from symptom_intake.prompts.levels import Urgency, highest


def assess(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """Raise the urgency to what the rules say, and choose the next question."""
    content, history = context.content, state["history"]
    flags = flags_now(state, context, closing=False)
    called = also_run(content, [flag.rule for flag in flags])
    complaints = list(dict.fromkeys((*state["complaints"], *picked(content, history, state["complaints"]), *called)))
    reading = state["reading"]
    answered = reading is None or reading.answered
    plan = next_step(content, history, complaints, state["asks"], answered, screen_is_stale(state["turns"]))
    if plan.step != "ask":
        flags = flags_now({**state, "complaints": complaints}, context, closing=True)
    return {
        "flags": flags,
        "urgency": highest(state["urgency"], *(flag.level for flag in flags)),
        "complaints": complaints,
        "next_ask": plan.ask,
        "remaining": [slot.label for slot in plan.left],
    }


def flags_now(state: IntakeState, context: IntakeContext, closing: bool) -> list[RedFlag]:
    """The red flags that the facts raise now, beside those already raised."""
    history, complaints = state["history"], state["complaints"]
    fired = frozenset(flag.rule for flag in state["flags"])
    flags: list[RedFlag] = []
    level: Urgency = state["urgency"]
    for rule in fired_rules(context.content, history, complaints, fired, closing):
        if rule.id in fired or (rule.raise_by and not (closing or level.is_emergency)):
            continue  # a rule that raises by a step waits for the level to raise from
        flag = flag_for(rule, level, history, latest(state).id)
        level = rise(level, flag.level)
        flags = add_flags(flags, [flag])
    return flags


def is_read_back(state: IntakeState) -> bool:
    """Whether the next step is to read back what was told."""
    ask = state["next_ask"]
    return ask is not None and ask.slot == READ_BACK
