"""Only checked sentences leave a stream, however the draft is cut into pieces."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessageChunk

from symptom_intake.agent import Guardrail
from symptom_intake.prompts.levels import Urgency

GUARD = Guardrail.load()
FALLBACK = GUARD.fallback()
SAID = ["my left knee hurts, since Monday", "I fell, no fever"]
GOOD = "Thank you. You said your left knee hurts. When did it start?"
SENTENCES = st.sampled_from(
    [
        "Thank you.",
        "You said your left knee hurts.",
        "You said your right knee hurts.",
        "When did it start?",
        "Does it hurt at night?",
        "You have arthritis.",
        'You said "my left knee hurts. Since Monday".',
        "Dr. Smith is here.",
        "1. Left knee\n2. No fever",
        "I am sorry",
        "\n\n",
        " ",
        "!?",
        '"',
        "…",
    ]
)
TEXTS = st.one_of(st.lists(SENTENCES, max_size=6).map(" ".join), st.text(max_size=60))


class Spy:
    """A guardrail that notes what it lets pass."""

    def __init__(self) -> None:
        self.passed: list[str] = []

    def check(self, draft: str, **more: Any) -> Any:
        verdict = GUARD.check(draft, **more)
        if verdict.allowed:
            self.passed.append(draft)
        return verdict

    def fallback(self, *args: Any) -> str:
        return GUARD.fallback(*args)


def released(pieces: Sequence[str], fallback: str = FALLBACK) -> str:
    """What came out, without the fallback."""
    return "".join(piece for piece in pieces if piece.strip() != fallback)


def cut(text: str, places: Sequence[int]) -> list[str]:
    ends = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[begin:end] for begin, end in pairwise(ends)]


@given(TEXTS, st.lists(st.integers(0, 400), max_size=12))
@settings(max_examples=150, deadline=None)
def test_how_a_text_is_cut_changes_nothing_and_what_comes_out_passes(text: str, places: list[int]) -> None:
    whole = list(GUARD.stream([text], said=SAID))
    assert (
        "".join(whole) == "".join(GUARD.stream(cut(text, places), said=SAID)) == "".join(GUARD.stream(text, said=SAID))
    )
    out = released(whole)
    assert text.startswith(out)
    assert not out or GUARD.check(out, said=SAID).allowed
    assert out.strip() == text.strip() or whole[-1].strip() == FALLBACK


@given(TEXTS, st.lists(st.integers(0, 400), max_size=12))
@settings(max_examples=50, deadline=None)
def test_every_byte_that_a_sink_sees_was_checked(text: str, places: list[int]) -> None:
    from symptom_intake.agent.guarding.stream import Gate, checked

    spy, seen = Spy(), ""
    for piece in checked(Gate(spy, SAID, None, None), cut(text, places)):
        if piece.strip() == FALLBACK:
            break
        seen += piece
        assert seen in spy.passed


def test_a_good_draft_comes_out_sentence_by_sentence() -> None:
    assert list(GUARD.stream(iter(GOOD), said=SAID)) == [
        "Thank you. ",
        "You said your left knee hurts. ",
        "When did it start?",
    ]


def test_a_sentence_comes_out_as_soon_as_it_is_complete() -> None:
    drawn: list[str] = []

    def source() -> Iterator[str]:
        for word in GOOD.split(" "):
            drawn.append(word)
            yield word + " "

    assert next(iter(GUARD.stream(source(), said=SAID))) == "Thank you. "
    assert drawn == ["Thank", "you."]


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("Thank you. You have arthritis. When did it start?", "Thank you. "),
        ("When did it start? Is it worse at night?", "When did it start? "),
        ("You have arth", ""),
        ("", ""),
        ("  \n ", ""),
        ("Thank you. You said your right knee hurts.", "Thank you. "),
        ("It starts with gou\u200bt. Thank you.", ""),
    ],
)
def test_a_violation_ends_in_the_fallback(text: str, out: str) -> None:
    pieces = list(GUARD.stream([text], said=SAID))
    assert pieces[-1] == ("\n\n" if out else "") + FALLBACK
    assert "".join(pieces[:-1]) == out
    assert GUARD.check("".join(pieces), said=SAID).allowed or out.endswith("? ")


def test_after_a_violation_the_source_is_closed_and_read_no_further() -> None:
    drawn, closed = [], []

    def source() -> Iterator[str]:
        try:
            for piece in ("Thank you. ", "It is gout. ", "Take ", "an aspirin."):
                drawn.append(piece)
                yield piece
        finally:
            closed.append(True)

    assert list(GUARD.stream(source(), said=SAID))[-1].strip() == FALLBACK
    assert drawn == ["Thank you. ", "It is gout. "] and closed == [True]


def test_a_reader_that_leaves_closes_the_source() -> None:
    closed = []

    def source() -> Iterator[str]:
        try:
            yield from ("Thank you. ", "When did it start? ")
        finally:
            closed.append(True)

    stream: Any = GUARD.stream(source())
    next(stream)
    stream.close()
    assert closed == [True]


@pytest.mark.parametrize("level", [Urgency.EMERGENCY_NOW, Urgency.EMERGENCY_DEPARTMENT])
def test_at_an_emergency_only_its_template_comes_out(level: Urgency) -> None:
    def source() -> Iterator[str]:
        raise AssertionError("nothing is read")
        yield ""

    assert list(GUARD.stream(source(), urgency=level)) == [GUARD.fallback(level)]
    assert GUARD.check(GUARD.fallback(level), urgency=level).allowed


def test_a_source_that_breaks_off_ends_in_the_fallback(caplog: pytest.LogCaptureFixture) -> None:
    def source() -> Iterator[str]:
        yield "Thank you. When did your zebra"
        raise RuntimeError("zebra")

    with caplog.at_level(logging.DEBUG):
        assert list(GUARD.stream(source())) == ["Thank you. ", "\n\n" + FALLBACK]
    assert "zebra" not in caplog.text


@pytest.mark.parametrize("chunks", [None, 3, [None], [b"Thank you."], ["Thank you. ", 3]])
def test_what_is_no_text_ends_in_the_fallback(chunks: Any) -> None:
    assert list(GUARD.stream(chunks))[-1].strip() == FALLBACK


def test_an_endless_sentence_is_not_waited_for() -> None:
    def source() -> Iterator[str]:
        while True:
            yield "and " * 50

    assert list(GUARD.stream(source())) == [FALLBACK]


def test_the_question_of_the_fallback_is_asked_if_it_passes() -> None:
    asked = list(GUARD.stream(["It is gout."], question="When did it start?"))
    assert asked == [f"{FALLBACK}\n\nWhen did it start?"] and GUARD.check(asked[0]).allowed
    for bad in ("When did your gout start?", "When? Where?", "", "It is gout."):
        assert GUARD.fallback(question=bad) == FALLBACK
    assert GUARD.fallback(Urgency.EMERGENCY_NOW, "When did it start?") == GUARD.fallback(Urgency.EMERGENCY_NOW)


def test_a_level_that_does_not_exist_is_the_callers_error() -> None:
    for call in (GUARD.fallback, lambda level: GUARD.stream(["x"], urgency=level)):
        with pytest.raises(ValueError, match="soon"):
            call("soon")  # type: ignore[operator]


def test_chunks_of_a_chat_model_are_taken() -> None:
    model = FakeListChatModel(responses=[GOOD])
    assert "".join(GUARD.stream(model.stream("hello"), said=SAID)) == GOOD
    parts = AIMessageChunk([{"type": "reasoning", "reasoning": "gout"}, {"type": "text", "text": "Thank you."}])
    assert list(GUARD.stream([parts])) == ["Thank you."]


# Awaited


def collect(chunks: Any, **more: Any) -> list[str]:
    async def run() -> list[str]:
        return [piece async for piece in GUARD.astream(chunks, **more)]

    return asyncio.run(run())


async def apieces(*pieces: str, error: Exception | None = None) -> AsyncIterator[str]:
    for piece in pieces:
        yield piece
    if error:
        raise error


@pytest.mark.parametrize("text", [GOOD, "Thank you. It is gout. Ok.", "", "When? Where?"])
def test_an_awaited_stream_is_the_same(text: str) -> None:
    assert collect(apieces(*text), said=SAID) == list(GUARD.stream(text, said=SAID))


def test_an_awaited_source_may_break_off_or_be_none() -> None:
    assert collect(apieces("Thank you. ", error=RuntimeError("x"))) == ["Thank you. ", "\n\n" + FALLBACK]
    assert collect(["Thank you."]) == [FALLBACK]
    level = Urgency.EMERGENCY_NOW
    assert collect(apieces("x"), urgency=level) == [GUARD.fallback(level)]


def test_an_awaited_source_is_closed_after_a_violation() -> None:
    closed = []

    async def source() -> AsyncIterator[str]:
        try:
            yield "It is gout. "
            yield "Take an aspirin."
        finally:
            closed.append(True)

    assert collect(source()) == [FALLBACK] and closed == [True]


def test_an_awaited_model_is_taken() -> None:
    model = FakeListChatModel(responses=[GOOD])
    assert "".join(collect(model.astream("hello"), said=SAID)) == GOOD
