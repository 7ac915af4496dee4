"""Contrast pairs for the guardrail: a reply that must not go out, and one as like it as can be that must."""

import hashlib
from pathlib import Path

from pydantic import AliasChoices, Field

from symptom_intake.agent.errors import ContentError, Fault
from symptom_intake.agent.evaluation.cases import Part
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.model import Entry
from symptom_intake.prompts.reading import read_file

_HELD_OUT_OF = 3


class Pair(Entry):
    """One case.

    Attributes:
        id: Its name; the part before the first hyphen is the class, or the kind of allowed talk.
        said: What the patient has said.
        block: What must not go out, at `urgency`; None where there is only something to allow.
        allow: What must, at `allow_urgency` and to `allow_said` where these are given.
        allow_template: The name of a signed message that must go out instead of `allow`.
        trick: What makes it hard. `word`: the word that collides with a pattern.
    """

    id: str
    said: tuple[str, ...]
    block: str | None = None
    allow: str | None = None
    allow_template: str | None = None
    allow_said: tuple[str, ...] | None = None
    urgency: Urgency | None = Field(default=None, strict=False)
    allow_urgency: Urgency | None = Field(default=None, strict=False)
    trick: str = ""
    word: str = ""

    @property
    def group(self) -> str:
        """The class of the wrong one, or the kind of talk."""
        return self.id.split("-")[0].upper()


class PairFile(Entry):
    """One file of cases."""

    pairs: tuple[Pair, ...] = Field(default=(), validation_alias=AliasChoices("pairs", "collisions", "talk"))


def load_pairs(folder: Path, part: Part = "all") -> list[Pair]:
    """Read every file of a folder.

    Args:
        folder: With YAML files.
        part: `held-out` is the third that the first byte of a hash of the id sets aside, `tune` is the rest.

    Raises:
        ContentError: With every fault in every file, or if there are none.
    """
    faults: list[Fault] = []
    files = sorted(folder.glob("*.yaml"))
    read = [read_file(file, file.name, PairFile, faults) for file in files]
    if faults or not files:
        raise ContentError(faults or [Fault(str(folder), 0, "holds no YAML file")])
    pairs = [pair for each in read if each for pair in each.pairs]
    return [pair for pair in pairs if part == "all" or (part == "held-out") == is_set_aside(pair.id)]


def is_set_aside(name: str) -> bool:
    """Whether a case belongs to the third that nobody tunes on."""
    return hashlib.sha256(name.encode()).digest()[0] % _HELD_OUT_OF == 0
