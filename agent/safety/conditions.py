"""Evaluating a condition over a history, in three values: it holds, it does not, or nobody knows yet."""

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from symptom_intake.agent.history import History, SlotState
from symptom_intake.prompts.conditions import Anywhere, AtLeast, Compares, Condition, Fired, HasState, HasValue, Not
from symptom_intake.prompts.model import Slot
from symptom_intake.prompts.quantities import parse_quantity

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_NO_ANSWER = (SlotState.UNKNOWN, SlotState.DECLINED)


def holds(
    condition: Condition, history: History, slots: Mapping[str, Slot], fired: Collection[str] = ()
) -> bool | None:
    """Evaluate a condition.

    Args:
        condition: What to test.
        history: The facts.
        slots: Every slot by id, for the units of comparisons.
        fired: Ids of the rules that have fired.

    Returns:
        True or False when the facts settle it, None when a fact that it turns on is not known.
    """
    if isinstance(condition, AtLeast):
        return _at_least(condition.count, condition.of, lambda each: holds(each, history, slots, fired))
    if isinstance(condition, Not):
        inner = holds(condition.condition, history, slots, fired)
        return None if inner is None else not inner
    if isinstance(condition, Anywhere):
        tests = (replace(condition.test, slot=slot) for slot in condition.slots({fact.slot for fact in history}))
        return True if any(holds(each, history, slots, fired) for each in tests) else None
    if isinstance(condition, Fired):
        return not condition.rules.isdisjoint(fired)
    if isinstance(condition, HasState):
        return _has_state(condition, history.state(condition.slot))
    return _has_answer(condition, history, slots)


def _at_least(count: int, of: Sequence[Condition], test: Callable[[Condition], bool | None]) -> bool | None:
    """Whether so many hold; the rest is not looked at once that is settled."""
    needed, to_spare, unknown = count, len(of) - count, 0
    for each in of:
        found = test(each)
        if found:
            needed -= 1
            if not needed:
                return True
        elif found is None:
            unknown += 1
        else:
            to_spare -= 1
            if to_spare < 0:
                return False
    return None if unknown >= needed else False


def _has_state(condition: HasState, state: SlotState) -> bool | None:
    if condition.state == "known":
        return state in (SlotState.PRESENT, SlotState.ABSENT)
    if condition.state in ("present", "absent") and state in (*_NO_ANSWER, SlotState.NOT_ASKED):
        return None
    return state == condition.state


def _has_answer(condition: HasValue | Compares, history: History, slots: Mapping[str, Slot]) -> bool | None:
    state = history.state(condition.slot)
    if state in _NO_ANSWER:
        return True if condition.or_unknown else None
    if state is SlotState.NOT_ASKED:
        return None
    if isinstance(condition, HasValue):
        values = {fact.value for fact in history.of(condition.slot)}
        return not condition.values.isdisjoint({"none"} if state is SlotState.ABSENT else values)
    number = history.number(condition.slot)
    if number is None:
        return False if state is SlotState.ABSENT else None
    limit = parse_quantity(condition.quantity, slots[condition.slot].unit)
    return _COMPARE[condition.operator](number, limit)
