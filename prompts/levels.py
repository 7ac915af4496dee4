"""Urgency: five levels, of which a session only ever climbs."""

from enum import StrEnum


class Urgency(StrEnum):
    """How soon a person should be seen, from least to most urgent."""

    SELF_CARE = "self_care"
    ROUTINE = "routine"
    URGENT_24H = "urgent_24h"
    EMERGENCY_DEPARTMENT = "emergency_department"
    EMERGENCY_NOW = "emergency_now"

    @property
    def rank(self) -> int:
        """Place in the order, 0 (self care) to 4 (emergency now)."""
        return _ORDER[self]

    @property
    def is_emergency(self) -> bool:
        """Whether the patient is told at once and the interview stops."""
        return self.rank >= Urgency.EMERGENCY_DEPARTMENT.rank

    def raised(self, steps: int = 1, limit: "Urgency | None" = None) -> "Urgency":
        """The level so many steps up, at most `limit`, never lower than now."""
        top = (limit or Urgency.EMERGENCY_NOW).rank
        return list(Urgency)[max(self.rank, min(self.rank + steps, top))]


_ORDER = {level: place for place, level in enumerate(Urgency)}


def highest(first: Urgency, *others: Urgency) -> Urgency:
    """The most urgent of the levels given."""
    return max((first, *others), key=lambda level: level.rank)
