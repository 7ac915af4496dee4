"""The everyday words of answers: yes and no, numbers, times, amounts, relations. Content, read once."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import field_validator

from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.layers import content_root
from symptom_intake.prompts.model import Entry, Review, Text
from symptom_intake.prompts.quantities import HOURS
from symptom_intake.prompts.reading import read_file

Phrases = tuple[Text, ...]


class Moment(Entry):
    """A named point in time.

    Attributes:
        words: How people say it.
        days: How many days ago it was.
        hour: The hour of that day; None: at the hour that it is now.
    """

    words: Phrases
    days: int
    hour: int | None = None


class Patient(Entry):
    """What it tells that somebody writes about this person.

    Attributes:
        words: How people say it.
        reporter: What they are to the patient. `sex`: the patient's, as far as the word tells.
    """

    words: Phrases
    reporter: Literal["parent", "carer"]
    sex: Literal["female", "male"] | None = None


class Answers(Entry):
    """Everything that the readers of answers look for.

    Attributes:
        lists: Named lists; `@name` in any phrase of this file stands for one entry.
        numbers: Words by the number that they stand for.
        units: Words by unit of time, named as in rules (min, h, d, wk, mo, y).
        moments: Named points in time.
        weekdays: Names of the days, Monday first. `months`: of the months.
        sides: Words by side of the body. `sexes`: by sex.
        patients: Persons that somebody may write about.
    """

    version: str
    review: Review = Review()
    lists: dict[str, Phrases]
    numbers: dict[float, Phrases]
    units: dict[str, Phrases]
    moments: tuple[Moment, ...]
    weekdays: tuple[Phrases, ...]
    months: tuple[Phrases, ...]
    sides: dict[str, Phrases]
    sexes: dict[str, Phrases]
    patients: tuple[Patient, ...]

    @field_validator("units")
    @classmethod
    def _known_units(cls, units: dict[str, Phrases]) -> dict[str, Phrases]:
        unknown = units.keys() - HOURS.keys()
        if unknown:
            raise ValueError(f"no such unit of time: {', '.join(sorted(unknown))}")
        return units

    def phrases(self) -> dict[str, Phrases]:
        """Every phrase by what it stands for: `yes`, `numbers 2`, `units h`, `moments 0` ..."""
        numbered: dict[str, Sequence[Phrases]] = {
            "moments": [each.words for each in self.moments],
            "weekdays": self.weekdays,
            "months": self.months,
            "patients": [each.words for each in self.patients],
        }
        named = {
            "numbers": {f"{number:g}": words for number, words in self.numbers.items()},
            "units": self.units,
            "sides": self.sides,
            "sexes": self.sexes,
        }
        return (
            dict(self.lists)
            | {f"{group} {key}": words for group, entries in named.items() for key, words in entries.items()}
            | {f"{group} {place}": words for group, entry in numbered.items() for place, words in enumerate(entry)}
        )


@lru_cache(maxsize=4)
def load_answers(root: Path | None = None) -> Answers:
    """Load the words of answers from a content folder; the package's own when none is named.

    Raises:
        ContentError: With every fault in the file.
    """
    faults: list[Fault] = []
    answers = read_file((root or content_root()) / "answers.yaml", "answers.yaml", Answers, faults)
    if answers is None:
        raise ContentError(faults)
    return answers
