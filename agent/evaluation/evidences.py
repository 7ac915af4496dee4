"""The questions of DDXPlus and their values, and which of them a slot asks about: by words, or as the mapping says."""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from symptom_intake.agent.errors import ContentError, Fault
from symptom_intake.prompts.model import Entry, Text
from symptom_intake.prompts.reading import read_file

EVIDENCES, CONDITIONS = "release_evidences.json", "release_conditions.json"
_WORDS = "ddxplus_words.yaml"
_STEM = re.compile(r"(?:ings?|ed|es|s|ly)$")
_ALTERNATIVES = re.compile(r",| or ")
_SHARE = 0.5
"""A question is taken for one about a phrase when the phrase is at least so much of it."""


class Understanding(Entry):
    """Where words alone do not show what a slot asks about; see the file."""

    version: str
    same: tuple[tuple[Text, ...], ...]
    passed_over: tuple[Text, ...]
    vague: tuple[Text, ...]
    openings: dict[str, Text]
    places: dict[str, Text]
    slots: dict[str, Text]
    options: dict[str, dict[str, Text]]
    values: dict[str, tuple[str, ...]]
    lists: dict[str, dict[str, Text]]


@dataclass(frozen=True)
class Evidence:
    """One question: its English wording, the words that count in it, and its values by code."""

    code: str
    question: str
    words: frozenset[str]
    values: Mapping[str, str]


class Book:
    """All questions of a release."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Take what `release_evidences.json` holds."""
        self.mapping = _mapping()
        self.evidences = {code: self._evidence(code, each) for code, each in raw.items()}
        self._vague = frozenset(self.mapping.vague)
        self._found: dict[str, frozenset[str]] = {}

    def about(self, phrase: str) -> frozenset[str]:
        """The codes of the yes-or-no questions that ask about what a phrase names; none when words do not show it."""
        if phrase not in self._found:
            parts = [self._best(self.words(part)) for part in _ALTERNATIVES.split(phrase)]
            self._found[phrase] = frozenset().union(*parts) if all(parts) else frozenset()
        return self._found[phrase]

    def words(self, text: str) -> frozenset[str]:
        """The words of a text that count, each in one form, with those that mean the same made one."""
        lowered = _same_words(text.lower())
        found = (word for word in re.findall(r"[a-z]+", lowered) if word not in self.mapping.passed_over)
        return frozenset(_STEM.sub("", word) if len(word) > 4 else word for word in found)

    def _best(self, phrase: frozenset[str]) -> frozenset[str]:
        if not phrase or (len(phrase) == 1 and phrase <= self._vague):
            return frozenset()
        shares = {
            each.code: len(phrase) / len(each.words)
            for each in self.evidences.values()
            if phrase <= each.words and not each.values and len(phrase) >= _SHARE * len(each.words)
        }
        best = max(shares.values(), default=0.0)
        return frozenset(code for code, share in shares.items() if share == best)

    def _evidence(self, code: str, raw: Mapping[str, Any]) -> Evidence:
        question = re.sub(r"\s*\([^)]*\)*", "", raw["question_en"])
        meanings = {key: value["en"] for key, value in raw["value_meaning"].items()}
        values = meanings or {str(value): str(value) for value in raw["possible-values"]}
        return Evidence(code, question, self.words(question), values)


@lru_cache(maxsize=2)
def load_book(folder: Path) -> Book:
    """Read the questions in a folder.

    Raises:
        ContentError: If they cannot be read.
    """
    return Book(read_json(folder / EVIDENCES))


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds one object.

    Raises:
        ContentError: With the line of the fault.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ContentError([Fault(str(path), 0, "there is no such file, or it is no text")]) from None
    except json.JSONDecodeError as error:
        raise ContentError([Fault(str(path), error.lineno, f"not JSON: {error.msg}")]) from None
    if not isinstance(found, dict):
        raise ContentError([Fault(str(path), 1, "one JSON object is expected")])
    return found


def read_rows(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their line numbers, its column names in lower case."""
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            yield reader.line_num, {(name or "").lower(): value for name, value in row.items()}


@lru_cache(maxsize=1)
def _mapping() -> Understanding:
    faults: list[Fault] = []
    read = read_file(files("symptom_intake.agent.evaluation") / _WORDS, _WORDS, Understanding, faults)
    if read is None:
        raise ContentError(faults)
    return read


@lru_cache(maxsize=1)
def _same() -> tuple[re.Pattern[str], dict[str, str]]:
    first = {each: group[0] for group in _mapping().same for each in group[1:]}
    longest = sorted(first, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b"), first


def _same_words(text: str) -> str:
    pattern, first = _same()
    return pattern.sub(lambda match: first[match[0]], text)
