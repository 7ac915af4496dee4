"""What the guardrail draws on: names of conditions and treatments, patterns by class, idioms, grammar."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field

from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.guard_languages import Languages, Spanish
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
    attributed_after: Regex
    restated: Regex
    about_you: Regex
    given: Regex
    service: Regex
    weighty: Words
    ends: Regex
    asked_lead: Regex
    asked: tuple[Regex, ...]
    in_family: Regex
    helped: Regex
    not_neutral: Regex
    disclaimed: Regex
    identified: Regex
    worried: Regex
    unsure: Regex
    past: Regex
    negators: Words
    scope_ends: Regex
    relatives: dict[str, Words]
    irregular: dict[str, Text]
    numbers: dict[str, Text]
    dates: Words
    sides: Words
    units: dict[str, Words]
    not_sides: Regex
    ignored: Words
    reporting: Words


class Talk(Entry):
    """What may be said without the patient having said it.

    Attributes:
        words: The words of plain talk, by theme.
        alike: Words that mean the same; one may stand for the other.
        given: Everyday things that a question may take for given.
        able: What a question may ask whether somebody can do.
        small: The highest number that talk may hold by itself ("two more questions").
        question: Where in a sentence a neutral question begins: after its group `lead`.
        fragment: A question without a verb ("Any swelling?").
        request: A question that asks for something to be done, and counts as a statement.
        ability: A question whether somebody can do something, which may use `able`.
        counted: Numbers that belong to the talk, and set phrases.
        pictured: Talk of a picture, which may use the words of the theme `picture`.
        topic: What is going to be asked about comes after it, and may use the words of questions.
        presupposed: What a question takes for given, as its group `what`.
    """

    version: str
    words: dict[str, Words]
    alike: tuple[Words, ...]
    given: Words
    able: Words
    small: int
    question: Regex
    request: Regex
    fragment: Regex
    ability: Regex
    counted: Regex
    pictured: Regex
    topic: Regex
    presupposed: Regex


@dataclass(frozen=True)
class GuardContent:
    """All files of the guardrail.

    Attributes:
        condition_words: Words that stand only in names of conditions. `drug_words`: only in names of medicines.
    """

    conditions: Conditions
    treatments: Treatments
    patterns: Patterns
    idioms: Idioms
    grounding: Grounding
    talk: Talk
    condition_words: frozenset[str]
    drug_words: frozenset[str]
    languages: Languages
    spanish: Spanish


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
    patterns, idioms = read("patterns", Patterns), read("idioms", Idioms)
    grounding, talk = read("grounding", Grounding), read("talk", Talk)
    languages, spanish = read("languages", Languages), read("es", Spanish)
    if not (conditions and treatments and patterns and idioms and grounding and talk and languages and spanish):
        raise ContentError(faults)
    diseases, drugs = _words(folder / "condition_words.txt"), _words(folder / "drug_words.txt")
    return GuardContent(conditions, treatments, patterns, idioms, grounding, talk, diseases, drugs, languages, spanish)


def _words(file: Traversable) -> frozenset[str]:
    """A list of words, one a line; a line that begins with `#` says where they are from."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
