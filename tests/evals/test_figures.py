"""What the scripted patients of this folder show, held as floors: a change that makes it worse does not pass.

Only the part to tune on is played; the part set aside is scored by hand, and the figures stand in docs/benchmarks.md.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from symptom_intake.agent.evaluation import Result, load_cases, play_interviews, screen_messages
from symptom_intake.agent.evaluation.case import Case
from symptom_intake.prompts import Urgency

pytestmark = [pytest.mark.evals, pytest.mark.timeout(1200)]
HERE = Path(__file__).parent
EVERY = (HERE / "vignettes", HERE / "vignettes_fresh", HERE.parents[1] / "prompts" / "vignettes")
JOBS = os.cpu_count() or 1
COMFORT = "My husband says it's nothing."


def alarms(results: list[Result], want: str) -> tuple[float, int]:
    """The share of cases of a kind that were given an emergency level, and how many there are."""
    of_kind = [each for each in results if each.want == want]
    return sum(_rank(each) >= Urgency.EMERGENCY_DEPARTMENT.rank for each in of_kind) / len(of_kind), len(of_kind)


@pytest.fixture(scope="module")
def emergencies() -> list[Case]:
    cases = load_cases(HERE / "vignettes", "tune")
    return [case for case in cases if case.want == "emergency"]


@pytest.fixture(scope="module")
def played(emergencies: list[Case]) -> list[Result]:
    return play_interviews(emergencies, jobs=JOBS)


def test_one_message_alone() -> None:
    results = screen_messages(load_cases(HERE / "lay_messages", "tune"))
    raised, emergencies = alarms(results, "emergency")
    false, harmless = alarms(results, "harmless")
    assert emergencies > 200 and harmless > 200
    assert raised >= 0.9 and false <= 0.03


def test_emergencies_are_found_in_the_interview(played: list[Result]) -> None:
    raised, number = alarms(played, "emergency")
    assert number > 150 and raised >= 0.97
    assert not [each.id for each in played if each.repeated], "a question was put twice in the same words"


def test_a_relative_who_plays_it_down_changes_no_level() -> None:
    cases = [case for folder in EVERY for case in load_cases(folder) if case.want == "emergency"]
    before = play_interviews(cases, jobs=JOBS)
    comforted = [replace(case, opening=f"{case.opening} {COMFORT}") for case in cases]
    after = play_interviews(comforted, jobs=JOBS)
    fallen = [one.id for one, other in zip(before, after, strict=True) if _rank(other) < _rank(one)]
    assert len(cases) > 1000 and not fallen


def _rank(result: Result) -> int:
    return result.level.rank if result.level else 0
