"""Loading the content: read every file, join shared and own slots, and report all faults at once."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from symptom_intake.prompts import cache, merging
from symptom_intake.prompts.checks import check_content
from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.layers import File, Layers
from symptom_intake.prompts.model import (
    AsideFile,
    Complaint,
    Entry,
    Review,
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
from symptom_intake.prompts.sources import Source

Model = TypeVar("Model", bound=Entry)
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
        sources: The files that it was put together from.
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
    sources: tuple[Source, ...] = ()

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """Every slot by its full id; of a shared slot, as its own file words it."""
        own = {slot.id: slot for each in self.protocols.values() for slot in each.slots}
        return own | {slot.id: slot for slot in self.shared if slot.scope == "patient"}

    @cached_property
    def cards(self) -> tuple[Slot, ...]:
        """The shared slots of which an answer may bring complaints into play."""
        return tuple(slot for slot in self.shared if any(option.brings for option in slot.options))

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Every rule by its id, the complaints' defaults included."""
        of_protocols = [rule for each in self.protocols.values() for rule in (*each.rules, each.complaint.default)]
        return {rule.id: rule for rule in (*self.universal.rules, *of_protocols, *self.modifiers.rules)}

    @cached_property
    def owners(self) -> dict[str, str]:
        """The complaint of each rule that belongs to one."""
        return {rule.id: each.id for each in self.protocols.values() for rule in each.rules}

    @property
    def draft(self) -> bool:
        """Whether any part has not been signed by a clinician; nobody has signed what was put together by hand."""
        return not self.sources or bool(self.drafts)

    @property
    def drafts(self) -> tuple[str, ...]:
        """The files that no clinician has signed."""
        reviews = ((source.file.label, getattr(source.value, "review", None)) for source in self.sources)
        return tuple(label for label, review in reviews if isinstance(review, Review) and review.status == "draft")


def load_content(own: Path | None = None) -> Content:
    """Load and check the content.

    Args:
        own: A pack of the user's, laid over the content that ships with the package.

    Raises:
        ContentError: With every fault in every file.
    """
    return _load(own)


def read_content(own: Path | None = None) -> Content:
    """Like `load_content`, but the files are read again even if they were read before."""
    layers = Layers(own)
    version = layers.version()
    sound = cache.recall(version)
    reader = _Reader(layers, dict(sound or cache.recall(Layers().version())))
    content = reader.content(version)
    faults = [*reader.faults, *(check_content(content, layers) if content and not sound else ())]
    if content is None or faults:
        raise ContentError(faults)
    if not sound:
        cache.remember(version, reader.parsed)
    return content


_load = lru_cache(maxsize=4)(read_content)


class _Reader:
    """Reads the files of all layers, and keeps them and what is wrong with them."""

    def __init__(self, layers: Layers, parsed: dict[str, Any]) -> None:
        self.faults: list[Fault] = []
        self.parsed, self._layers = parsed, layers
        self._sources: list[Source] = []

    def content(self, version: str) -> Content | None:
        """What the files say together; None where one that must be there cannot be read."""
        slots, universal = self._every("slots.yaml", SlotFile), self._every("universal.yaml", RuleFile)
        modifiers, triggers = self._every("modifiers.yaml", RuleFile), self._every("triggers.yaml", TriggerFile)
        vocabulary, asides = self._every("vocabulary.yaml", Vocabulary), self._every("asides.yaml", AsideFile)
        tongues = self._every("tongues.yaml", TongueFile)
        files = self._layers.files_in("complaints")
        complaints = [each for each in (self._read(file, Complaint) for file in files) if each]
        if self.faults:
            return None
        shared = merging.merged_slots(slots)
        return Content(
            {each.id: _protocol(each, shared) for each in complaints},
            shared.slots,
            merging.merged_rules(universal),
            merging.merged_rules(modifiers),
            merging.merged_triggers(triggers, complaints),
            merging.merged_vocabulary(vocabulary, complaints),
            merging.merged_asides(asides),
            merging.merged_tongues(tongues),
            version,
            tuple(self._sources),
        )

    def _every(self, name: str, model: type[Model]) -> list[Model]:
        return [each for each in (self._read(file, model) for file in self._layers.every(name)) if each]

    def _read(self, file: File, model: type[Model]) -> Model | None:
        value = read_file(file.path, file.label, model, self.faults, self.parsed)
        if value:
            self._sources.append(Source(file, value))
        return value


def _protocol(complaint: Complaint, shared: SlotFile) -> Protocol:
    by_id = {slot.id: slot for slot in shared.slots}
    slots: list[Slot] = []
    for entry in complaint.slots:
        if isinstance(entry, Slot):
            slots.append(entry.model_copy(update={"scope": "complaint"}))
        elif entry.use in by_id:
            slots.append(_used(by_id[entry.use], entry))
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
