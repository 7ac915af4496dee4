"""What must hold across content files; each check yields faults, and all of them are reported at once."""

from collections import Counter
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from symptom_intake.prompts.conditions import AtLeast, Compares, Condition, Fired, HasValue, Not, slots_of
from symptom_intake.prompts.errors import Fault
from symptom_intake.prompts.model import Rule, Slot
from symptom_intake.prompts.quantities import parse_quantity

if TYPE_CHECKING:
    from symptom_intake.prompts.loader import Content, Protocol

DERIVED = frozenset({"critical_unknown"})
"""Slots that rules may test and nobody is asked about."""
_MAX_WORDS = 20


class _Checker:
    """Finds the line of a fault by looking for the id in the file's text."""

    def __init__(self, content: "Content", folder: Traversable) -> None:
        self.content, self.folder = content, folder

    def fault(self, file: str, name: str, message: str) -> Fault:
        text = (self.folder / file).read_text(encoding="utf-8")
        spellings = tuple(f"{key}: {name}" for key in ("id", "use", "rule"))
        lines = text.splitlines()
        line = next((n for n, each in enumerate(lines, 1) if each.strip(" -{").startswith(spellings)), 0)
        return Fault(file, line, message)


def check_content(content: "Content", folder: Traversable) -> list[Fault]:
    """Every fault that a single file's schema cannot show."""
    checker = _Checker(content, folder)
    return [
        *_unique_rules(checker),
        *_slots(checker),
        *(fault for file, rule in _all_rules(content) for fault in _rule(checker, file, rule)),
        *_triggers(checker),
        *_complaints(checker),
    ]


def _all_rules(content: "Content") -> Iterator[tuple[str, Rule]]:
    yield from (("universal.yaml", rule) for rule in content.universal.rules)
    yield from (("modifiers.yaml", rule) for rule in content.modifiers.rules)
    for each in content.protocols.values():
        yield from ((_file(each), rule) for rule in (*each.rules, each.complaint.default))


def _file(protocol: "Protocol") -> str:
    return f"complaints/{protocol.id}.yaml"


def _unique_rules(checker: _Checker) -> Iterator[Fault]:
    counts = Counter(rule.id for _, rule in _all_rules(checker.content))
    for file, rule in _all_rules(checker.content):
        if counts[rule.id] > 1:
            yield checker.fault(file, rule.id, f"the rule id {rule.id!r} is used {counts[rule.id]} times")


def _slots(checker: _Checker) -> Iterator[Fault]:
    files = [("slots.yaml", slot) for slot in checker.content.shared]
    files += [(_file(each), slot) for each in checker.content.protocols.values() for slot in each.slots]
    for file, slot in files:
        name = slot.id.rpartition(".")[2]
        for message in _slot(slot, checker.content):
            yield checker.fault(file, name, f"{name}: {message}")


def _slot(slot: Slot, content: "Content") -> Iterator[str]:
    for field in ("question", "rephrase", "proxy", "proxy_rephrase"):
        text = getattr(slot, field)
        if len(text.split()) > _MAX_WORDS:
            yield f"{field} has {len(text.split())} words, at most {_MAX_WORDS} are read easily"
    if slot.question == slot.rephrase or slot.proxy == slot.proxy_rephrase:
        yield "the second wording is the same as the first"
    if slot.kind in ("choice", "choices") and not slot.options:
        yield "a choice needs options"
    for option in slot.options:
        if option.sets and getattr(content.slots.get(option.sets), "kind", None) != "yes_no":
            yield f"the option {option.value!r} sets {option.sets!r}, which is no shared yes/no slot"
    if slot.ask_if is not None:
        yield from _condition(slot.ask_if, content)


def _rule(checker: _Checker, file: str, rule: Rule) -> Iterator[Fault]:
    messages = list(_condition(rule.when, checker.content)) if rule.when else []
    if rule.level is None and not rule.raise_by:
        messages.append("it needs a level, or raise_by")
    if rule.when is not None and rule.examples is None:
        messages.append("it has no examples: at least one on which it fires and one on which it stays quiet")
    messages += [f"there is no complaint {name!r}" for name in rule.also_run if name not in checker.content.protocols]
    yield from (checker.fault(file, rule.id, f"{rule.id}: {message}") for message in messages)


def _condition(condition: Condition, content: "Content") -> Iterator[str]:
    slots = content.slots
    yield from (f"there is no slot {name!r}" for name in slots_of(condition) if name not in slots.keys() | DERIVED)
    for leaf in _leaves(condition):
        if isinstance(leaf, Fired):
            yield from (f"there is no rule {name!r}" for name in sorted(leaf.rules - content.rules.keys()))
        elif isinstance(leaf, HasValue) and leaf.slot in slots and slots[leaf.slot].options:
            values = {option.value for option in slots[leaf.slot].options} | {"none"}
            yield from (f"{leaf.slot} has no option {value!r}" for value in sorted(leaf.values - values))
        elif isinstance(leaf, Compares) and leaf.slot in slots:
            yield from _quantity(leaf, slots[leaf.slot])


def _quantity(leaf: Compares, slot: Slot) -> Iterator[str]:
    try:
        parse_quantity(leaf.quantity, slot.unit)
    except ValueError as error:
        yield f"{leaf.slot}: {error}"


def _leaves(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AtLeast):
        for each in condition.of:
            yield from _leaves(each)
    elif isinstance(condition, Not):
        yield from _leaves(condition.condition)
    else:
        yield condition


def _triggers(checker: _Checker) -> Iterator[Fault]:
    content = checker.content
    for trigger in content.triggers.triggers:
        for message in _condition(trigger.when, content) if trigger.when else ():
            yield checker.fault("triggers.yaml", trigger.rule, f"{trigger.rule}: {message}")
        if trigger.rule not in content.rules:
            yield checker.fault("triggers.yaml", trigger.rule, f"there is no rule {trigger.rule!r}")
        yield from (
            checker.fault("triggers.yaml", trigger.rule, f"there is no vocabulary {name!r}")
            for name in _unknown_concepts(trigger.phrases, content)
        )


def _complaints(checker: _Checker) -> Iterator[Fault]:
    if "generic" not in checker.content.protocols:
        yield Fault("complaints", 0, "generic.yaml is missing: it serves whatever no other table matches")
    for each in checker.content.protocols.values():
        words = (*each.complaint.words, *(word for slot in each.slots for word in slot.words))
        for name in _unknown_concepts(words, checker.content):
            yield checker.fault(_file(each), each.id, f"there is no vocabulary {name!r}")


def _unknown_concepts(phrases: tuple[str, ...], content: "Content") -> set[str]:
    named = {term[1:] for phrase in phrases for term in phrase.split() if term.startswith("@")}
    return named - content.vocabulary.concepts.keys()
