"""Complaints in lay words with a Manchester level from 1 (now) to 5 (can wait), as NurseSim-RL writes them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import AliasChoices, BaseModel, Field, RootModel

from symptom_intake.agent.errors import ContentError, Fault
from symptom_intake.agent.evaluation.case import ADMITS_NOTHING, Case, Truth, Want, Words
from symptom_intake.agent.evaluation.rendering import none_label, said
from symptom_intake.agent.evaluation.vignette_patient import CLOSING
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.model import Slot
from symptom_intake.prompts.reading import read_file

_LEVELS: dict[str, tuple[tuple[Urgency, ...], Want | None]] = {
    "1": ((Urgency.EMERGENCY_NOW,), "emergency"),
    "2": ((Urgency.EMERGENCY_NOW, Urgency.EMERGENCY_DEPARTMENT), "emergency"),
    "3": ((Urgency.EMERGENCY_DEPARTMENT, Urgency.URGENT_24H), None),
    "4": ((Urgency.URGENT_24H, Urgency.ROUTINE), "harmless"),
    "5": ((Urgency.ROUTINE, Urgency.SELF_CARE), "harmless"),
}
_OF_ANOTHER = re.compile(
    r"^(?:s?he|they|mum|mom|dad)\b|\bmy (?:\w+ )?(?:son|daughter|child|kid|baby|wife|husband|partner|mum|mom|mother|"
    r"dad|father|friend|brother|sister)\b", re.IGNORECASE,
)  # fmt: skip
_CHILD = 16
_NOTHING = ("none", "none.", "n/a", "")


class Vitals(BaseModel):
    """Of the measurements, those that a person can take at home."""

    temp: float | None = None
    hr: float | None = None


class Background(BaseModel):
    """What is known of the patient; the file spells its keys in several ways."""

    age: float
    gender: str | None = None
    past: str | None = Field(
        None, validation_alias=AliasChoices("relevant_PMH", "relevant_pmh", "relevant PMH", "relevant_PMhistory")
    )
    time_course: str | None = Field(None, validation_alias=AliasChoices("time_course", "time course"))

    @property
    def sex(self) -> str:
        """As the slot has it."""
        return self.gender if self.gender in ("female", "male") else "other"


class Scenario(BaseModel):
    """One complaint."""

    chief_complaint: str
    vitals: Vitals = Vitals()
    history: Background


class ScenarioFile(RootModel[dict[str, list[Scenario]]]):
    """Scenarios by Manchester level."""


@dataclass(frozen=True)
class LayPatient:
    """Answers from a scenario; a symptom that it does not mention is denied."""

    scenario: Scenario

    @property
    def reporter(self) -> str:
        """Who is writing, as far as the complaint shows."""
        if not _OF_ANOTHER.search(self.scenario.chief_complaint):
            return "self"
        return "parent" if self.scenario.history.age < _CHILD else "carer"

    @property
    def opening(self) -> str:
        """The complaint, and what a person would tell along with it."""
        history, vitals = self.scenario.history, self.scenario.vitals
        i_am, i_have, my = ("I am", "I have", "My") if self.reporter == "self" else ("They are", "They have", "Their")
        past = "" if (history.past or "").strip().lower() in _NOTHING else f"{i_have} a history of {history.past}."
        parts = [
            self.scenario.chief_complaint,
            f"{i_am} {history.age:g} years old{f', {history.gender}' if history.gender else ''}.",
            _sentence(history.time_course),
            past,
            f"{my} temperature is {vitals.temp:g} C." if vitals.temp else "",
            f"{my} pulse is {vitals.hr:g}." if vitals.hr else "",
        ]
        return " ".join(filter(None, parts))

    def answer(self, slot: Slot) -> Words:
        """What the scenario tells, else what its complaint has a word for, else a denial."""
        told = self._told().get(slot.id.rpartition(".")[2])
        if told:
            return Words(told, own=True)
        if slot.id in ("sex", "reporter"):
            return Words(said(slot, [self.scenario.history.sex if slot.id == "sex" else self.reporter]))
        heard = self._heard(slot)
        return Words(heard, own=True) if heard else Words(CLOSING.get(slot.id) or self._unheard(slot))

    def truth(self, slot: Slot) -> Truth:
        """Age, sex and who is writing are certain; the rest is in words."""
        history = self.scenario.history
        if slot.id == "age":
            return Truth(True, number=history.age)
        certain = {"sex": history.sex, "reporter": self.reporter}.get(slot.id)
        return Truth(True, frozenset({certain})) if certain else Truth()

    def _told(self) -> dict[str, str]:
        history, vitals = self.scenario.history, self.scenario.vitals
        told = {
            "chief_complaint": self.scenario.chief_complaint,
            "age": f"{history.age:g}",
            "onset_time": history.time_course,
            "past_conditions": history.past,
            "temperature": f"{vitals.temp:g} C" if vitals.temp else None,
            "pulse_rate": f"{vitals.hr:g}" if vitals.hr else None,
        }
        return {slot: words for slot, words in told.items() if words}

    def _heard(self, slot: Slot) -> str:
        """The answer that the complaint has a word for, or nothing."""
        heard = [option.label for option in slot.options if self._mentions((option.label, *option.words))]
        if slot.kind == "yes_no":
            return "yes" if self._mentions((slot.label, *slot.words)) else ""
        return " and ".join(heard if slot.kind == "choices" else heard[:1])

    @staticmethod
    def _unheard(slot: Slot) -> str:
        return "no" if slot.kind == "yes_no" else none_label(slot) or ADMITS_NOTHING

    def _mentions(self, phrases: Iterable[str]) -> bool:
        """Whether the complaint has one of the phrases as it stands; those of lists (`@pain`) are left to the scan."""
        complaint = self.scenario.chief_complaint.lower().replace("’", "'")
        plain = (phrase.lower() for phrase in phrases if not set(phrase) & set("@+"))
        return any(re.search(rf"(?<!no )(?<!not )\b{re.escape(phrase)}\b", complaint) for phrase in plain)


def load_lay_complaints(path: Path) -> list[Case]:
    """Read the scenarios of a file.

    Raises:
        ContentError: With every fault in it.
    """
    faults: list[Fault] = []
    read = read_file(path, path.name, ScenarioFile, faults)  # JSON is YAML, and so a fault has its line
    if read is None:
        raise ContentError(faults)
    unknown = [level for level in read.root if level not in _LEVELS]
    if unknown:
        raise ContentError([Fault(path.name, 0, f"{unknown[0]!r} is no Manchester level from 1 to 5")])
    return [
        _case(f"lay-{level}-{number:03}", level, scenario)
        for level, scenarios in read.root.items()
        for number, scenario in enumerate(scenarios, 1)
    ]


def _case(name: str, level: str, scenario: Scenario) -> Case:
    expected, want = _LEVELS[level]
    patient = LayPatient(scenario)
    return Case(
        id=name,
        opening=patient.opening,
        patient=patient,
        expected=expected,
        want=want,
        classes={"Manchester level": level},
        age=scenario.history.age,
        sex=scenario.history.sex,
    )


def _sentence(text: str | None) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""
