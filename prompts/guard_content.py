"""What the guardrail draws on: names of conditions and treatments, patterns by class, idioms, grammar."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field

from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.layers import content_root
from symptom_intake.prompts.model import Entry, Text
from symptom_intake.prompts.reading import read_file

Model = TypeVar("Model", bound=BaseModel)


def _one_line(value: Any) -> Any:
    """Join a pattern that is written over several lines."""
    return "".join(line.strip() for line in value.splitlines()) if isinstance(value, str) else value


Regex = Annotated[re.Pattern[str], BeforeValidator(_one_line)]
Words = tuple[Text, ...]


class Conditions(Entry):
    """Names of conditions.

    Attributes:
        terms: Names by body system, and mechanisms that stand for a name.
        abbreviations: Names only where they are written in capitals.
        endings: Word endings that make a name. `ending_phrases`: last words that do.
        not_conditions: Words with such an ending that are none.
    """

    version: str
    source: str
    terms: dict[str, Words]
    abbreviations: Words
    endings: Words
    ending_phrases: Words
    not_conditions: Words


class Treatments(Entry):
    """Names of treatments, and how people are told to take them.

    Attributes:
        names: Drugs, remedies and procedures by use.
        objects: What advice is about, harmless without a verb of advice.
        verbs: Verbs of advice. `strong_verbs`: those that are advice by themselves.
        telling: What may stand between the start of a clause and such a verb.
    """

    version: str
    source: str
    names: dict[str, Words]
    objects: Words
    verbs: Words
    strong_verbs: Words
    telling: Regex


class Pattern(Entry):
    """One thing that may not be said.

    Attributes:
        words: Any of these brings the entry into play.
        needs: The sentence must match this too. `unless`: it must not match this.
        reason: What is wrong, in a few words.
    """

    words: Words = Field(min_length=1)
    needs: Regex | None = Field(default=None, alias="with")
    unless: Regex | None = None
    reason: str


class Limits(Entry):
    """How much one turn may hold outside the signed templates and the patient's own words."""

    questions: int
    characters: int


class Patterns(Entry):
    """What may not be said, by class code."""

    version: str
    limits: Limits
    classes: dict[str, tuple[Pattern, ...]]


class Idioms(Entry):
    """Plain English that happens to hold a word of the lexicons."""

    version: str
    phrases: Words


class Grounding(Entry):
    """The grammar of attribution, question, negation and person; each field is explained in its file."""

    version: str
    attributed: Regex
    restated: Regex
    about_you: Regex
    service: Regex
    ends: Regex
    asked_lead: Regex
    asked: tuple[Regex, ...]
    helped: Regex
    not_neutral: Regex
    disclaimed: Regex
    worried: Regex
    unsure: Regex
    negators: Words
    scope_ends: Regex
    relatives: dict[str, Words]
    irregular: dict[str, Text]
    numbers: dict[str, Text]
    dates: Words
    sides: Words
    not_sides: Regex
    ignored: Words
    reporting: Words
    english: Words
    foreign: Words


@dataclass(frozen=True)
class GuardContent:
    """All files of the guardrail."""

    conditions: Conditions
    treatments: Treatments
    patterns: Patterns
    idioms: Idioms
    grounding: Grounding


def load_guard_content(root: Path | None = None) -> GuardContent:
    """Load the guardrail's files from a content folder; the package's own when none is named.

    Raises:
        ContentError: With every fault in every file.
    """
    return _load(root)


@lru_cache(maxsize=4)
def _load(root: Path | None) -> GuardContent:
    folder: Traversable = (root or content_root()) / "guardrail"
    faults: list[Fault] = []

    def read(name: str, model: type[Model]) -> Model | None:
        return read_file(folder / f"{name}.yaml", f"guardrail/{name}.yaml", model, faults)

    conditions, treatments = read("conditions", Conditions), read("treatments", Treatments)
    patterns, idioms, grounding = read("patterns", Patterns), read("idioms", Idioms), read("grounding", Grounding)
    if not (conditions and treatments and patterns and idioms and grounding):
        raise ContentError(faults)
    return GuardContent(conditions, treatments, patterns, idioms, grounding)
