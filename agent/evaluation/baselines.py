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
    return any_word_of("keywords.yaml").search(text.lower().translate(_QUOTES)) is not None


def given(result: Result, system: str) -> Urgency | None:
    """The level that a system gives a case; `always` and `keywords` give the highest, or else an ordinary one."""
    if system == OURS:
        return result.level
    alarm = {"always": True, "never": False}.get(system, result.keywords)
    return Urgency.EMERGENCY_NOW if alarm else Urgency.ROUTINE


@lru_cache(maxsize=2)
def any_word_of(name: str) -> re.Pattern[str]:
    """A pattern for any of the words of a yardstick's file in this folder.

    Raises:
        ContentError: If the file is faulty.
    """
    faults: list[Fault] = []
    read = read_file(files("symptom_intake.agent.evaluation") / name, name, Keywords, faults)
    if read is None:
        raise ContentError(faults)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, read.keywords))})\b")
