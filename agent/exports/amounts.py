"""Numbers as a clinician reads them."""

from symptom_intake.prompts.model import SlotKind
from symptom_intake.prompts.quantities import HOURS, MG_IN_MMOL

_UNITS = {"y": "year", "mo": "month", "wk": "week", "d": "day", "h": "hour", "min": "minute", "s": "second"}
_MOST = 100
"""A count from here on is told in a larger unit."""


def amount(kind: SlotKind, number: float) -> str:
    """A slot's number with its unit.

    Args:
        kind: The slot's kind, which fixes the unit that the number is kept in.
        number: The number.

    Returns:
        For example `3 days`, `38.5 °C` or `7 out of 10`.
    """
    if kind == "duration":
        return span(number)
    if kind == "age":
        return span(number * HOURS["y"])
    if kind == "temperature":
        return f"{_plain(number)} °C"
    if kind == "glucose":
        return f"{_plain(number)} mmol/L ({round(number * MG_IN_MMOL)} mg/dL)"
    return f"{_plain(number)} out of 10" if kind == "severity" else _plain(number)


def span(hours: float) -> str:
    """A length of time in the largest unit that tells it in a whole number, else about."""
    counts = {unit: hours / HOURS[unit] for unit in _UNITS}
    whole = [unit for unit, count in counts.items() if _fits(unit, count)]
    if whole:
        return _counted(round(counts[whole[0]]), whole[0])
    unit = next((unit for unit, count in counts.items() if count >= 1), "s")
    return f"about {_counted(round(counts[unit], 1), unit)}"


def _fits(unit: str, count: float) -> bool:
    whole = abs(count - round(count)) <= 1e-3 * count
    return whole and round(count) >= 1 and (count < _MOST or unit == "y")


def _counted(count: float, unit: str) -> str:
    return f"{_plain(count)} {_UNITS[unit]}{'' if count == 1 else 's'}"


def _plain(number: float) -> str:
    return f"{number:.10g}"
