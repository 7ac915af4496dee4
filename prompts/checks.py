"""What must hold across content files; each check yields faults, and all of them are reported at once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from symptom_intake.prompts.condition_checks import condition_faults
from symptom_intake.prompts.errors import Fault
from symptom_intake.prompts.fact_checks import value_faults
from symptom_intake.prompts.layers import Layers
from symptom_intake.prompts.model import Complaint, Rule, Slot, SlotFile
from symptom_intake.prompts.sources import Place, Source

if TYPE_CHECKING:
    from symptom_intake.prompts.loader import Content

WORDINGS = ("question", "rephrase", "proxy", "proxy_rephrase")
"""The four ways in which a slot is asked for."""
_MAX_WORDS = 20
_FILES = ("slots", "universal", "modifiers", "triggers", "vocabulary", "asides", "tongues")
_FOLDERS = {"complaints": 2, "messages": 3, "vignettes": 2}
"""How deep the files of each folder lie."""


def check_content(content: "Content", layers: Layers) -> list[Fault]:
    """Every fault that a single file's schema cannot show."""
    of_files = (_repeated_slots, _slots, _rules, _triggers, _complaint)
    return [
        *_unread(layers),
        *_generic(content),
        *_repeated_rules(content),
        *(
            fault
            for source in content.sources
            for check in of_files
            for fault in _hinted(source, layers, check(source, content))
        ),
    ]


def _hinted(source: Source, layers: Layers, faults: Iterator[Fault]) -> Iterator[Fault]:
    """A fault in our content that only a pack can have brought about says so."""
    hint = "; our content needs it, so keep it in what your pack replaces" if layers.own and not source.file.own else ""
    yield from (fault._replace(message=fault.message + hint) for fault in faults)


def _unread(layers: Layers) -> Iterator[Fault]:
    """Files of a pack that nothing would read, such as those of a folder whose name is mistyped."""
    for path in sorted(layers.own.rglob("*.y*ml")) if layers.own else ():
        parts = path.relative_to(layers.own or path).parts
        in_place = len(parts) == (_FOLDERS.get(parts[0]) if len(parts) > 1 else path.stem in _FILES)
        hidden = any(part.startswith(".") for part in parts)
        if not hidden and not (in_place and path.suffix == ".yaml"):
            known = ", ".join([*(f"{name}/" for name in _FOLDERS), *(f"{name}.yaml" for name in _FILES)])
            yield Fault(str(path), 0, f"nothing reads this file; a pack may hold {known}")


def _generic(content: "Content") -> Iterator[Fault]:
    if "generic" not in content.protocols:
        yield Fault("complaints", 0, "generic.yaml is missing: it serves whatever no other table matches")


def _repeated_rules(content: "Content") -> Iterator[Fault]:
    counted = [(source, place, rule) for source in content.sources for place, rule in rules_in_use(source, content)]
    counts = Counter(rule.id for _, _, rule in counted)
    for source, place, rule in counted:
        if counts[rule.id] > 1:
            yield source.fault(place, f"the rule id {rule.id!r} is used {counts[rule.id]} times")


def rules_in_use(source: Source, content: "Content") -> Iterator[tuple[Place, Rule]]:
    """The rules of a file, without those of ours that the pack's file of that name puts others in the place of."""
    over = [each for each in content.sources if each.file.name == source.file.name and each.file.own > source.file.own]
    replaced = {rule.id for each in over for _, rule in each.rules()}
    yield from ((place, rule) for place, rule in source.rules() if rule.id not in replaced)


def slots_in_use(source: Source, content: "Content") -> Iterator[tuple[Place, Slot]]:
    """The slots that a file words or puts a condition to, as they are asked."""
    if isinstance(source.value, SlotFile):
        shared = {slot.id: slot for slot in content.shared}
        for number, slot in enumerate(source.value.slots):
            if shared[slot.id] is slot:
                yield ("slots", number), slot
    elif isinstance(source.value, Complaint):
        asked = {slot.id.rpartition(".")[2]: slot for slot in content.protocols[source.value.id].slots}
        for number, entry in enumerate(source.value.slots):
            name = entry.id if isinstance(entry, Slot) else entry.use
            if name in asked and (isinstance(entry, Slot) or entry.question or entry.rephrase or entry.ask_if):
                yield ("slots", number), asked[name]


def _repeated_slots(source: Source, content: "Content") -> Iterator[Fault]:
    if not isinstance(source.value, (SlotFile, Complaint)):
        return
    names = [entry.id if isinstance(entry, Slot) else entry.use for entry in source.value.slots]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield source.fault(("slots", number), f"the slot {name!r} stands twice in this file")


def _slots(source: Source, content: "Content") -> Iterator[Fault]:
    for place, slot in slots_in_use(source, content):
        name = slot.id.rpartition(".")[2]
        yield from (source.fault(place, f"{name}: {message}") for message in _slot(slot, content))


def _slot(slot: Slot, content: "Content") -> Iterator[str]:
    for field in WORDINGS:
        words = getattr(slot, field).split()
        if not words:
            yield f"{field} is empty"
        if len(words) > _MAX_WORDS:
            yield f"{field} has {len(words)} words, at most {_MAX_WORDS} are read easily"
    if slot.question == slot.rephrase or slot.proxy == slot.proxy_rephrase:
        yield "the second wording is the same as the first"
    if slot.kind in ("choice", "choices") and not slot.options:
        yield "a choice needs options"
    values = Counter(option.value for option in slot.options)
    yield from (f"the option {value!r} stands {count} times" for value, count in values.items() if count > 1)
    for option in slot.options:
        if option.sets and getattr(content.slots.get(option.sets), "kind", None) != "yes_no":
            yield f"the option {option.value!r} sets {option.sets!r}, which is no shared yes/no slot"
    if slot.ask_if is not None:
        yield from condition_faults(slot.ask_if, content)


def _rules(source: Source, content: "Content") -> Iterator[Fault]:
    for place, rule in rules_in_use(source, content):
        messages = [*_rule(content.rules[rule.id], content), *_examples(rule, source, content)]
        yield from (source.fault(place, f"{rule.id}: {message}") for message in messages)


def _rule(rule: Rule, content: "Content") -> Iterator[str]:
    if rule.when is not None:
        yield from condition_faults(rule.when, content)
    if rule.level is None and not rule.raise_by:
        yield "it needs a level, or raise_by"
    if rule.when is not None and rule.examples is None:
        yield "it has no examples: at least one on which it fires and one on which it stays quiet"
    yield from (f"there is no complaint {name!r}" for name in rule.also_run if name not in content.protocols)


def _examples(rule: Rule, source: Source, content: "Content") -> Iterator[str]:
    prefix = f"{source.value.id}." if isinstance(source.value, Complaint) else ""
    for example in (*rule.examples.fires, *rule.examples.quiet) if rule.examples else ():
        for name, told in example.items():
            slot = content.slots.get(prefix + name) or content.slots.get(name)
            if slot is None:
                yield f"an example has the slot {name!r}, which is not there"
            else:
                yield from (f"an example says {name}: {fault}" for fault in value_faults(told, slot))


def _triggers(source: Source, content: "Content") -> Iterator[Fault]:
    for place, trigger in source.triggers():
        faults = list(condition_faults(trigger.when, content)) if trigger.when else []
        if trigger.rule not in content.rules:
            faults.append(f"there is no rule {trigger.rule!r}")
        faults += _unknown_lists(trigger.phrases, content)
        yield from (source.fault(place, f"the trigger of {trigger.rule}: {message}") for message in faults)


def _complaint(source: Source, content: "Content") -> Iterator[Fault]:
    complaint = source.value
    if not isinstance(complaint, Complaint):
        return
    stem = PurePosixPath(source.file.name).stem
    if complaint.id != stem:
        yield source.fault(("id",), f"its id is {complaint.id!r}, but the file is called {stem!r}")
    shared = {slot.id for slot in content.shared}
    for number, entry in enumerate(complaint.slots):
        if not isinstance(entry, Slot) and entry.use not in shared:
            yield source.fault(("slots", number), f"there is no shared slot {entry.use!r}")
    if complaint.applies_if is not None:
        yield from (source.fault(("applies_if",), fault) for fault in condition_faults(complaint.applies_if, content))
    words = (*complaint.words, *(word for slot in content.protocols[complaint.id].slots for word in slot.words))
    yield from (source.fault(("words",), fault) for fault in _unknown_lists(words, content))


def _unknown_lists(phrases: tuple[str, ...], content: "Content") -> list[str]:
    named = {term[1:] for phrase in phrases for term in phrase.split() if term.startswith("@")}
    return [f"there is no vocabulary {name!r}" for name in sorted(named - content.vocabulary.concepts.keys())]
