"""The guardrail behind LangChain's models and in LangGraph's graphs of others; and its page's examples."""

import asyncio
import logging
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel, FakeListChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.prompts import ChatPromptTemplate
from langgraph.graph import START, MessagesState, StateGraph

from symptom_intake.agent import ConfigurationError, Guardrail, guard_node, guarded
from symptom_intake.prompts.levels import Urgency

GUARD = Guardrail.load()
FALLBACK = GUARD.fallback()
WORDS = HumanMessage("my left knee hurts")
GOOD, BAD = "You said your left knee hurts. When did it start?", "This is gout, my zebra. Take an aspirin."
PAGE = (Path(__file__).parents[2] / "docs" / "guardrail.md").read_text(encoding="utf-8")


class Scripted(BaseChatModel):
    """Answers in order, in pieces, and remembers what it was told."""

    answers: list[Any]
    told: list[list[BaseMessage]] = []
    delay_s: float = 0.0

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        self.told.append(messages)
        time.sleep(self.delay_s)
        answer = self.answers[min(len(self.told), len(self.answers)) - 1]
        if isinstance(answer, BaseException):
            raise answer
        return answer if isinstance(answer, AIMessage) else AIMessage(answer)

    def _generate(self, messages: list[BaseMessage], *args: Any, **more: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _stream(self, messages: list[BaseMessage], *args: Any, **more: Any) -> Iterator[ChatGenerationChunk]:
        message = self._next(messages)
        if not isinstance(message.content, str):
            yield ChatGenerationChunk(message=AIMessageChunk(message.content))
            return
        for piece in re.findall(r"\S+\s*", message.content) or [""]:
            chunk = ChatGenerationChunk(message=AIMessageChunk(piece))
            if (manager := more.get("run_manager") or (args[1] if len(args) > 1 else None)) is not None:
                manager.on_llm_new_token(piece, chunk=chunk)
            yield chunk


def scripted(*answers: Any, **more: Any) -> Scripted:
    return Scripted(answers=list(answers), told=[], **more)


# The model


def test_a_good_answer_passes_and_the_model_is_asked_once() -> None:
    model = scripted(GOOD)
    assert guarded(model, GUARD).invoke([SystemMessage("Be kind."), WORDS]).content == GOOD
    assert model.told == [[SystemMessage("Be kind."), WORDS]]


def test_a_blocked_answer_is_asked_for_once_more_with_the_reasons_and_without_the_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = scripted(BAD, GOOD)
    with caplog.at_level(logging.DEBUG):
        assert guarded(model, GUARD).invoke([WORDS]).content == GOOD
    _, (again,) = model.told
    assert "DX (" in str(again.text) and "zebra" not in str(again.text)
    assert str(again.text).startswith(str(WORDS.text))
    assert "zebra" not in caplog.text and "knee" not in caplog.text and "DX" in caplog.text


def test_after_a_second_blocked_answer_the_fallback_comes() -> None:
    model = scripted(BAD, BAD, GOOD)
    assert guarded(model, GUARD).invoke([WORDS]).content == FALLBACK
    assert len(model.told) == 2


def test_the_note_does_not_count_as_said() -> None:
    """Nor does it change a message of many parts, or stand before a human one."""
    parts = HumanMessage([{"type": "text", "text": "my left knee hurts"}])
    model = scripted(BAD, "You said you have gout.")
    assert guarded(model, GUARD).invoke([parts]).content == FALLBACK
    assert [type(each["text"]) for each in model.told[1][-1].content] == [str, str]
    model = scripted(BAD, GOOD)
    assert guarded(model, GUARD).invoke([WORDS, AIMessage("Thank you.")]).content == GOOD
    assert [each.type for each in model.told[1]] == ["human", "ai", "human"]


@pytest.mark.parametrize(
    "answer",
    [
        RuntimeError("zebra"),
        StopIteration("zebra"),
        "",
        "and " * 3000,
        AIMessage("", tool_calls=[{"name": "x", "args": {}, "id": "1"}]),
        AIMessage([{"type": "image", "url": "x"}]),
    ],
)
def test_whatever_the_model_does_the_patient_gets_signed_words(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert guarded(scripted(answer), GUARD).invoke([WORDS]).content == FALLBACK
    assert "zebra" not in caplog.text


def test_a_model_that_is_too_slow_is_not_waited_for() -> None:
    begin = time.monotonic()
    assert guarded(scripted(GOOD, delay_s=3), GUARD, deadline_s=0.3).invoke([WORDS]).content == FALLBACK
    assert time.monotonic() - begin < 2


def test_thoughts_are_left_out() -> None:
    assert guarded(scripted(f"<think>It is gout.</think>{GOOD}"), GUARD).invoke([WORDS]).content == GOOD


def test_at_an_emergency_the_model_is_not_asked() -> None:
    model = scripted(GOOD)
    seen: list[Sequence[str]] = []

    def level(said: Sequence[str]) -> Urgency:
        seen.append(said)
        return Urgency.EMERGENCY_NOW

    assert guarded(model, GUARD, said=["hello"], urgency=level).invoke([WORDS]).content.startswith("Call 911 now.")
    assert model.told == [] and seen == [("hello", "my left knee hurts")]


def test_a_level_that_cannot_be_worked_out_ends_in_the_fallback(caplog: pytest.LogCaptureFixture) -> None:
    def level(said: Sequence[str]) -> Urgency:
        raise ValueError(said[0])

    assert guarded(scripted(GOOD), GUARD, urgency=level).invoke([WORDS]).content == FALLBACK
    assert guarded(scripted(GOOD), GUARD, urgency=lambda said: "soon").invoke([WORDS]).content == FALLBACK  # type: ignore[arg-type, return-value]
    assert "knee" not in caplog.text


def test_other_inputs_are_taken_and_a_wrong_one_is_named_without_its_words() -> None:
    assert guarded(scripted(GOOD), GUARD).invoke("my left knee hurts").content == GOOD
    assert guarded(scripted(GOOD), GUARD).invoke([("user", "my left knee hurts")]).content == GOOD
    chain = ChatPromptTemplate([("system", "Be kind."), ("human", "{words}")]) | guarded(scripted(GOOD), GUARD)
    assert chain.invoke({"words": "my left knee hurts"}).content == GOOD
    with pytest.raises(TypeError) as caught:
        guarded(scripted(GOOD), GUARD).invoke([{"zebra": "x"}])
    assert "zebra" not in str(caught.value)


def test_it_can_be_awaited_batched_and_streamed() -> None:
    bot = guarded(scripted(GOOD), GUARD)
    assert asyncio.run(bot.ainvoke([WORDS])).content == GOOD
    assert [each.content for each in bot.batch([[WORDS]] * 3)] == [GOOD] * 3
    assert [each.content for each in guarded(scripted(BAD), GUARD).stream([WORDS])] == [FALLBACK]


class Listener(BaseCallbackHandler):
    """Hears whatever a callback can hear."""

    def __init__(self) -> None:
        self.heard = ""

    def on_llm_new_token(self, token: str, **more: Any) -> None:
        self.heard += token

    def on_llm_end(self, response: Any, **more: Any) -> None:
        self.heard += str(response)

    def on_chain_end(self, outputs: Any, **more: Any) -> None:
        self.heard += str(outputs)


def test_no_callback_hears_what_was_not_checked() -> None:
    listener = Listener()
    guarded(scripted(BAD), GUARD).invoke([WORDS], {"callbacks": [listener]})
    assert FALLBACK in listener.heard and "zebra" not in listener.heard


# The graph


def graph(*nodes: tuple[str, Any]) -> Any:
    made = StateGraph(MessagesState)
    before = START
    for name, node in nodes:
        made.add_node(name, node)
        made.add_edge(before, name)
        before = name
    return made.compile()


@pytest.mark.parametrize("mode", ["messages", "updates", "values", "debug"])
def test_no_stream_of_a_graph_shows_what_was_not_checked(mode: Any) -> None:
    bot = guarded(scripted(BAD), GUARD)
    made = graph(("answer", lambda state: {"messages": [bot.invoke(state["messages"])]}))
    shown = str(list(made.stream({"messages": [WORDS]}, stream_mode=mode)))
    assert "zebra" not in shown and FALLBACK in shown


@pytest.mark.parametrize(("draft", "text"), [(GOOD, GOOD), (BAD, FALLBACK), ("", FALLBACK)])
def test_the_node_replaces_the_last_message_under_its_id(draft: str, text: str) -> None:
    answer = AIMessage(draft, id="a1", name="bot", additional_kwargs={"reasoning_content": BAD})
    made = graph(("answer", lambda state: {"messages": [answer]}), ("guardrail", guard_node(GUARD)))
    messages = made.invoke({"messages": [WORDS]})["messages"]
    assert [(each.type, each.content) for each in messages] == [("human", WORDS.content), ("ai", text)]
    assert messages[-1].id == "a1" and "zebra" not in str(messages)


def test_the_node_answers_when_nothing_else_did() -> None:
    made = graph(("guardrail", guard_node(GUARD)))
    assert [each.content for each in made.invoke({"messages": [WORDS]})["messages"]][1:] == [FALLBACK]
    older = [WORDS, AIMessage(GOOD), HumanMessage("on Monday")]
    assert [each.content for each in made.invoke({"messages": older})["messages"]][1:] == [GOOD, "on Monday", FALLBACK]
    assert made.invoke({"messages": []})["messages"][0].content == FALLBACK


def test_the_node_knows_all_that_was_said_and_the_level() -> None:
    node = guard_node(GUARD, said=["since Monday"])
    state = {"messages": [WORDS, AIMessage("You said your left knee hurts since Monday.", id="1")]}
    assert node(state)["messages"][0].content == state["messages"][1].content
    late = guard_node(GUARD, urgency=lambda said: Urgency.EMERGENCY_DEPARTMENT)
    assert late(state)["messages"][0].content == GUARD.fallback(Urgency.EMERGENCY_DEPARTMENT)


def test_the_node_takes_a_state_with_attributes_and_messages_of_tools() -> None:
    class State:
        messages = [WORDS, AIMessage(GOOD, id="1"), ToolMessage("x", tool_call_id="1")]

    assert guard_node(GUARD)(State())["messages"] == [AIMessage(GOOD, id="1")]


def test_a_message_without_an_id_could_not_be_replaced() -> None:
    with pytest.raises(ConfigurationError, match="add_messages"):
        guard_node(GUARD)({"messages": [WORDS, AIMessage(BAD)]})


def test_the_node_ends_in_the_fallback_when_the_level_cannot_be_worked_out(caplog: pytest.LogCaptureFixture) -> None:
    def level(said: Sequence[str]) -> Urgency:
        raise ValueError(said[0])

    state = {"messages": [WORDS, AIMessage(GOOD, id="1")]}
    assert guard_node(GUARD, urgency=level)(state)["messages"][0].content == FALLBACK
    assert "knee" not in caplog.text


# The page


BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SHOWN = ["False", "Thank you. When did it start?", "When did it start?", "Let us go on."]


@pytest.mark.parametrize(("block", "shown"), list(zip(BLOCKS, SHOWN, strict=True)))
def test_the_pages_examples_run(block: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = "It is gout." if "guard_node" in block else "When did it start?"
    exec(compile(block, "guardrail.md", "exec"), {"model": FakeListChatModel(responses=[answer])})
    out = capsys.readouterr().out
    assert out.startswith(shown) and "gout" not in out
    if "verdict" in block:
        assert "FAB" in out and "True\n" in out and out.endswith("\n\nDoes it wake you?\n")


def test_the_page_names_every_class_and_check() -> None:
    from symptom_intake.agent.safety.verdict import GuardClass

    assert all(f"\n| {each.value} | " in PAGE for each in GuardClass)
    assert all(f"**{name.capitalize()}**" in PAGE for name in GUARD._checks())
