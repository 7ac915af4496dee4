"""Whether what an author says of a slot, in an example or a written case, can be said of it."""

from collections.abc import Iterator
from typing import Any

from symptom_intake.prompts.conditions import STATES
from symptom_intake.prompts.model import Slot
from symptom_intake.prompts.quantities import parse_quantity

_COUNTED = frozenset({"number", "severity", "temperature", "glucose", "duration", "age"})


def value_faults(told: Any, slot: Slot) -> Iterator[str]:
    """What is wrong with a value, or a list of them, in a rule author's shorthand: yes, no, an option, a quantity."""
    for value in told if isinstance(told, list) else [told]:
        if isinstance(value, (bool, str)) and value in STATES:
            continue
        if slot.kind in _COUNTED:
            yield from quantity_faults(str(value), slot.unit)
        elif slot.options and str(value) not in {option.value for option in slot.options} | {"none"}:
            yield f"there is no option {value!r}"


def quantity_faults(text: str, unit: str | None) -> Iterator[str]:
    """What is wrong with a quantity in a slot's unit."""
    try:
        parse_quantity(text, unit)
    except ValueError as error:
        yield str(error)
