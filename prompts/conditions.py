"""Conditions as a clinician writes them in YAML, parsed into a small tree.

    when: {pain_now: yes, any: [{quality: [pressure, tight]}, {duration: ">= 15min"}]}

A mapping means all of its entries. An entry tests a slot, or is one of `any`, `all`, `not`,
`at_least` with `of`, `fired` (rules that fired), `level` (the level so far).
A slot is tested by a state (yes, no, unknown, declined, known, not_asked), by a value or a list of
values, or by a comparison, which may end in `or unknown`: then a patient who does not know counts.
`"*.severity"` tests the slot of that name of whatever complaint.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_COMPARE = re.compile(r"(>=|<=|>|<)\s*(\S+?)(\s+or\s+unknown)?")
STATES: dict[bool | str, str] = {True: "present", False: "absent", "yes": "present", "no": "absent"}
STATES.update({name: name for name in ("present", "absent", "unknown", "declined", "known", "not_asked")})


@dataclass(frozen=True)
class HasState:
    """The slot stands in this state (`known`: present or absent)."""

    slot: str
    state: str


@dataclass(frozen=True)
class HasValue:
    """The slot is present with one of these values; `or_unknown`: or the patient could not say."""

    slot: str
    values: frozenset[str]
    or_unknown: bool = False


@dataclass(frozen=True)
class Compares:
    """The slot's number compares so; `quantity` is as written and is read in the slot's unit."""

    slot: str
    operator: str
    quantity: str
    or_unknown: bool = False


@dataclass(frozen=True)
class Fired:
    """At least one of these rules has fired."""

    rules: frozenset[str]


@dataclass(frozen=True)
class AtLeast:
    """At least so many of the conditions hold (all: their number; any: 1)."""

    count: int
    of: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The condition is known not to hold."""

    condition: "Condition"


@dataclass(frozen=True)
class Anywhere:
    """Some complaint's own slot of this name meets the test."""

    name: str
    test: HasState | HasValue | Compares

    def slots(self, known: Iterable[str]) -> list[str]:
        """Those of the known slots that it looks at."""
        return [slot for slot in known if slot.endswith(f".{self.name}")]


Condition = HasState | HasValue | Compares | Fired | AtLeast | Not | Anywhere


def parse_condition(raw: Any) -> Condition:
    """Parse one `when`.

    Raises:
        ValueError: If it is not a condition; the message says what is wrong.
    """
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f"a condition is a mapping such as {{fever: yes}}, not {raw!r}")
    rest = dict(raw)
    parts: list[Condition] = []
    if "at_least" in rest:
        parts.append(AtLeast(int(rest.pop("at_least")), _several(rest.pop("of", None))))
    parts += [_entry(key, value) for key, value in rest.items()]
    return parts[0] if len(parts) == 1 else AtLeast(len(parts), tuple(parts))


def _several(raw: Any) -> tuple[Condition, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError(f"a list of conditions is needed here, not {raw!r}")
    return tuple(parse_condition(each) for each in raw)


def _entry(key: Any, value: Any) -> Condition:
    if not isinstance(key, str):
        raise ValueError(f"{key!r} is no slot id: write it in quotes")
    if key == "any":
        return AtLeast(1, _several(value))
    if key == "all":
        parts = _several(value)
        return AtLeast(len(parts), parts)
    if key == "not":
        return Not(parse_condition(value))
    if key == "fired":
        return Fired(frozenset([value] if isinstance(value, str) else value))
    if key.startswith("*."):
        return Anywhere(key[2:], _slot_test(key, value))
    return _slot_test(key, value)


def _slot_test(slot: str, value: Any) -> HasState | HasValue | Compares:
    if isinstance(value, list):
        named = [str(each) for each in value]
        return HasValue(slot, frozenset(named) - {"unknown"}, "unknown" in named)
    if isinstance(value, (bool, str)) and value in STATES:
        return HasState(slot, STATES[value])
    if isinstance(value, str):
        match = _COMPARE.fullmatch(value.strip())
        return Compares(slot, match[1], match[2], bool(match[3])) if match else HasValue(slot, frozenset([value]))
    raise ValueError(f"{slot}: {value!r} is neither yes/no, a value, a list of values nor a comparison")


def slots_of(condition: Condition, known: Collection[str] = ()) -> Iterator[str]:
    """Every slot that the condition looks at; of those that it does not name in full, the known ones."""
    if isinstance(condition, (HasState, HasValue, Compares)):
        yield condition.slot
    elif isinstance(condition, AtLeast):
        for each in condition.of:
            yield from slots_of(each, known)
    elif isinstance(condition, Not):
        yield from slots_of(condition.condition, known)
    elif isinstance(condition, Anywhere):
        yield from condition.slots(known)
