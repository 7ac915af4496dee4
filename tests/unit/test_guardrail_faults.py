"""Whatever breaks inside the guardrail, the draft stays in, in time, and nothing of it is logged."""

import copy
import logging
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage, HumanMessage
from pydantic import ValidationError
from typer.testing import CliRunner

from symptom_intake.agent.cli import app
from symptom_intake.agent.context import make_context
from symptom_intake.agent.guarding.bounded import LATE_AT_MOST, Bounded, OverdueError
from symptom_intake.agent.guarding.node import guard_node
from symptom_intake.agent.guarding.runnable import guarded
from symptom_intake.agent.history import Draft, History, Paragraph
from symptom_intake.agent.nodes.guardrail import guardrail as graph_node
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.agent.safety.verdict import LONGEST, GuardClass, Verdict, Violation
from symptom_intake.prompts.levels import Urgency

CONTEXT = make_context()
GUARD = Guardrail.load()
SAID = "my zebrafish bit my left hand"
DRAFT = "You said your zebrafish bit your left hand."
LIMIT_S, LONG_S = 0.25, 60.0
OVER = Event()
CHECKS = list(GUARD._checks())
FOUND = Violation(cls=GuardClass.DX, start=0, end=3, reason="x")


@pytest.fixture(scope="module", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    OVER.set()


def raising(subject: Any) -> Iterator[Violation]:
    raise RuntimeError(SAID)


def raising_late(subject: Any) -> Iterator[Violation]:
    yield FOUND
    raise RuntimeError(SAID)


def leaving(subject: Any) -> Iterator[Violation]:
    raise SystemExit(SAID)


def hanging(subject: Any) -> Iterator[Violation]:
    OVER.wait(LONG_S)
    return iter(())


def crawling(subject: Any) -> Iterator[Violation]:
    until = time.monotonic() + LONG_S
    while time.monotonic() < until and not OVER.is_set():
        time.sleep(0.05)
    yield from ()


def endless(subject: Any) -> Iterator[Violation]:
    while True:
        yield FOUND


SLOW = (hanging, crawling)
FAULTS: list[Callable[[Any], Any]] = [
    raising,
    raising_late,
    leaving,
    hanging,
    crawling,
    endless,
    pytest.param(lambda subject: None, id="none"),
    pytest.param(lambda subject: "", id="empty text"),
    pytest.param(lambda subject: SAID, id="text"),
    pytest.param(lambda subject: True, id="a truth value"),
    pytest.param(lambda subject: [], id="a list"),
    pytest.param(lambda subject: iter([None]), id="nothing in a row"),
    pytest.param(lambda subject: iter([{"cls": "DX"}]), id="no violations"),
]


def broken(name: str, fault: Callable[[Any], Any]) -> Guardrail:
    """A guardrail of which one check is at fault."""
    guard = copy.copy(GUARD)
    guard._bounded, guard._limit_s = Bounded(), LIMIT_S if fault in SLOW else 2.0
    guard._checks = lambda: {**GUARD._checks(), name: fault}  # type: ignore[method-assign]
    return guard


def by_check(guard: Guardrail) -> list[str]:
    verdict = guard.check(DRAFT, said=[SAID])
    assert not verdict.allowed and verdict.violations
    return []


def by_graph(guard: Guardrail) -> list[str]:
    draft = Draft(paragraphs=(Paragraph(text=DRAFT, kind="model"),))
    state: Any = {"draft": draft, "turns": [], "history": History(), "phase": "interview", "complaints": []}
    left = graph_node(state, context=replace(CONTEXT, guardrail=guard))
    assert left["blocked"]
    return [left["draft"].text]


def by_stream(guard: Guardrail) -> list[str]:
    return list(guard.stream([DRAFT[:9], DRAFT[9:]], said=[SAID]))


def by_runnable(guard: Guardrail) -> list[str]:
    return [str(guarded(FakeListChatModel(responses=[DRAFT]), guard).invoke([HumanMessage(SAID)]).text)]


def by_node(guard: Guardrail) -> list[str]:
    (message,) = guard_node(guard)({"messages": [HumanMessage(SAID), AIMessage(DRAFT, id="1")]})["messages"]
    return [str(message.text)]


def by_command(guard: Guardrail) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Guardrail, "load", lambda *args, **more: guard)
        shown = CliRunner().invoke(app, ["guard", "--text", DRAFT, "--said", SAID])
        line = f'{{"draft": "{DRAFT}", "said": ["{SAID}"]}}\n'
        answered = CliRunner().invoke(app, ["guard"], input=line)
    assert shown.exit_code == 1 and shown.stdout.startswith("blocked")
    assert '"allowed": false' in answered.stdout and SAID not in answered.stdout
    return []


SINKS = [by_check, by_graph, by_stream, by_runnable, by_node, by_command]


def test_every_sink_lets_the_draft_out_while_nothing_is_broken() -> None:
    assert GUARD.check(DRAFT, said=[SAID]).allowed
    assert "".join(by_stream(GUARD)) == by_runnable(GUARD)[0] == by_node(GUARD)[0] == DRAFT


@pytest.mark.parametrize("sink", SINKS)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", CHECKS)
def test_a_check_at_fault_keeps_the_draft_in(
    name: str, fault: Callable[[Any], Any], sink: Callable[[Guardrail], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    begin = time.monotonic()
    with caplog.at_level(logging.DEBUG):
        out = sink(broken(name, fault))
    assert time.monotonic() - begin < LONG_S / 3
    assert not out or (out[-1] == GUARD.fallback() and "zebrafish" not in "".join(out))
    assert "zebrafish" not in caplog.text


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_a_violation_over_the_whole_draft(fault: Callable[[Any], Any]) -> None:
    verdict = broken(CHECKS[-1], fault).check(DRAFT, said=[SAID])
    if fault is not endless:
        assert [(each.cls, each.start, each.end) for each in verdict.violations] == [(GuardClass.STYLE, 0, len(DRAFT))]
        reason = "the check took too long" if fault in SLOW else "the check failed"
        assert verdict.violations[0].reason == reason


def test_the_signed_emergency_message_comes_out_of_a_broken_guardrail() -> None:
    guard = broken(CHECKS[0], raising)
    assert guard.fallback(Urgency.EMERGENCY_NOW).startswith("Call 911 now.")
    assert list(guard.stream([DRAFT], urgency=Urgency.EMERGENCY_NOW)) == [guard.fallback(Urgency.EMERGENCY_NOW)]


def test_a_guardrail_that_hangs_again_and_again_begins_no_more_work_and_recovers() -> None:
    over = Event()
    guard = broken(CHECKS[0], lambda subject: over.wait(LONG_S))
    guard._limit_s = 0.02
    begin = time.monotonic()
    for _ in range(LATE_AT_MOST * 3):
        assert not guard.check(DRAFT, said=[SAID]).allowed
    assert len(guard._bounded._late) <= LATE_AT_MOST
    assert time.monotonic() - begin < LONG_S / 3
    guard._limit_s, guard._checks = 2.0, GUARD._checks  # type: ignore[method-assign]
    assert not guard.check(DRAFT, said=[SAID]).allowed
    over.set()
    while any(job.outcome.empty() for job in guard._bounded._late):
        time.sleep(0.01)
    assert guard.check(DRAFT, said=[SAID]).allowed


def test_a_draft_over_the_limit_meets_no_check(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = copy.copy(GUARD)
    monkeypatch.setattr(guard, "_signed", None)
    verdict = guard.check("a" * (LONGEST + 1))
    assert [each.reason for each in verdict.violations] == ["is too long for any check"]


@pytest.mark.parametrize("draft", [None, 3, b"When?", ["When did it start?"], "", " \n\n "])
def test_what_is_no_draft_is_blocked(draft: Any) -> None:
    assert not GUARD.check(draft).allowed


@pytest.mark.parametrize(
    "more",
    [
        {"said": None},
        {"said": [None]},
        {"facts": [1]},
        {"urgency": "soon"},
        {"audience": "anyone"},
        {"audience": None},
        {"signed": None},
    ],
)
def test_what_cannot_be_judged_against_blocks(more: dict[str, Any]) -> None:
    assert not GUARD.check("When did it start?", **more).allowed


def test_a_level_may_be_given_by_its_name() -> None:
    assert "ESC" in GUARD.check("When did it start?", urgency="emergency_now").classes  # type: ignore[arg-type]


def test_one_thing_said_may_be_given_alone() -> None:
    assert GUARD.check(DRAFT, said=SAID) == GUARD.check(DRAFT, said=[SAID])


def test_no_setting_fails_open() -> None:
    """A guardrail knows two settings, and neither lets anything out."""
    import inspect

    assert [*inspect.signature(Guardrail).parameters] == ["content", "messages", "judge", "limit_s"]
    guard = copy.copy(GUARD)
    for limit in (0, -1, float("nan"), None, "2"):
        guard._limit_s = limit  # type: ignore[assignment]
        assert not guard.check("You have pneumonia.").allowed


@pytest.mark.parametrize(("allowed", "violations"), [(True, (FOUND,)), (False, ())])
def test_a_verdict_cannot_contradict_itself(allowed: bool, violations: tuple[Violation, ...]) -> None:
    with pytest.raises(ValidationError):
        Verdict(allowed=allowed, violations=violations)


def test_the_verdict_is_the_same_over_repeats_and_threads() -> None:
    drafts = [DRAFT, "You said it bit your right hand. It is just a scratch, take an aspirin.", "a" * 9000, ""]
    for draft in drafts:
        once = GUARD.check(draft, said=[SAID])
        with ThreadPoolExecutor(8) as pool:
            assert {*pool.map(lambda _, text=draft: GUARD.check(text, said=[SAID]), range(20))} == {once}


# The thread


def test_work_gives_its_value_or_raises_its_error() -> None:
    bounded = Bounded()
    assert bounded.run(lambda: 3, 1) == 3
    with pytest.raises(KeyError):
        bounded.run(lambda: {}["x"], 1)
    with pytest.raises(OverdueError):
        bounded.run(lambda: time.sleep(0.2), 0.01)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_judges_too() -> None:
    assert GUARD.check(DRAFT, said=[SAID]).allowed
    child = os.fork()
    if child == 0:
        os._exit(0 if GUARD.check(DRAFT, said=[SAID]).allowed else 1)
    assert os.waitpid(child, 0)[1] == 0
