"""Whatever node breaks, the patient gets signed words, what was said is kept, and nothing of it is logged."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

import symptom_intake.agent.graph as graph_module
from symptom_intake.agent import IntakeSession, Urgency

SECRET = "my zebrafish headache"


def breaking(name: str) -> Callable[..., dict[str, Any]]:
    def node(state: Any, *, context: Any) -> dict[str, Any]:
        raise RuntimeError(SECRET)

    node.__name__ = name
    return node


def broken(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    nodes = tuple(breaking(name) if node.__name__ == name else node for node in graph_module._NODES)
    monkeypatch.setattr(graph_module, "_NODES", nodes)


@pytest.mark.parametrize("name", ["receive", "screen", "listen", "assess", "paraphrase", "ask_follow_up", "guardrail"])
def test_a_broken_node(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str) -> None:
    broken(monkeypatch, name)
    with caplog.at_level(logging.DEBUG), IntakeSession.open() as session:
        reply = session.send(SECRET)
        assert reply.text == session.context.messages.text("problem.failed")
        assert not reply.done
    assert SECRET not in caplog.text
    assert f"node {name} failed: RuntimeError" in caplog.text


@pytest.mark.parametrize("name", ["listen", "escalate", "guardrail"])
def test_an_emergency_gets_through_a_broken_node(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    broken(monkeypatch, name)
    with IntakeSession.open() as session:
        reply = session.send("I can't breathe, I'm choking and my lips are blue")
        assert reply.urgency is Urgency.EMERGENCY_NOW
        assert reply.phase == "escalated"
        assert reply.text == session.context.messages.text("escalate.emergency_now")


def test_the_interview_goes_on_when_the_node_works_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    db = str(tmp_path / "x.db")
    with monkeypatch.context() as patch:
        broken(patch, "listen")
        with IntakeSession.open(db) as session:
            name = session.id
            session.send("I have had a headache for two days")
    with IntakeSession.open(db, session=name) as session:
        assert session.send("a headache, since yesterday").asked is not None
        assert next(turn.text for turn in session.values["turns"] if turn.role == "patient").startswith("I have had")
