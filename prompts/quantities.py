"""Numbers with units as content writes them: `90d`, `15min`, `38.0C`, `7`."""

import re

HOURS = {
    "s": 1 / 3600,
    "min": 1 / 60,
    "h": 1.0,
    "d": 24.0,
    "wk": 24.0 * 7,
    "mo": 24.0 * 30.4375,
    "y": 24.0 * 365.25,
}
"""Hours in one unit of time; a month and a year are the mean of the calendar's."""

MG_IN_MMOL = 18.0
"""Milligrams a decilitre of glucose in one millimole a litre."""

_QUANTITY = re.compile(r"(-?\d+(?:\.\d+)?)\s*([A-Za-z%/]*)")


def parse_quantity(text: str, unit: str | None) -> float:
    """Read a number in the unit of a slot.

    Args:
        text: For example `90d`, `15min`, `38.0` or `7`.
        unit: The slot's unit: `hours`, `years`, `celsius`, `mmol` (a litre), or None for a bare number.

    Returns:
        The number in that unit.

    Raises:
        ValueError: If it is no number, or its unit does not fit the slot's.
    """
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a number with a unit")
    number, suffix = float(match[1]), match[2]
    if unit in ("hours", "years"):
        if suffix not in HOURS:
            raise ValueError(f"{text!r} needs a unit of time, one of {', '.join(HOURS)}")
        return number * HOURS[suffix] / (1.0 if unit == "hours" else HOURS["y"])
    if suffix and suffix != {"celsius": "C", "mmol": "mmol/L"}.get(unit or ""):
        raise ValueError(f"{text!r} has a unit, but the slot is counted in {unit or 'plain numbers'}")
    return number
