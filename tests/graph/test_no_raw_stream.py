"""Whoever streams a graph sees nothing of what a model writes: only what the nodes let out."""

from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.state import CompiledStateGraph
from pydantic import BaseModel

from symptom_intake.agent.models.faults import ModelFault
from symptom_intake.agent.models.server import server_model
from symptom_intake.agent.models.structured import StructuredModel

RAW = "Surely gout"


class Told(BaseModel):
    diagnosis: str


class Spy(BaseCallbackHandler):
    """A callback of the application around the graph."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def on_chat_model_start(self, serialized: Any, messages: Any, **kwargs: Any) -> None:
        self.heard.append(str(messages))

    def on_llm_new_token(self, token: Any, **kwargs: Any) -> None:
        self.heard.append(str(token))

    def on_llm_end(self, response: Any, **kwargs: Any) -> None:
        self.heard.append(str(response))

    def on_llm_error(self, error: BaseException, **kwargs: Any) -> None:
        self.heard.append(str(error))


def graph_around(ask: Any) -> "CompiledStateGraph[Any, Any, Any, Any]":
    def node(state: MessagesState) -> dict[str, Any]:
        ask()
        return {"messages": [AIMessage("How long has it hurt?")]}

    graph = StateGraph(MessagesState)
    graph.add_node("node", node)
    graph.add_edge(START, "node")
    graph.add_edge("node", END)
    return graph.compile()


MODES = ["messages", "updates", "values", "custom", "debug"]


@pytest.mark.parametrize("script", ["says", "drips", "cut_off", "disconnects", "fences"])
def test_no_token_of_a_model_is_streamed(model_server: Any, script: str) -> None:
    model_server.script(getattr(model_server, script)({"diagnosis": RAW}))
    model, spy = StructuredModel(server_model("scripted", model_server.url, 5.0), "scripted"), Spy()

    def ask() -> None:
        try:
            assert model.ask([HumanMessage("It hurts")], Told, 0.5 if script == "drips" else 20).value.diagnosis == RAW
        except ModelFault:
            assert script in {"drips", "cut_off", "disconnects"}

    graph = graph_around(ask)
    seen = list(graph.stream({"messages": [HumanMessage("It hurts")]}, {"callbacks": [spy]}, stream_mode=MODES))
    assert [data[0].content for mode, data in seen if mode == "messages"] == ["How long has it hurt?"]
    assert "gout" not in str(seen) and "Surely" not in str(seen)
    assert spy.heard == []
    assert len(model_server.requests) >= 1


def test_a_plain_call_would_be_streamed(model_server: Any) -> None:
    """The counter-test: the graph shows a model's words, unless they are kept from it."""
    model_server.script({"diagnosis": RAW})
    model, spy = server_model("scripted", model_server.url, 5.0), Spy()
    graph = graph_around(lambda: model.invoke("It hurts"))
    seen = list(graph.stream({"messages": [HumanMessage("It hurts")]}, {"callbacks": [spy]}, stream_mode=MODES))
    assert "gout" in str([chunk for mode, chunk in seen if mode == "messages"])
    assert "gout" in str(spy.heard)
