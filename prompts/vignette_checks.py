"""Whether the written cases fit the content, and whether every emergency rule has enough of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from symptom_intake.prompts.checks import rules_in_use
from symptom_intake.prompts.errors import Fault
from symptom_intake.prompts.fact_checks import quantity_faults, value_faults
from symptom_intake.prompts.layers import Layers
from symptom_intake.prompts.model import Rule, Slot
from symptom_intake.prompts.reading import read_file
from symptom_intake.prompts.sources import Place, Source
from symptom_intake.prompts.vignettes import Vignette, VignetteFile

if TYPE_CHECKING:
    from symptom_intake.prompts.loader import Content

NEEDED = ("plain", "minimised", "negated")
"""Kinds of case that every emergency rule has at least one of."""


def read_vignettes(layers: Layers, faults: list[Fault]) -> list[Source]:
    """The files of cases of all layers."""
    files = layers.files_in("vignettes")
    read = [(file, read_file(file.path, file.label, VignetteFile, faults)) for file in files]
    return [Source(file, value) for file, value in read if value]


def cases(sources: Iterable[Source]) -> Iterator[tuple[Source, Place, Vignette]]:
    """Every case, and where it stands."""
    for source in sources:
        if isinstance(source.value, VignetteFile):
            for number, vignette in enumerate(source.value.vignettes):
                yield source, ("vignettes", number), vignette


def vignette_faults(read: Sequence[Source], sources: Sequence[Source], content: "Content") -> Iterator[Fault]:
    """What is wrong with the cases.

    Args:
        read: The files of cases.
        sources: The files whose rules must have cases.
        content: All of the content.
    """
    seen: set[str] = set()
    kinds: dict[str, set[str]] = defaultdict(set)
    for source, place, vignette in cases(read):
        if vignette.id in seen:
            yield source.fault(place, f"the vignette id {vignette.id!r} is used more than once")
        seen.add(vignette.id)
        kinds[vignette.rule or ""].add(vignette.kind)
        yield from (source.fault(place, f"{vignette.id}: {message}") for message in case_faults(vignette, content))
    for source in sources:
        for place, rule in rules_in_use(source, content):
            if missing := [kind for kind in NEEDED if kind not in kinds[rule.id]] if _needs_cases(rule) else []:
                yield source.fault(place, f"{rule.id}: it has no vignette that is {', '.join(missing)}")


def _needs_cases(rule: Rule) -> bool:
    return rule.when is not None and rule.level is not None and rule.level.is_emergency


def case_faults(vignette: Vignette, content: "Content") -> Iterator[str]:
    """What a case names that is not there."""
    if vignette.rule and vignette.rule not in content.rules:
        yield f"there is no rule {vignette.rule!r}"
    for name in (*vignette.told, *vignette.denied):
        if slot_named(name, vignette, content) is None:
            yield f"there is no slot {name!r}"
    for name, told in vignette.told.items():
        if slot := slot_named(name, vignette, content):
            yield from (f"{name}: {fault}" for fault in value_faults(told.value, slot))
    if vignette.patient.age:
        yield from quantity_faults(vignette.patient.age, "years")


def slot_named(name: str, vignette: Vignette, content: "Content") -> Slot | None:
    """The slot that a case means: by its full name, or one of the complaint that its rule belongs to."""
    owner = content.owners.get(vignette.rule or "")
    return content.slots.get(f"{owner}.{name}") or content.slots.get(name)
