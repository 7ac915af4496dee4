"""A typed value as a patient would say it."""

import re
from collections.abc import Sequence

from symptom_intake.agent.evaluation.case import ADMITS_NOTHING
from symptom_intake.prompts.model import Slot

NONE_OF_THESE = "none of these"
ORDINARY = ("usual", "normal", "easy", "fine", "none", "no", "never")
"""Values of options that say that nothing is wrong; where a card has several, the first of these is meant."""
_SAYINGS = {"yes": "yes", "no": "no", "unknown": ADMITS_NOTHING, "declined": "I would rather not say"}
_QUANTITY = re.compile(r"(-?\d+(?:\.\d+)?)\s*([A-Za-z%/]*)")
_UNITS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "y": "year"}


def said(slot: Slot, values: Sequence[str]) -> str:
    """The words for one value, or for several that a card takes."""
    return " and ".join(_said(slot, value) for value in values)


def none_label(slot: Slot) -> str | None:
    """How a patient says that nothing is wrong, in answer to a closed question; None where no answer does."""
    labels = {option.value: option.label for option in slot.options}
    named = next((labels[value] for value in ORDINARY if value in labels), None)
    return named or (NONE_OF_THESE if slot.kind == "choices" else None)


def _said(slot: Slot, value: str) -> str:
    labels = {option.value: option.label for option in slot.options}
    if value in labels:
        return labels[value]
    if value in ("no", "none") and none_label(slot):
        return none_label(slot) or ""
    quantity = _QUANTITY.fullmatch(value)
    return _SAYINGS.get(value) or (_amount(slot, quantity[1], quantity[2]) if quantity else value.replace("_", " "))


def _amount(slot: Slot, number: str, unit: str) -> str:
    if slot.kind == "severity":
        return f"{number} out of 10"
    if slot.kind == "age" and unit in ("", "y"):
        return number
    if unit in _UNITS:
        about = "about " if slot.kind == "duration" else ""
        return f"{about}{number} {_UNITS[unit]}{'' if number == '1' else 's'}"
    return f"{number} {unit}".strip()
