"""The figures of a run, on results whose figures can be told by hand."""

from pathlib import Path
from typing import Any

import pytest

from symptom_intake.agent.errors import ContentError
from symptom_intake.agent.evaluation.baselines import has_keyword
from symptom_intake.agent.evaluation.compare import compare
from symptom_intake.agent.evaluation.metrics import summarise
from symptom_intake.agent.evaluation.results import Result, read_results, write_results
from symptom_intake.agent.evaluation.tables import comparison_table, tables_of
from symptom_intake.prompts.levels import Urgency

NOW, DEPARTMENT, SOON, ROUTINE = (
    Urgency.EMERGENCY_NOW, Urgency.EMERGENCY_DEPARTMENT, Urgency.URGENT_24H, Urgency.ROUTINE,
)  # fmt: skip


def result(name: str, expected: Urgency, level: Urgency | None, **more: Any) -> Result:
    row = {
        "id": name, "classes": {"expected level": expected.value}, "expected": (expected,), "opening": "ill",
        "want": "emergency" if expected.is_emergency else "harmless", "keywords": False,
        "level": level, "correct": level is expected,
    }  # fmt: skip
    return Result.model_validate(row | more)


RUN = [
    result("caught", NOW, NOW, keywords=True),
    result("lower", NOW, DEPARTMENT),
    result("missed", DEPARTMENT, SOON),
    result("broken", NOW, None, failed="ValueError"),
    result("calm", ROUTINE, ROUTINE),
    result("raised", ROUTINE, SOON),
    result("alarmed", SOON, NOW, keywords=True),
]


def test_levels_and_alarms_are_counted_apart() -> None:
    summary = summarise(RUN)
    ours = summary.systems["symptom-intake"]
    assert (ours.right.count, ours.right.of) == (2, 7)
    assert (ours.under.count, ours.over.count) == (3, 2)
    assert (ours.caught.count, ours.caught.of) == (2, 4)
    assert (ours.false_alarms.count, ours.false_alarms.of) == (1, 3)
    assert summary.misses == ("missed", "broken")
    assert summary.false_alarms == ("alarmed",)
    assert (summary.failed, summary.failures) == (1, ("broken",))
    assert summary.confusion["emergency_now"] == {"emergency_now": 1, "emergency_department": 1, "failed": 1}
    assert summary.classes["expected level"]["routine"]["symptom-intake"].over.count == 1
    assert summary.interviews is None


def test_trivial_systems_stand_beside_ours() -> None:
    systems = summarise(RUN).systems
    assert systems["always"].caught.share == 1.0 and systems["always"].false_alarms.share == 1.0
    assert systems["never"].caught.share == 0.0 and systems["never"].false_alarms.share == 0.0
    assert (systems["keywords"].caught.count, systems["keywords"].false_alarms.count) == (1, 1)
    assert systems["never"].right.count == 2


def test_keywords_know_no_negation() -> None:
    assert has_keyword("I have no CHEST PAIN at all")
    assert has_keyword("I can’t breathe")
    assert not has_keyword("my toe itches")
    assert not has_keyword("he masterminded it"), "only whole words count"


def interview(name: str, **more: Any) -> Result:
    return result(name, ROUTINE, ROUTINE, **({"phase": "done", "turns": 4, "coverage": (0.0, 0.5, 1.0, 1.0)} | more))


def test_how_the_interviews_went() -> None:
    figures = summarise(
        [
            interview("a", questions=3, facts=6, repeated=("fever",)),
            interview("b", questions=5, facts=6, invented=("cough: present",)),
            interview(
                "c", questions=0, facts=1, phase="escalated", turns=1, coverage=(0.0,), flipped=("fever: absent",)
            ),
        ]
    ).interviews
    assert figures is not None
    assert (figures.questions.median, figures.completed_questions.median) == (3.0, 4.0)
    assert figures.facts_per_question == pytest.approx(13 / 11)
    assert figures.coverage[3] == pytest.approx(2 / 3), "an interview that is over keeps its last"
    assert figures.final_coverage == 1.0
    assert figures.repeated == 1
    assert (figures.invented.count, figures.flipped.count, figures.flipped.of) == (1, 1, 13)


def test_results_come_back_as_they_were_written(tmp_path: Path) -> None:
    write_results(tmp_path, RUN)
    assert read_results(tmp_path) == RUN


def test_results_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no results of an earlier"):
        read_results(tmp_path)
    (tmp_path / "results.jsonl").write_text('\n{"id": 3}\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"results\.jsonl:2"):
        read_results(tmp_path)


def test_two_runs_are_compared_over_the_cases_they_share() -> None:
    earlier = [result("x", NOW, SOON), result("y", NOW, NOW), result("gone", NOW, NOW), interview("z", questions=9)]
    now = [result("x", NOW, NOW), result("y", NOW, NOW), result("new", NOW, NOW), interview("z", questions=4)]
    comparison = compare(now, earlier)
    assert (comparison.shared, comparison.only_now, comparison.only_earlier) == (3, 1, 1)
    by_name = {each.measure: each for each in comparison.differences}
    caught = by_name["emergencies caught"]
    assert (caught.earlier, caught.now, caught.change) == (0.5, 1.0, 0.5)
    assert (caught.gained, caught.lost, caught.chance) == (1, 0, 1.0)
    assert by_name["questions"].change == -5.0 and by_name["questions"].chance is None
    rows = {row[0]: row for row in comparison_table(comparison).rows}
    assert rows["emergencies caught"][2:4] == ("50.0 %", "100.0 %")
    assert rows["questions"][2:4] == ("9.00", "4.00")


def test_every_row_of_a_table_is_as_wide_as_its_head() -> None:
    for table in tables_of(summarise([*RUN, interview("a", questions=2)])):
        assert table.rows and {len(row) for row in table.rows} == {len(table.head)}
