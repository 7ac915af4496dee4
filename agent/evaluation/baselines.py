"""Trivial systems that stand beside ours in every table: what they score, a serious one has to beat."""

import re
from functools import lru_cache
from importlib.resources import files

from symptom_intake.agent.errors import ContentError, Fault
from symptom_intake.agent.evaluation.results import Result
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.model import Entry, Text
from symptom_intake.prompts.reading import read_file

OURS = "symptom-intake"
SYSTEMS = (OURS, "always", "never", "keywords")
_QUOTES = str.maketrans("’‘", "''")


class Keywords(Entry):
    """The file of keywords."""

    version: str
    keywords: tuple[Text, ...]


def has_keyword(text: str) -> bool:
    """Whether a text has any of the keywords, whatever it says of them."""
    return _pattern().search(text.lower().translate(_QUOTES)) is not None


def given(result: Result, system: str) -> Urgency | None:
    """The level that a system gives a case; `always` and `keywords` give the highest, or else an ordinary one."""
    if system == OURS:
        return result.level
    alarm = {"always": True, "never": False}.get(system, result.keywords)
    return Urgency.EMERGENCY_NOW if alarm else Urgency.ROUTINE


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    faults: list[Fault] = []
    name = "keywords.yaml"
    read = read_file(files("symptom_intake.agent.evaluation") / name, name, Keywords, faults)
    if read is None:
        raise ContentError(faults)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, read.keywords))})\b")
