"""Written cases: a patient, what they say, what they would tell if asked, and how urgent it is.

They test the rules of a content pack (`prompts/vignettes/`), and they are what `symptom-intake evaluate` plays.
"""

from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.model import Entry, Text
from symptom_intake.prompts.quantities import parse_quantity
from symptom_intake.prompts.reading import read_file

Kind = Literal["plain", "minimised", "negated", "past", "other_person", "figurative", "hypothetical", "minor"]
"""What is tried: a plain telling, one that plays it down, or one in which the sign is not there, or not now, or not
the patient's, or only a manner of speaking."""


def _several(raw: Any) -> Any:
    return raw if isinstance(raw, list) else [raw]


def _answer(raw: Any) -> Any:
    return raw if isinstance(raw, dict) else {"value": raw}


class Told(Entry):
    """What a patient knows about one slot.

    Attributes:
        value: In a rule author's shorthand: yes, no, an option's value, a quantity, or a list of options.
        says: How the patient puts it; None leaves the wording to the value.
    """

    value: Text | list[Text]
    says: str | None = None


class Person(Entry):
    """Who the case is about; `age` with its unit (58y, 5mo, 20d)."""

    age: Text | None = None
    sex: Literal["female", "male", "other"] | None = None
    reporter: Literal["self", "parent", "carer"] = "self"

    @field_validator("age")
    @classmethod
    def _has_a_unit(cls, age: str | None) -> str | None:
        if age is not None:
            parse_quantity(age, "years")
        return age


class Vignette(Entry):
    """One case.

    Attributes:
        id: Unique name.
        rule: The rule that the case is about: fires when the telling is plain or minimised, and only then.
        kind: What is tried.
        level: Where the interview should end; any of them when there are several.
        group: Anything to tabulate by, for example the part of the body. `voice`: how the patient writes.
        patient: Who it is about.
        opening: The patient's first message.
        told: By slot id, what the patient tells if asked.
        denied: Slots that the patient denies; whatever is not listed is denied too, or not known.
    """

    id: str
    rule: str | None = None
    kind: Kind = "plain"
    level: Annotated[tuple[Urgency, ...], BeforeValidator(_several)] = Field(min_length=1)
    group: str | None = None
    voice: str | None = None
    patient: Person = Person()
    opening: Text
    told: dict[str, Annotated[Told, BeforeValidator(_answer)]] = {}
    denied: tuple[str, ...] = ()

    @property
    def is_emergency(self) -> bool:
        """Whether every level at which the case may end is one of the two emergency levels."""
        return all(level.is_emergency for level in self.level)


class VignetteFile(Entry):
    """A file of cases."""

    version: str
    vignettes: tuple[Vignette, ...]


def load_vignettes(path: Path | Traversable) -> tuple[Vignette, ...]:
    """Read the cases of a file, or of every YAML file in a folder, in the order of their names.

    Raises:
        ContentError: With every fault in every file.
    """
    files = sorted(path.iterdir(), key=lambda each: each.name) if path.is_dir() else [path]
    faults: list[Fault] = []
    read = [read_file(each, each.name, VignetteFile, faults) for each in files if each.name.endswith(".yaml")]
    if faults:
        raise ContentError(faults)
    return tuple(vignette for each in read if each for vignette in each.vignettes)
