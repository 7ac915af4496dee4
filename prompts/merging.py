"""Laying a pack over our content: an entry of a known id replaces ours, a new one is added, and nothing is dropped."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from symptom_intake.prompts.model import (
    AsideFile,
    Complaint,
    RuleFile,
    SlotFile,
    TongueFile,
    TriggerFile,
    Vocabulary,
)


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Entry = TypeVar("Entry", bound=_Named)


def _by_id(layers: Iterable[Sequence[Entry]]) -> tuple[Entry, ...]:
    return tuple({entry.id: entry for entries in layers for entry in entries}.values())


def merged_slots(files: Sequence[SlotFile]) -> SlotFile:
    """The shared slots; a new one is asked after ours."""
    return files[0].model_copy(update={"slots": _by_id(file.slots for file in files)})


def merged_rules(files: Sequence[RuleFile]) -> RuleFile:
    """The universal rules, or the modifiers."""
    return files[0].model_copy(update={"rules": _by_id(file.rules for file in files)})


def merged_asides(files: Sequence[AsideFile]) -> AsideFile:
    """What patients say to the interviewer."""
    return files[0].model_copy(update={"asides": _by_id(file.asides for file in files)})


def merged_tongues(files: Sequence[TongueFile]) -> TongueFile:
    """By what languages are told."""
    tongues = {code: tongue for file in files for code, tongue in file.tongues.items()}
    return files[0].model_copy(update={"tongues": tongues})


def merged_triggers(files: Sequence[TriggerFile], complaints: Iterable[Complaint]) -> TriggerFile:
    """The triggers of all layers and of the complaints together."""
    owners: list[TriggerFile | Complaint] = [*files, *complaints]
    return files[0].model_copy(update={"triggers": tuple(each for owner in owners for each in owner.triggers)})


def merged_vocabulary(files: Sequence[Vocabulary], complaints: Iterable[Complaint]) -> Vocabulary:
    """The lists of words: a pack's list replaces ours, and the words of complaints are added to either."""
    concepts = {name: words for file in files for name, words in file.concepts.items()}
    for name, words in ((name, words) for each in complaints for name, words in each.vocabulary.items()):
        concepts[name] = (*concepts.get(name, ()), *words)
    return files[0].model_copy(update={"concepts": concepts})
