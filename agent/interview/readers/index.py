"""The content's own vocabulary, compiled once: complaints, slots, options and asides as they are named in a text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from symptom_intake.agent.language.lexicon import Lexicon
from symptom_intake.agent.language.mention import Mention
from symptom_intake.agent.language.phrases import symbols_of
from symptom_intake.prompts.loader import Content

_SEPARATOR = "\x1f"
_NEGATION = "cue_negation"


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
        """Take the words of all complaints, slots, options and asides; they are compiled when first looked for."""
        self._content = content

    @cached_property
    def _lexicons(self) -> list[Lexicon]:
        content, concepts = self._content, self._content.vocabulary.concepts
        denials = frozenset(word for word in concepts.get(_NEGATION, ()) if " " not in word)
        # the lexicon takes a "no" inside a phrase for part of the complaint, which that of an option is not
        return [
            Lexicon(dict(_names(content)), concepts),
            Lexicon(dict(_options(content, denials, denying=False)), concepts),
            Lexicon(dict(_options(content, denials, denying=True)), concepts),
        ]

    def meant(self, text: str, start: int, end: int) -> Mention:
        """How the words between two offsets were meant, whatever they name."""
        return self._lexicons[0].meant(text, start, end)

    def find(self, text: str) -> Found:
        """Everything that a message names, in order."""
        kinds: dict[str, list[Mention]] = {"complaint": [], "slot": [], "aside": []}
        options: dict[str, list[Mention]] = {}
        for mention in (each for lexicon in self._lexicons for each in lexicon.find(text)):
            kind, name, *value = mention.key.split(_SEPARATOR)
            if value:
                options.setdefault(name, []).append(replace(mention, key=value[0]))
            else:
                kinds[kind].append(replace(mention, key=name))
        by_slot = {name: tuple(sorted(each, key=lambda told: told.spans)) for name, each in options.items()}
        return Found(tuple(kinds["complaint"]), tuple(kinds["slot"]), by_slot, tuple(kinds["aside"]))


def _names(content: Content) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, protocol in content.protocols.items():
        yield _key("complaint", name), protocol.complaint.words
    for name, slot in content.slots.items():
        yield _key("slot", name), slot.words
    for aside in content.asides.asides:
        yield _key("aside", aside.id), aside.phrases


def _options(content: Content, denials: frozenset[str], denying: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The phrases of options that hold a word of denial, or those that hold none."""
    for name, slot in content.slots.items():
        for option in slot.options:
            words = (option.value.replace("_", " "), option.label, *option.words)
            chosen = tuple(each for each in words if denying is not denials.isdisjoint(symbols_of(each)))
            if chosen:
                yield _key("option", name, option.value), chosen


def _key(*parts: str) -> str:
    return _SEPARATOR.join(parts)
