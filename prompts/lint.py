"""Every check of a pack, the slow ones included: what an author runs before anybody tries it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from symptom_intake.prompts.checks import rules_in_use
from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.layers import Layers
from symptom_intake.prompts.loader import read_content
from symptom_intake.prompts.model import AsideFile
from symptom_intake.prompts.reading import read_file
from symptom_intake.prompts.sources import Place, Source
from symptom_intake.prompts.templates import MessageFile, Messages, read_messages
from symptom_intake.prompts.vignette_checks import read_vignettes, vignette_faults
from symptom_intake.prompts.wording_checks import load_banned, wording_faults

if TYPE_CHECKING:
    from symptom_intake.prompts.loader import Content


def lint_content(own: Path | None = None) -> list[Fault]:
    """Check the content as a whole.

    Args:
        own: A pack of the user's, laid over ours; then what is slow to check is checked of the pack alone.

    Returns:
        Every fault. While a file cannot be loaded, only what keeps it from loading.
    """
    try:
        content, messages = read_content(own), _messages(Layers(own))
    except ContentError as error:
        return error.faults
    faults: list[Fault] = []
    read = read_vignettes(Layers(own), faults)
    sources = sources_of(content, own)
    faults += wording_faults(sources, content)
    faults += vignette_faults([each for each in read if each.file.own or own is None], sources, content)
    faults += _templates(sources, content, messages)
    faults += _named_in_messages(Layers(own))
    return faults


def sources_of(content: "Content", own: Path | None) -> list[Source]:
    """The files of a pack, or all files when there is none."""
    return [source for source in content.sources if source.file.own or own is None]


def _named_in_messages(layers: Layers) -> Iterator[Fault]:
    """Names of conditions in what patients are told."""
    for language in layers.folders_in("messages"):
        for file in layers.files_in(f"messages/{language}"):
            read = read_file(file.path, file.label, MessageFile, []) if file.own or layers.own is None else None
            for key, text in read.texts.items() if read else ():
                if name := load_banned().name_in(text):
                    yield file.fault(("texts", key), f"{key} has {name!r}: no message names a condition")


def _messages(layers: Layers) -> list[Messages]:
    """The messages of every language and region."""
    faults: list[Fault] = []
    found: list[Messages] = []
    for language in layers.folders_in("messages"):
        for file in layers.files_in(f"messages/{language}"):
            region = file.name.rpartition("/")[2].removesuffix(".yaml")
            try:
                found += [read_messages(language, region, layers.own)] if region != "common" else []
            except ContentError as error:
                faults += error.faults
    if faults:
        raise ContentError(list(dict.fromkeys(faults)))
    return found


def _templates(sources: list[Source], content: "Content", messages: list[Messages]) -> Iterator[Fault]:
    """Messages that a rule or an aside asks for and some language or region does not have."""
    for source in sources:
        for place, key in _asked_for(source, content):
            lacking = [f"{each.language}/{each.region}" for each in messages if key not in each]
            if lacking:
                yield source.fault(place, f"the message {key!r} is missing in {', '.join(lacking)}")


def _asked_for(source: Source, content: "Content") -> Iterator[tuple[Place, str]]:
    if isinstance(source.value, AsideFile):
        yield from ((("asides", number), aside.message) for number, aside in enumerate(source.value.asides))
    for place, rule in rules_in_use(source, content):
        if rule.template:
            family = "escalate" if rule.level and rule.level.is_emergency else "support"
            yield place, f"{family}.{rule.template}"
