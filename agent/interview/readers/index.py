"""The content's own vocabulary, compiled once: complaints, slots, options and asides as they are named in a text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from symptom_intake.agent.language.lexicon import Lexicon
from symptom_intake.agent.language.mention import Mention
from symptom_intake.prompts.loader import Content

_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Found:
    """What of the content a message names, each mention keyed by the name that it is listed under.

    Attributes:
        complaints: Keyed by the complaint's id.
        slots: Keyed by the slot's full id.
        options: By slot, keyed by the option's value.
        asides: Keyed by the aside's id.
    """

    complaints: tuple[Mention, ...]
    slots: tuple[Mention, ...]
    options: Mapping[str, tuple[Mention, ...]]
    asides: tuple[Mention, ...]

    def of(self, slot: str) -> tuple[Mention, ...]:
        """The mentions of one slot."""
        return tuple(each for each in self.slots if each.key == slot)


class Index:
    """Finds what a message names of the content."""

    def __init__(self, content: Content) -> None:
        """Compile the words of all complaints, slots, options and asides."""
        self._lexicon = Lexicon(dict(_entries(content)), content.vocabulary.concepts)

    def find(self, text: str) -> Found:
        """Everything that a message names, in order."""
        kinds: dict[str, list[Mention]] = {"complaint": [], "slot": [], "aside": []}
        options: dict[str, list[Mention]] = {}
        for mention in self._lexicon.find(text):
            kind, name, *value = mention.key.split(_SEPARATOR)
            if value:
                options.setdefault(name, []).append(replace(mention, key=value[0]))
            else:
                kinds[kind].append(replace(mention, key=name))
        by_slot = {name: tuple(each) for name, each in options.items()}
        return Found(tuple(kinds["complaint"]), tuple(kinds["slot"]), by_slot, tuple(kinds["aside"]))


def _entries(content: Content) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, protocol in content.protocols.items():
        yield _key("complaint", name), protocol.complaint.words
    for name, slot in content.slots.items():
        yield _key("slot", name), slot.words
        for option in slot.options:
            words = (option.value.replace("_", " "), option.label, *option.words)
            yield _key("option", name, option.value), words
    for aside in content.asides.asides:
        yield _key("aside", aside.id), aside.phrases


def _key(*parts: str) -> str:
    return _SEPARATOR.join(parts)
