"""A condition in plain words, for a clinician who checks a rule."""

import re
from collections.abc import Mapping

from symptom_intake.prompts.conditions import Anywhere, AtLeast, Compares, Condition, Fired, HasState, HasValue, Not
from symptom_intake.prompts.model import Slot

_OPERATORS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days", "wk": "weeks", "mo": "months", "y": "years"}
_STATES = {"unknown": "not known", "declined": "not told", "known": "told, yes or no", "not_asked": "not asked yet"}
_QUANTITY = re.compile(r"(-?[\d.]+)([a-z]+)")


def in_words(condition: Condition, slots: Mapping[str, Slot]) -> str:
    """A condition as a phrase, with the labels of its slots and options."""
    if isinstance(condition, AtLeast):
        return _several(condition, slots)
    if isinstance(condition, Not):
        return f"not ({in_words(condition.condition, slots)})"
    if isinstance(condition, Fired):
        return f"{' or '.join(sorted(condition.rules))} has fired"
    if isinstance(condition, Anywhere):
        return f"of any complaint, {_test(condition.test, condition.name, None)}"
    slot = slots.get(condition.slot)
    return _test(condition, slot.label if slot else condition.slot.replace("_", " "), slot)


def _several(condition: AtLeast, slots: Mapping[str, Slot]) -> str:
    parts = [_bracketed(each, slots) for each in condition.of]
    if condition.count == len(parts):
        return " and ".join(parts)
    return " or ".join(parts) if condition.count == 1 else f"at least {condition.count} of: {'; '.join(parts)}"


def _bracketed(condition: Condition, slots: Mapping[str, Slot]) -> str:
    words = in_words(condition, slots)
    return f"({words})" if isinstance(condition, AtLeast) and len(condition.of) > 1 else words


def _test(test: HasState | HasValue | Compares, label: str, slot: Slot | None) -> str:
    if isinstance(test, HasState):
        told = {"present": label, "absent": f"no {label}"}
        return told.get(test.state) or f"{label} {_STATES[test.state]}"
    if isinstance(test, Compares):
        words = f"{label} {_OPERATORS[test.operator]} {_quantity(test.quantity)}"
    else:
        labels = {option.value: option.label for option in slot.options} if slot else {}
        words = f"{label}: {' / '.join(labels.get(value, value) for value in sorted(test.values))}"
    return f"{words} (or not known)" if test.or_unknown else words


def _quantity(text: str) -> str:
    match = _QUANTITY.fullmatch(text)
    return f"{match[1]} {_UNITS[match[2]]}" if match and match[2] in _UNITS else text
