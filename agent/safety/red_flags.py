"""The red-flag engine: plain rules over typed facts. It needs no model, and it can only raise."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symptom_intake.agent.history import Evidence, Fact, History, RedFlag, SlotState
from symptom_intake.agent.safety.conditions import holds
from symptom_intake.prompts.conditions import STATES, slots_of
from symptom_intake.prompts.levels import Urgency, highest
from symptom_intake.prompts.loader import GENERIC, Content, Protocol
from symptom_intake.prompts.model import Rule, Slot
from symptom_intake.prompts.quantities import parse_quantity

CRITICAL_UNKNOWN = "critical_unknown"
"""A slot that no one is asked: present when a critical slot of a complaint in play stayed without an answer."""


def protocols_in_play(content: Content, history: History, complaints: Sequence[str]) -> list[Protocol]:
    """The tables that apply: those of the complaints, without any ruled out by age, or else the generic one."""
    found = [content.protocols[each] for each in complaints if each in content.protocols]
    fitting = [each for each in found if applies(each, content, history)] or [content.protocols[GENERIC]]
    return fitting + [each for each in _add_ons(content, history) if each not in fitting]


def _add_ons(content: Content, history: History) -> list[Protocol]:
    """The tables that come into play beside any complaint, such as that of a young infant."""
    return [each for each in content.protocols.values() if each.complaint.add_on and _meant_for(each, content, history)]


def _meant_for(protocol: Protocol, content: Content, history: History) -> bool:
    condition = protocol.complaint.applies_if
    return condition is None or holds(condition, history, content.slots) is True


def applies(protocol: Protocol, content: Content, history: History) -> bool:
    """Whether a table is meant for this patient; as long as that is not known, it is."""
    condition = protocol.complaint.applies_if
    return condition is None or holds(condition, history, content.slots) is not False


def fired_rules(
    content: Content,
    history: History,
    complaints: Sequence[str],
    fired: frozenset[str] = frozenset(),
    closing: bool = False,
) -> list[Rule]:
    """The rules that the facts fire: universal, then the complaints' tables, then the modifiers.

    Args:
        content: The rules.
        history: The facts.
        complaints: Ids of the complaints in play; tables that a fired rule refers to are run as well.
        fired: Rules that fired before, on facts or on text.
        closing: Whether the questions are over; only then does a table's default count, if nothing
            else of the table fired, and a critical slot that was never reached.

    Returns:
        Every rule that holds now, in order.
    """
    seen = _with_critical_unknown(content, history, complaints, closing)
    found = _holding(content.universal.rules, seen, content, fired)
    for protocol in _tables(content, seen, complaints):
        own = _holding(protocol.rules, seen, content, fired | {rule.id for rule in found})
        found += own
        settled = {rule.id for rule in protocol.rules if not (rule.soon or rule.also_run)}
        if closing and settled.isdisjoint(fired | {rule.id for rule in own}):
            found.append(protocol.complaint.default)
    return found + _holding(content.modifiers.rules, seen, content, fired | {rule.id for rule in found})


def picked(content: Content, history: History, complaints: Sequence[str]) -> list[str]:
    """The complaints that options picked on our cards bring in, where no table in play asks about them."""
    tables = [content.protocols[each] for each in complaints if each in content.protocols]
    slots = [slot for each in tables for slot in each.slots]
    covered = {slot.id for slot in slots} | {option.sets for slot in slots for option in slot.options if option.sets}
    options = [(card, option) for card in content.cards for option in card.options if option.sets not in covered]
    return [each for card, option in options for each in option.brings if option.value in _values(history, card.id)]


def _values(history: History, slot: str) -> set[str | None]:
    return {fact.value for fact in history.of(slot) if fact.state is SlotState.PRESENT}


def also_run(content: Content, rules: Iterable[str]) -> list[str]:
    """The complaints whose tables a fired rule calls in."""
    return [each for rule in rules if rule in content.rules for each in content.rules[rule].also_run]


def level_of(rule: Rule, current: Urgency) -> Urgency:
    """The level to which a rule raises the current one."""
    raised = current.raised(rule.raise_by, rule.limit) if rule.raise_by else current
    return highest(raised, rule.level) if rule.level else raised


def flag_for(rule: Rule, current: Urgency, history: History, turn: str) -> RedFlag:
    """The red flag of a rule that fired on facts, with the words of the facts it turned on."""
    slots = set(slots_of(rule.when, [fact.slot for fact in history])) if rule.when else set()
    facts = [fact for fact in history if fact.slot in slots and fact.state is not SlotState.ABSENT]
    return RedFlag(
        rule=rule.id,
        level=level_of(rule, current) if rule.raise_by else rule.level or Urgency.ROUTINE,
        reason=rule.reason,
        evidence=tuple(each for fact in facts for each in fact.evidence),
        turn=turn,
        template=rule.template,
        soon=rule.soon,
    )


def critical_slots(content: Content, history: History, complaints: Sequence[str]) -> list[Slot]:
    """The critical slots of the tables in play that apply to this patient, in the order of asking."""
    slots = [slot for each in protocols_in_play(content, history, complaints) for slot in each.slots]
    wanted = [slot for slot in slots if slot.importance == "critical" and is_applicable(slot, history, content)]
    return list({slot.id: slot for slot in wanted}.values())


def is_applicable(slot: Slot, history: History, content: Content) -> bool:
    """Whether a slot is worth asking now; one whose condition is not known to hold can wait."""
    return slot.ask_if is None or holds(slot.ask_if, history, content.slots) is True


def _tables(content: Content, history: History, complaints: Sequence[str]) -> list[Protocol]:
    tables = protocols_in_play(content, history, complaints)
    for protocol in tables:  # grows while it is walked: a table called in may call in another
        fired = [rule.id for rule in _holding(protocol.rules, history, content, frozenset())]
        for name in also_run(content, fired):
            other = content.protocols[name]
            if other not in tables and applies(other, content, history):
                tables.append(other)
    return tables


def _holding(rules: Iterable[Rule], history: History, content: Content, fired: frozenset[str]) -> list[Rule]:
    found: list[Rule] = []
    for rule in rules:
        so_far = fired | {each.id for each in found}
        if rule.when is not None and holds(rule.when, history, content.slots, so_far) is True:
            found.append(rule)
    return found


def _with_critical_unknown(content: Content, history: History, complaints: Sequence[str], closing: bool) -> History:
    """The history and, where a critical slot has no answer, a fact that says so; at the end, unasked ones count too."""
    missing = (SlotState.UNKNOWN, SlotState.DECLINED, *((SlotState.NOT_ASKED,) if closing else ()))
    without = [slot.id for slot in critical_slots(content, history, complaints) if history.state(slot.id) in missing]
    if not without:
        return history
    evidence = tuple(each for fact in history if fact.slot in without for each in fact.evidence)
    fact = Fact(id=CRITICAL_UNKNOWN, slot=CRITICAL_UNKNOWN, state=SlotState.PRESENT, evidence=evidence)
    return History(facts=(*history.facts, fact))


def facts_from_example(content: Content, example: Mapping[str, Any], protocol: str | None) -> History:
    """The history that an example in the content describes: slot by slot, in a clinician's shorthand."""
    facts: list[Fact] = []
    for name, raw in example.items():
        own = f"{protocol}.{name}"
        slot = content.slots[own if own in content.slots else name]
        for value in raw if isinstance(raw, list) else [raw]:
            facts.append(_example_fact(slot, value, len(facts)))
    return History(facts=tuple(facts))


def _example_fact(slot: Slot, value: object, number: int) -> Fact:
    evidence = (Evidence(turn="t1", start=0, end=len(str(value)), quote=str(value)),)
    fact = Fact(id=f"x.{number}", slot=slot.id, state=SlotState.PRESENT, evidence=evidence)
    if isinstance(value, (bool, str)) and value in STATES:
        return fact.model_copy(update={"state": SlotState(STATES[value])})
    if slot.kind in ("number", "severity", "temperature", "glucose", "duration", "age"):
        return fact.model_copy(update={"number": parse_quantity(str(value), slot.unit), "value": str(value)})
    if value == "none":
        return fact.model_copy(update={"state": SlotState.ABSENT})
    return fact.model_copy(update={"value": str(value)})
