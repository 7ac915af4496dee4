"""What must hold of a condition: that its slots, options and rules are there, and that its units fit."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from symptom_intake.prompts.conditions import Anywhere, AtLeast, Compares, Condition, Fired, HasState, HasValue, Not
from symptom_intake.prompts.quantities import parse_quantity

if TYPE_CHECKING:
    from symptom_intake.prompts.loader import Content

DERIVED = frozenset({"critical_unknown"})
"""Slots that rules may test and nobody is asked about."""


def condition_faults(condition: Condition, content: "Content") -> Iterator[str]:
    """What is wrong with a condition."""
    if isinstance(condition, AtLeast):
        for each in condition.of:
            yield from condition_faults(each, content)
    elif isinstance(condition, Not):
        yield from condition_faults(condition.condition, content)
    elif isinstance(condition, Fired):
        yield from (f"there is no rule {name!r}" for name in sorted(condition.rules - content.rules.keys()))
    elif isinstance(condition, Anywhere):
        yield from _anywhere(condition, content)
    else:
        yield from _test(condition, content)


def _anywhere(condition: Anywhere, content: "Content") -> Iterator[str]:
    slots = condition.slots(content.slots)
    if not slots:
        yield f"no complaint has a slot {condition.name!r} of its own"
    yield from dict.fromkeys(fault for slot in slots for fault in _test(replace(condition.test, slot=slot), content))


def _test(test: HasState | HasValue | Compares, content: "Content") -> Iterator[str]:
    slot = content.slots.get(test.slot)
    if slot is None:
        if test.slot not in DERIVED:
            yield f"there is no slot {test.slot!r}"
    elif isinstance(test, HasValue) and slot.options:
        values = {option.value for option in slot.options} | {"none"}
        yield from (f"{test.slot} has no option {value!r}" for value in sorted(test.values - values))
    elif isinstance(test, Compares):
        try:
            parse_quantity(test.quantity, slot.unit)
        except ValueError as error:
            yield f"{test.slot}: {error}"
