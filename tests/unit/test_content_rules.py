"""The shipped content: what must hold of rules and questions beyond what `protocols lint` checks of any content."""

from collections.abc import Iterator

import pytest

from symptom_intake.agent.history import Evidence, Fact, History, SlotState
from symptom_intake.agent.safety.red_flags import facts_from_example, fired_rules
from symptom_intake.prompts.conditions import slots_of
from symptom_intake.prompts.loader import GENERIC, load_content
from symptom_intake.prompts.model import Rule, Slot

CONTENT = load_content()


def _rules() -> Iterator[tuple[str | None, Rule]]:
    yield from ((None, rule) for rule in (*CONTENT.universal.rules, *CONTENT.modifiers.rules))
    for protocol in CONTENT.protocols.values():
        yield from ((protocol.id, rule) for rule in protocol.rules)


def _slots() -> list[Slot]:
    own = {(slot.id, slot.question): slot for each in CONTENT.protocols.values() for slot in each.slots}
    return list({**{(slot.id, slot.question): slot for slot in CONTENT.shared}, **own}.values())


def _examples(kind: str) -> list[object]:
    return [
        pytest.param(protocol, rule, example, id=f"{rule.id}-{number}")
        for protocol, rule in _rules()
        if rule.examples
        for number, example in enumerate(getattr(rule.examples, kind))
    ]


def _fired(history: History, protocol: str | None) -> set[str]:
    named = {fact.slot.partition(".")[0] for fact in history if "." in fact.slot}
    complaints = sorted(named | {protocol} if protocol else named) or [GENERIC]
    return {rule.id for rule in fired_rules(CONTENT, history, complaints)}


@pytest.mark.parametrize(("protocol", "rule", "example"), _examples("fires"))
def test_reassuring_answers_to_other_questions_silence_no_rule(
    protocol: str | None, rule: Rule, example: dict[str, object]
) -> None:
    history = facts_from_example(CONTENT, example, protocol)
    assert rule.when is not None
    taken = {*slots_of(rule.when), *(fact.slot for fact in history)}
    others = [
        slot for slot in CONTENT.shared if slot.scope == "patient" and slot.kind == "yes_no" and slot.id not in taken
    ]
    assert rule.id in _fired(History(facts=(*history.facts, *map(_denied, others))), protocol)


def _denied(slot: Slot) -> Fact:
    evidence = (Evidence(turn="t2", start=0, end=2, quote="no"),)
    return Fact(id=f"t2.{slot.id}", slot=slot.id, state=SlotState.ABSENT, evidence=evidence)


@pytest.mark.parametrize("protocol", sorted(CONTENT.protocols))
def test_no_rule_fires_before_anything_is_known(protocol: str) -> None:
    assert fired_rules(CONTENT, History(), [protocol]) == []


@pytest.mark.parametrize("protocol", sorted(CONTENT.protocols))
def test_the_default_counts_only_when_the_questions_are_over(protocol: str) -> None:
    default = CONTENT.protocols[protocol].complaint.default
    at_the_end = [rule.id for rule in fired_rules(CONTENT, History(), [protocol], closing=True)]
    assert at_the_end == [default.id, "UNK-01"], "and the critical slots that nobody answered"
    assert fired_rules(CONTENT, History(), [protocol]) == []


@pytest.mark.parametrize(("protocol", "rule"), [pytest.param(*each, id=each[1].id) for each in _rules()])
def test_rule_has_two_examples_that_fire_and_a_near_miss(protocol: str | None, rule: Rule) -> None:
    if rule.when is None:
        assert rule.examples is None
    else:
        assert rule.examples is not None
        assert len(rule.examples.fires) >= 2
        assert len(rule.examples.quiet) >= 1


def test_every_universal_rule_of_the_specification_is_there() -> None:
    named = {rule.id for rule in CONTENT.universal.rules}
    assert {f"UNI-{number:02}" for number in range(1, 26)} <= named


def test_every_rule_without_a_condition_can_be_raised_by_text() -> None:
    silent = {rule.id for rule in CONTENT.universal.rules if rule.when is None}
    assert silent - {trigger.rule for trigger in CONTENT.triggers.triggers} == set()


@pytest.mark.parametrize("slot", [slot for slot in _slots() if slot.options], ids=lambda slot: slot.id)
def test_options_can_be_taken_in_and_told_apart(slot: Slot) -> None:
    values = [option.value for option in slot.options]
    assert len(values) == len(set(values))
    if slot.kind == "choice":  # read out in one sentence, parted by commas
        assert [option.label for option in slot.options if "," in option.label] == []
    assert 2 <= len(values) <= 9 or slot.id in ("universal_screen", "symptoms", "about")


@pytest.mark.parametrize("protocol", sorted(CONTENT.protocols))
def test_critical_questions_leave_room_in_an_interview(protocol: str) -> None:
    slots = CONTENT.protocols[protocol].slots
    assert len([slot for slot in slots if slot.importance == "critical" and slot.ask_if is None]) <= 9
