"""The engine as a whole: monotone, tables joined, defaults and unknowns counted as the specification says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symptom_intake.agent.history import Fact, History, SlotState
from symptom_intake.agent.safety.red_flags import facts_from_example, fired_rules, level_of
from symptom_intake.prompts import Urgency, load_content

CONTENT = load_content()


def level(example: dict[str, object], complaint: str, closing: bool = True) -> Urgency:
    urgency = Urgency.ROUTINE
    history = facts_from_example(CONTENT, example, complaint)
    for rule in fired_rules(CONTENT, history, [complaint], closing=closing):
        urgency = level_of(rule, urgency)
    return urgency


def test_a_default_counts_only_when_the_questions_are_over() -> None:
    early = fired_rules(CONTENT, History(), ["chest_pain"])
    late = fired_rules(CONTENT, History(), ["chest_pain"], closing=True)
    assert "CP-99" not in {rule.id for rule in early}
    assert "CP-99" in {rule.id for rule in late}


def test_an_unknown_critical_slot_is_urgent_and_more_for_the_old() -> None:
    slot = next(
        slot for slot in CONTENT.protocols["chest_pain"].slots if slot.importance == "critical" and not slot.ask_if
    )
    name = slot.id.rpartition(".")[2]
    assert (
        level({name: "unknown", "age": "40y"}, "headache" if "." not in slot.id else "chest_pain").rank
        >= Urgency.URGENT_24H.rank
    )
    assert level({name: "unknown", "age": "80y"}, "chest_pain").rank >= Urgency.EMERGENCY_DEPARTMENT.rank


def test_a_table_for_another_age_is_left_out() -> None:
    infant = facts_from_example(CONTENT, {"age": "40d", "temperature": "38.2"}, None)
    fired = {rule.id for rule in fired_rules(CONTENT, infant, ["fever_adult", "fever_child"], closing=True)}
    assert "MOD-02" in fired
    assert not any(rule.startswith("FA-") for rule in fired)


@pytest.mark.parametrize("complaint", sorted(CONTENT.protocols))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_one_more_symptom_never_lowers_the_level(complaint: str, data: st.DataObject) -> None:
    """Adding a yes to a yes/no slot keeps every fired rule fired, and so keeps the level."""
    slots = [slot for slot in CONTENT.protocols[complaint].slots if slot.kind == "yes_no"]
    if not slots:
        return
    chosen = data.draw(st.lists(st.sampled_from(slots), unique_by=lambda slot: slot.id, max_size=6))
    extra = data.draw(st.sampled_from(slots))

    def urgency(names: list[str]) -> int:
        evidence = facts_from_example(CONTENT, {"age": "40y"}, None).facts[0].evidence
        facts = [Fact(id=name, slot=name, state=SlotState.PRESENT, evidence=evidence) for name in names]
        history = History(facts=(*facts_from_example(CONTENT, {"age": "40y"}, None).facts, *facts))
        result = Urgency.ROUTINE
        for rule in fired_rules(CONTENT, history, [complaint]):
            result = level_of(rule, result)
        return result.rank

    names = [slot.id for slot in chosen]
    assert urgency([*names, extra.id] if extra.id not in names else names) >= urgency(names)


def test_a_critical_slot_that_was_never_reached_counts_at_the_end_only() -> None:
    early = {rule.id for rule in fired_rules(CONTENT, History(), ["chest_pain"])}
    late = {rule.id for rule in fired_rules(CONTENT, History(), ["chest_pain"], closing=True)}
    assert "UNK-01" not in early and "UNK-01" in late
