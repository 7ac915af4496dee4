"""Whether a patient can read what is asked, and whether it keeps to symptoms: the slower checks of wording."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from symptom_intake.prompts.checks import WORDINGS, rules_in_use, slots_in_use
from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.image_content import Phrases
from symptom_intake.prompts.layers import content_root
from symptom_intake.prompts.model import Entry, Rule, Slot, Text
from symptom_intake.prompts.readability import grade, smog
from symptom_intake.prompts.reading import read_file
from symptom_intake.prompts.sources import Source

if TYPE_CHECKING:
    from symptom_intake.prompts.loader import Content

GRADE_OF_PACK, SMOG_OF_PACK, GRADE_OF_QUESTION = 6.0, 8.0, 9.0
"""Most that the questions together may need, by each formula, and a single question."""
_SMOG_FROM = 30
"""Sentences that the formula of SMOG needs."""
_BACKGROUND = ("past", "family")
_CAPITALS = re.compile(r"\b[A-Z]{2,}\d*\b")


class Banned(Entry):
    """Names of conditions, and the abbreviations that everyone knows."""

    version: Text
    names: Phrases
    abbreviations_allowed: tuple[Text, ...]

    def name_in(self, text: str) -> str | None:
        """The first name of a condition in a text."""
        name = self.names.search(text.lower())
        return name[0] if name else None

    def abbreviation_in(self, text: str) -> str | None:
        """The first abbreviation in a text that not everyone knows."""
        return next((each for each in _CAPITALS.findall(text) if each not in self.abbreviations_allowed), None)


@lru_cache(maxsize=1)
def load_banned() -> Banned:
    """Load the words that ship with the package.

    Raises:
        ContentError: With every fault in the file.
    """
    faults: list[Fault] = []
    banned = read_file(content_root() / "banned.yaml", "banned.yaml", Banned, faults)
    if banned is None:
        raise ContentError(faults)
    return banned


def wording_faults(sources: Sequence[Source], content: "Content") -> Iterator[Fault]:
    """What is hard to read or names a condition, and the grade of all questions together."""
    asked: list[str] = []
    for source in sources:
        for place, slot in slots_in_use(source, content):
            asked += _wordings(slot)
            yield from (source.fault(place, f"{slot.id}: {message}") for message in _slot(slot))
        for place, rule in rules_in_use(source, content):
            yield from (source.fault(place, f"{rule.id}: {message}") for message in _rule(rule))
    yield from _together(sources, asked)


def _together(sources: Sequence[Source], asked: Sequence[str]) -> Iterator[Fault]:
    found = {"": (grade(asked), GRADE_OF_PACK)} if asked else {}
    if len(asked) >= _SMOG_FROM:
        found[" by SMOG"] = smog(asked), SMOG_OF_PACK
    for name, (needed, most) in found.items():
        if needed > most:
            message = f"the questions together read at grade {needed:.1f}{name}, at most {most}: use shorter words"
            yield Fault(sources[0].file.label, 0, message)


def _wordings(slot: Slot) -> list[str]:
    return [getattr(slot, field) for field in WORDINGS]


def _slot(slot: Slot) -> Iterator[str]:
    for field, text in zip(WORDINGS, _wordings(slot), strict=True):
        if not text.endswith("?") or text.count("?") != 1:
            yield f"{field} is not one question"
        if grade([text]) > GRADE_OF_QUESTION:
            yield f"{field} reads at grade {grade([text]):.1f}, at most {GRADE_OF_QUESTION}: use shorter words"
    banned = load_banned()
    for field, text in _shown(slot).items():
        name = None if slot.section in _BACKGROUND else banned.name_in(text)
        if word := name or banned.abbreviation_in(text):
            yield f"{field} has {word!r}, which patients should not read: ask for what they can feel or see"


def _shown(slot: Slot) -> dict[str, str]:
    """What a patient reads of a slot, by what it is."""
    wordings = dict(zip(WORDINGS, _wordings(slot), strict=True))
    labels = {f"the option {option.value!r}": option.label for option in slot.options}
    return {"label": slot.label, "why": slot.why} | wordings | labels


def _rule(rule: Rule) -> Iterator[str]:
    banned = load_banned()
    if word := banned.name_in(rule.reason) or banned.abbreviation_in(rule.reason):
        yield f"the reason has {word!r}: say the symptoms, not a condition or an abbreviation"
