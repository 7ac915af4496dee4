"""The README's examples run as they stand there."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from symptom_intake.agent import IntakeSession
from symptom_intake.agent.graph import draw

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
BIN = Path(sys.executable).parent


def test_the_session_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[0], "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "Call 911 now." in shown and '"schema_version": "1.2"' in shown


def test_the_guardrail_example(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(BLOCKS[1], "README.md", "exec"), {})
    assert capsys.readouterr().out == "False DX FAB\n"


def test_the_langgraph_example_hands_over_and_gets_the_history_back(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    exec(compile(BLOCKS[2], "README.md", "exec"), names)
    assert "computer program" in capsys.readouterr().out
    bot, patient = names["bot"], names["patient"]
    answers = ["none of these", "34"] + ["no"] * 40
    for answer in answers:
        state = bot.invoke({"messages": [HumanMessage(answer)]}, patient)  # type: ignore[attr-defined]
        if state["phase"] == "done":
            break
    assert state["phase"] == "done"
    last = state["messages"][-1]
    assert isinstance(last, AIMessage) and "facts go to the nurse" in last.content
    assert state["history"].number("age") == 34
    assert state["history"].state("headache") == "present"


def test_the_two_safety_commands() -> None:
    lines = re.findall(r"^echo '(.*)' \| symptom-intake (\w+)$", README, re.MULTILINE)
    results = {}
    for line, command in lines:
        done = subprocess.run(
            [BIN / "symptom-intake", command], input=line + "\n", capture_output=True, text=True, check=True
        )
        results[command] = json.loads(done.stdout)
    assert results["screen"]["urgency"] == "emergency_now"
    assert results["guard"]["allowed"] is False


def test_the_picture_is_of_this_graph() -> None:
    (picture,) = re.findall(r"```mermaid\n(.*?)```", README, re.DOTALL)
    assert picture.strip() == draw().strip()


def test_the_transcript_is_a_real_one() -> None:
    (transcript,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    greeting, *rest = re.split(r"^> (.*)$\n", transcript, flags=re.MULTILINE)
    with IntakeSession.open() as session:
        assert greeting.strip() == session.greeting
        for said, replied in zip(rest[::2], rest[1::2], strict=True):
            assert session.send(said).text == replied.strip()
