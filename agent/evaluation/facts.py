"""Whether the facts of a report are true to the case: nothing invented, nothing turned into its opposite."""

from collections.abc import Iterable, Mapping
from math import isclose
from typing import NamedTuple

from symptom_intake.agent.evaluation.case import Patient, Truth
from symptom_intake.agent.evaluation.rendering import ORDINARY
from symptom_intake.agent.history import Fact, SlotState
from symptom_intake.prompts.model import Slot

_SETTLED = (SlotState.PRESENT, SlotState.ABSENT)
_NOT_JUDGED = frozenset(
    {"chief_complaint", "read_back", "anything_else", "universal_screen", "can_see_patient", "about"}
)
_NEAR, _NEAR_IN_TIME = 0.1, 0.5
"""By how much a number may differ, as a share of the larger; more for a time, as "last week" may be 4 days ago or 8."""


class Untrue(NamedTuple):
    """The facts that are not true to a case, each as `slot: value`."""

    invented: tuple[str, ...]
    flipped: tuple[str, ...]


def untrue_facts(
    facts: Iterable[Fact], slots: Mapping[str, Slot], patient: Patient, own_turns: frozenset[str]
) -> Untrue:
    """Find the facts that a case does not bear out.

    A fact is flipped if it is present where the case says absent, or the other way round. It is invented if it is
    present with a value other than the case's; or present where the case says nothing, unless it was read from words
    that the case itself wrote, which may tell more than its list of facts does, or follows from another fact.

    Args:
        facts: Of the report.
        slots: By full id.
        patient: Knows what is true.
        own_turns: Ids of the turns in the case's own words.
    """
    invented, flipped = [], []
    for fact in facts:
        slot = slots.get(fact.slot)
        if slot is None or fact.slot in _NOT_JUDGED or fact.state not in _SETTLED:
            continue
        truth, present = patient.truth(slot), _is_present(fact)
        if truth.present is not None and truth.present is not present:
            flipped.append(_named(fact))
        elif present and not _is_borne_out(fact, slot, truth, own_turns):
            invented.append(_named(fact))
    return Untrue(tuple(invented), tuple(flipped))


def _named(fact: Fact) -> str:
    value = fact.value if fact.number is None else f"{fact.number:g}"
    return f"{fact.slot}: {value or fact.state.value}"


def _is_present(fact: Fact) -> bool:
    """On a card an option such as `none` or `usual` says that nothing is there."""
    return fact.state is SlotState.PRESENT and fact.value not in ORDINARY


def _is_borne_out(fact: Fact, slot: Slot, truth: Truth, own_turns: frozenset[str]) -> bool:
    in_own_words = any(each.turn in own_turns for each in fact.evidence)
    if truth.present is None:
        return in_own_words or fact.method == "linked"
    if truth.number is not None and fact.number is not None:
        near = _NEAR_IN_TIME if slot.kind == "duration" else _NEAR
        return isclose(fact.number, truth.number, rel_tol=near, abs_tol=near)
    return in_own_words or not truth.values or fact.value is None or fact.value in truth.values
