"""Screening one message on its own: the text, what it tells, and what the caller knows."""

import pytest

from symptom_intake.agent.context import make_context
from symptom_intake.agent.history import Fact, History, SlotState
from symptom_intake.agent.screening import screen_text
from symptom_intake.prompts import Urgency, highest

CONTEXT = make_context()


def known(slot: str, number: float | None = None, value: str | None = None) -> History:
    return History(
        facts=(
            Fact(id=slot, slot=slot, state=SlotState.PRESENT, number=number, value=value, evidence=(), source="record"),
        )
    )


def level(text: str, history: History | None = None) -> Urgency:
    hits = screen_text(text, history or History(), CONTEXT, CONTEXT.clock())
    return highest(Urgency.ROUTINE, *(hit.rule.level or Urgency.ROUTINE for hit in hits))


@pytest.mark.parametrize(
    ("text", "history", "at_least"),
    [
        ("my mouth is drooping", History(), Urgency.EMERGENCY_NOW),
        ("fever of 38.5 C", known("age", number=0.1), Urgency.EMERGENCY_DEPARTMENT),
        ("my belly hurts", known("pregnancy", value="pregnant"), Urgency.EMERGENCY_DEPARTMENT),
        ("my 3 week old has a temp of 38.5", History(), Urgency.EMERGENCY_DEPARTMENT),
    ],
)
def test_words_facts_and_what_is_known_count(text: str, history: History, at_least: Urgency) -> None:
    assert level(text, history).rank >= at_least.rank


@pytest.mark.parametrize("text", ["fever of 38.5 C", "my belly hurts a bit", "my knee aches", ""])
def test_the_same_words_of_somebody_else_need_not_be_an_emergency(text: str) -> None:
    assert not level(text, known("age", number=30)).is_emergency


def test_spans_are_of_the_text() -> None:
    text = "my 3 week old has a temp of 38.5"
    for hit in screen_text(text, History(), CONTEXT, CONTEXT.clock()):
        assert all(text[start:end] for start, end in hit.spans)
