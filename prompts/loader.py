"""Loading the content: read every file, join shared and own slots, and report all faults at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from symptom_intake.prompts.checks import check_content
from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.model import (
    AsideFile,
    Complaint,
    Rule,
    RuleFile,
    Slot,
    SlotFile,
    SlotUse,
    TongueFile,
    TriggerFile,
    Vocabulary,
)
from symptom_intake.prompts.reading import read_file
from symptom_intake.prompts.scoping import scoped_rule, scoped_slot
from symptom_intake.prompts.templates import content_root

Model = TypeVar("Model", bound=BaseModel)
GENERIC = "generic"
"""The complaint whose slots and rules serve whatever no other table matches."""


@dataclass(frozen=True)
class Protocol:
    """One complaint after loading: slots with their full ids, in the order of asking, and its rules."""

    complaint: Complaint
    slots: tuple[Slot, ...]
    rules: tuple[Rule, ...]

    @property
    def id(self) -> str:
        """The complaint's id."""
        return self.complaint.id


@dataclass(frozen=True, eq=False)
class Content:
    """Everything an interview draws on, validated.

    Attributes:
        protocols: By complaint id; `generic` is always there.
        shared: The shared slots, in the order in which background is asked.
        universal: Rules that hold whatever the complaint. `modifiers`: applied after all others.
        triggers: How raw text raises a rule.
        vocabulary: The lists behind `@name` in phrases.
        asides: What patients say to the interviewer itself. `tongues`: by what a language is told.
        version: Hash of all files, for the audit trail.
    """

    protocols: dict[str, Protocol]
    shared: tuple[Slot, ...]
    universal: RuleFile
    modifiers: RuleFile
    triggers: TriggerFile
    vocabulary: Vocabulary
    asides: AsideFile
    tongues: TongueFile
    version: str

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """Every slot by its full id; of a shared slot, as its own file words it."""
        own = {slot.id: slot for each in self.protocols.values() for slot in each.slots}
        return own | {slot.id: slot for slot in self.shared if slot.scope == "patient"}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Every rule by its id, the complaints' defaults included."""
        of_protocols = [rule for each in self.protocols.values() for rule in (*each.rules, each.complaint.default)]
        return {rule.id: rule for rule in (*self.universal.rules, *of_protocols, *self.modifiers.rules)}

    @property
    def draft(self) -> bool:
        """Whether any part has not been signed by a clinician."""
        reviews = [each.complaint.review for each in self.protocols.values()]
        return any(review.status == "draft" for review in (*reviews, self.universal.review, self.modifiers.review))


def load_content(root: Path | None = None) -> Content:
    """Load and check a content folder; the package's own when none is named.

    Raises:
        ContentError: With every fault in every file.
    """
    return _load(root)


@lru_cache(maxsize=4)
def _load(root: Path | None) -> Content:
    folder: Traversable = root or content_root()
    faults: list[Fault] = []

    def read(name: str, model: type[Model]) -> Model | None:
        return read_file(folder / name, name, model, faults)

    slots, universal, modifiers = (
        read("slots.yaml", SlotFile),
        read("universal.yaml", RuleFile),
        read("modifiers.yaml", RuleFile),
    )
    triggers, vocabulary, asides = (
        read("triggers.yaml", TriggerFile),
        read("vocabulary.yaml", Vocabulary),
        read("asides.yaml", AsideFile),
    )
    tongues = read("tongues.yaml", TongueFile)
    names = sorted(each.name for each in (folder / "complaints").iterdir() if each.name.endswith(".yaml"))
    complaints = [read(f"complaints/{name}", Complaint) for name in names]
    if faults or not (slots and universal and modifiers and triggers and vocabulary and asides and tongues):
        raise ContentError(faults)
    found = [each for each in complaints if each]
    protocols = {each.id: _protocol(each, slots, faults) for each in found}
    content = Content(
        protocols,
        slots.slots,
        universal,
        modifiers,
        _with_triggers_of(found, triggers),
        _with_words_of(found, vocabulary),
        asides,
        tongues,
        fingerprint_of(folder),
    )
    faults += check_content(content, folder)
    if faults:
        raise ContentError(faults)
    return content


def _with_triggers_of(complaints: Sequence[Complaint], shared: TriggerFile) -> TriggerFile:
    own = (trigger for each in complaints for trigger in each.triggers)
    return shared.model_copy(update={"triggers": (*shared.triggers, *own)})


def _with_words_of(complaints: Sequence[Complaint], shared: Vocabulary) -> Vocabulary:
    concepts = dict(shared.concepts)
    for name, words in ((name, words) for each in complaints for name, words in each.vocabulary.items()):
        concepts[name] = (*concepts.get(name, ()), *words)
    return shared.model_copy(update={"concepts": concepts})


def _protocol(complaint: Complaint, shared: SlotFile, faults: list[Fault]) -> Protocol:
    by_id = {slot.id: slot for slot in shared.slots}
    slots: list[Slot] = []
    for entry in complaint.slots:
        if isinstance(entry, Slot):
            slots.append(entry.model_copy(update={"scope": "complaint"}))
        elif entry.use in by_id:
            slots.append(_used(by_id[entry.use], entry))
        else:
            faults.append(Fault(f"complaints/{complaint.id}.yaml", 0, f"there is no shared slot {entry.use!r}"))
    own = frozenset(slot.id for slot in slots if slot.scope == "complaint")
    return Protocol(
        complaint,
        tuple(scoped_slot(slot, complaint.id, own) for slot in slots),
        tuple(scoped_rule(rule, complaint.id, own) for rule in complaint.rules),
    )


def _used(slot: Slot, use: SlotUse) -> Slot:
    return slot.model_copy(
        update=use.model_dump(exclude={"use", "ask_if"}, exclude_none=True)
        | ({"ask_if": use.ask_if} if use.ask_if else {})
    )


def fingerprint_of(folder: Traversable) -> str:
    """The hash of every YAML file in a content folder, by name and bytes."""
    digest = hashlib.sha256()
    for name, data in sorted(_files(folder, "")):
        digest.update(name.encode() + b"\0" + data)
    return digest.hexdigest()[:16]


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            found += _files(each, f"{prefix}{each.name}/")
        elif each.name.endswith((".yaml", ".md")):
            found.append((prefix + each.name, each.read_bytes()))
    return found
