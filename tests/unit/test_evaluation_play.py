"""Cases played through the real graph."""

from dataclasses import replace
from typing import Any

import pytest

from symptom_intake.agent.evaluation import Result, play_interviews, screen_messages, summarise
from symptom_intake.agent.evaluation.case import Case, Truth, Words
from symptom_intake.agent.evaluation.vignette_patient import case_of
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.model import Slot
from symptom_intake.prompts.vignettes import Vignette

CHEST = {
    "id": "chest", "level": "emergency_now", "opening": "crushing pain in my chest and my left arm aches",
    "patient": {"age": "58y", "sex": "male"}, "told": {"chest_pain_now": "yes", "sweating": "yes"},
}  # fmt: skip
NOSE = {
    "id": "nose", "level": ["routine", "urgent_24h"], "opening": "my nose has been runny for two days",
    "patient": {"age": "30y", "sex": "male"}, "told": {"generic.onset_time": "2d", "medicines": {"value": "none", "says": "none"}},
}  # fmt: skip


def case(raw: dict[str, Any]) -> Case:
    return case_of(Vignette.model_validate(raw))


class Broken:
    """A patient who cannot answer."""

    def answer(self, slot: Slot) -> Words:
        raise ValueError("told in confidence")

    def truth(self, slot: Slot) -> Truth:
        return Truth()


class Mute(Broken):
    """A patient whose messages are no text, so that the open question stays open."""

    def answer(self, slot: Slot) -> Words:
        return Words("?")


@pytest.fixture(scope="module")
def played() -> list[Result]:
    broken = replace(case(NOSE), id="broken", patient=Broken())
    return play_interviews([case(CHEST), broken, case(NOSE)])


def test_an_emergency_and_a_harmless_case(played: list[Result]) -> None:
    chest, _, nose = played
    assert (chest.level, chest.phase, chest.correct) == (Urgency.EMERGENCY_NOW, "escalated", True)
    assert chest.rules and not chest.false_alarm and not chest.missed
    assert nose.phase == "done" and nose.level is not None and not nose.level.is_emergency
    assert nose.coverage[-1] == 1.0 and len(nose.coverage) == nose.turns
    assert list(nose.coverage) == sorted(nose.coverage)
    assert (nose.repeated, nose.invented, nose.flipped, nose.calls) == ((), (), (), 0)
    assert nose.questions == len({line.asked for line in nose.transcript if line.asked} - {"read_back"})
    assert nose.transcript[0].text == NOSE["opening"]
    assert [line.who for line in nose.transcript[:4]] == ["patient", "intake", "patient", "intake"]


def test_one_failing_case_stops_nothing_and_its_words_stay_out(played: list[Result]) -> None:
    broken = played[1]
    assert (broken.failed, broken.level, broken.correct) == ("ValueError", None, False)
    assert [each.id for each in played] == ["chest", "broken", "nose"]
    assert summarise(played).failures == ("broken",)


def test_an_interview_without_end_is_cut_off_and_counts_as_failed() -> None:
    (result,) = play_interviews([replace(case(NOSE), patient=Mute())])
    assert result.failed == "The interview was not over after 60 messages."


def test_progress_is_told_case_by_case() -> None:
    seen: list[str] = []
    play_interviews([case(CHEST)], done=lambda result: seen.append(result.id))
    assert seen == ["chest"]


def test_many_at_once_give_the_same_as_one_by_one(played: list[Result]) -> None:
    assert play_interviews([case(CHEST), case(NOSE)], jobs=2) == [played[0], played[2]]


def test_the_scan_of_the_opening_alone() -> None:
    chest, nose = screen_messages([case(CHEST), case(NOSE)])
    assert chest.alarm and chest.phase is None and chest.questions == 0
    assert not nose.alarm
    assert summarise([chest, nose]).interviews is None


def test_the_scan_knows_age_and_sex() -> None:
    fever = {
        "id": "f",
        "level": "emergency_department",
        "opening": "she has a fever of 38.4",
        "patient": {"sex": "female"},
    }
    infant, child = (case(fever | {"patient": {"age": age, "reporter": "parent"}}) for age in ("40d", "8y"))
    young, older = screen_messages([infant, child])
    assert young.level is not None and older.level is not None
    assert young.level.rank > older.level.rank
