"""Full names: a complaint's own slot `quality` becomes `chest_pain.quality`, in its questions and its rules."""

from dataclasses import replace

from symptom_intake.prompts.conditions import AtLeast, Compares, Condition, HasState, HasValue, Not
from symptom_intake.prompts.model import Rule, Slot


def scoped_slot(slot: Slot, complaint: str, own: frozenset[str]) -> Slot:
    """The slot under its full id, its `ask_if` rewritten likewise."""
    ask_if = scoped(slot.ask_if, complaint, own) if slot.ask_if else None
    name = f"{complaint}.{slot.id}" if slot.id in own else slot.id
    return slot.model_copy(update={"id": name, "ask_if": ask_if})


def scoped_rule(rule: Rule, complaint: str, own: frozenset[str]) -> Rule:
    """The rule with the full ids of its slots."""
    return rule.model_copy(update={"when": scoped(rule.when, complaint, own)}) if rule.when else rule


def scoped(condition: Condition, complaint: str, own: frozenset[str]) -> Condition:
    """The condition with the full ids of its slots."""
    if isinstance(condition, (HasState, HasValue, Compares)):
        return replace(condition, slot=f"{complaint}.{condition.slot}") if condition.slot in own else condition
    if isinstance(condition, AtLeast):
        return replace(condition, of=tuple(scoped(each, complaint, own) for each in condition.of))
    if isinstance(condition, Not):
        return Not(scoped(condition.condition, complaint, own))
    return condition
