"""`screen` and `guard`: the two safety parts for other programs."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from symptom_intake.agent.cli import app


def lines(command: str, *objects: Any, status: int = 0) -> list[dict[str, Any]]:
    text = "".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in objects)
    done = CliRunner().invoke(app, [command], input=text)
    assert done.exit_code == status, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_screen_says_how_urgent_and_on_which_words() -> None:
    text = "I want to kill myself"
    (answer,) = lines("screen", {"text": text})
    assert answer["urgency"] == "emergency_now"
    for rule in answer["rules"]:
        assert set(rule) == {"id", "level", "evidence"}
        assert "".join(text[start:end] for start, end in rule["evidence"])
    assert any("kill myself" in text[start:] for rule in answer["rules"] for start, _ in rule["evidence"])


def test_screen_is_quiet_when_nothing_is_there() -> None:
    assert lines("screen", {"text": "I have a mild cold"}) == [{"urgency": "routine", "rules": []}]


def test_screen_answers_each_line_in_order_and_fails_at_the_end_for_a_bad_one() -> None:
    answers = lines("screen", {"text": "fine"}, "not json", {"text": "I want to kill myself", "age": 30}, status=1)
    assert [sorted(each) for each in answers] == [["rules", "urgency"], ["error"], ["rules", "urgency"]]


@pytest.mark.parametrize(
    "bad",
    [
        {"age": 3},
        {"text": "x", "age": -1},
        {"text": "x", "age": "old"},
        {"text": "x", "sex": "f"},
        {"text": "x", "pregnant": 1},
    ],
)
def test_screen_refuses_what_it_cannot_read(bad: dict[str, Any]) -> None:
    (answer,) = lines("screen", bad, status=1)
    assert list(answer) == ["error"]


def test_screen_takes_who_it_is_about() -> None:
    for about in ({"age": 0.05}, {"age": 30, "sex": "female", "pregnant": True}, {"pregnant": False, "sex": "other"}):
        (answer,) = lines("screen", {"text": "fever of 38.5"} | about)
        assert set(answer) == {"urgency", "rules"}


def test_a_file_does_as_well(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"text": "I want to kill myself"}\n', encoding="utf-8")
    done = CliRunner().invoke(app, ["screen", str(file)])
    assert json.loads(done.stdout)["urgency"] == "emergency_now"


def test_guard_blocks_a_diagnosis_and_says_where() -> None:
    draft = "You have pneumonia."
    (verdict,) = lines("guard", {"draft": draft})
    assert verdict["allowed"] is False
    assert any(each["class"] == "DX" for each in verdict["violations"])
    for each in verdict["violations"]:
        assert set(each) == {"class", "span", "reason"}
        start, end = each["span"]
        assert 0 <= start <= end <= len(draft)


def test_guard_lets_a_question_pass() -> None:
    assert lines("guard", {"draft": "How long have you had it?"}) == [{"allowed": True, "violations": []}]


def test_guard_knows_what_was_said() -> None:
    draft = "You said that your left arm hurts."
    said, unsaid = lines(
        "guard", {"draft": draft, "said": ["my left arm hurts"]}, {"draft": draft, "said": ["my knee hurts"]}
    )
    assert said["allowed"] is True
    assert unsaid["allowed"] is False


def test_guard_wants_the_template_at_an_emergency() -> None:
    (verdict,) = lines(
        "guard", {"draft": "How long have you had it?", "urgency": "emergency_now", "audience": "patient"}
    )
    assert "ESC" in {each["class"] for each in verdict["violations"]}


@pytest.mark.parametrize("bad", [{"said": []}, {"draft": "x", "urgency": "soon"}, {"draft": "x", "audience": "me"}])
def test_guard_refuses_what_it_cannot_read(bad: dict[str, Any]) -> None:
    (answer,) = lines("guard", bad, status=1)
    assert list(answer) == ["error"]
