"""The graph as a LangGraph user meets it: messages in, messages out, any checkpointer."""

from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph

from symptom_intake.agent import SlotState, Urgency, build_graph
from symptom_intake.agent.persistence import open_checkpointer
from symptom_intake.prompts import load_messages

MESSAGES = load_messages("en", "us")
CONFIG = {"configurable": {"thread_id": "one"}}


def ask(graph: object, text: str, config: dict[str, object] = CONFIG) -> dict[str, object]:
    return graph.invoke({"messages": [HumanMessage(text)]}, config)  # type: ignore[attr-defined]


def last(values: dict[str, object]) -> str:
    message = values["messages"][-1]  # type: ignore[index]
    assert isinstance(message, AIMessage)
    return str(message.content)


@pytest.fixture(params=["memory", "sqlite"])
def graph(request: pytest.FixtureRequest, tmp_path: Path):
    if request.param == "memory":
        yield build_graph().compile(checkpointer=InMemorySaver())
    else:
        with open_checkpointer(str(tmp_path / "x.db")) as saver:
            yield build_graph().compile(checkpointer=saver)


def test_with_no_message_it_opens_with_the_notice(graph) -> None:
    reply = last(graph.invoke({"messages": []}, CONFIG))
    assert reply == f"{MESSAGES.text('notice')}\n\n{MESSAGES.text('opening')}"


def test_one_question_a_turn_and_the_history_comes_back(graph) -> None:
    values = ask(graph, "I have had a dull headache for 3 days")
    assert last(values).count("?") == 1
    assert values["phase"] == "interview"
    assert values["history"].of("headache.onset_time")[0].number == 72


def test_an_emergency_is_told_in_the_first_reply_and_stays(graph) -> None:
    values = ask(graph, "crushing chest pain and sweating, spreading into my arm, started 20 minutes ago")
    assert values["urgency"] is Urgency.EMERGENCY_NOW
    assert last(values) == MESSAGES.text("escalate.emergency_now")
    again = ask(graph, "actually I feel fine now, my wife says it is nothing")
    assert last(again) == last(values)
    assert again["urgency"] is Urgency.EMERGENCY_NOW


def test_a_repeated_message_id_changes_nothing(graph) -> None:
    message = HumanMessage("My back hurts", id="m1")
    first = graph.invoke({"messages": [message]}, CONFIG)
    again = graph.invoke({"messages": [message]}, CONFIG)
    assert len(again["messages"]) == len(first["messages"])
    assert again["history"] == first["history"]


def test_the_chatter_before_the_hand_over_is_not_read_as_symptoms(graph) -> None:
    before = [HumanMessage("my dog has a fever and is vomiting"), AIMessage("Sorry to hear. How can I help?")]
    values = graph.invoke({"messages": [*before, HumanMessage("my ankle hurts a bit")]}, CONFIG)
    assert values["history"].state("vomiting") is SlotState.NOT_ASKED


def test_threads_do_not_see_each_other(graph) -> None:
    ask(graph, "I have a fever of 39")
    other = ask(graph, "my back hurts", {"configurable": {"thread_id": "two"}})
    assert other["history"].state("fever") is SlotState.NOT_ASKED


def test_as_a_subgraph_of_somebody_elses_chatbot() -> None:
    def greet(state: MessagesState) -> dict[str, object]:
        return {}

    chatbot = StateGraph(MessagesState)
    chatbot.add_node("greet", greet)
    chatbot.add_node("intake", build_graph().compile())
    chatbot.add_edge(START, "greet")
    chatbot.add_edge("greet", "intake")
    chatbot.add_edge("intake", END)
    compiled = chatbot.compile(checkpointer=InMemorySaver())
    values = compiled.invoke({"messages": [HumanMessage("I feel like ending it all tonight")]}, CONFIG)
    assert values["messages"][-1].content == MESSAGES.text("escalate.crisis")


def test_only_deliver_writes_to_the_patient(graph) -> None:
    for chunk in graph.stream({"messages": [HumanMessage("I have a sore back")]}, CONFIG, stream_mode="updates"):
        for node, update in chunk.items():
            assert node == "deliver" or not (update or {}).get("messages")


def test_the_graph_is_drawn_with_every_node() -> None:
    drawn = build_graph().compile().get_graph().draw_mermaid()
    for node in (
        "receive",
        "screen",
        "listen",
        "assess",
        "paraphrase",
        "ask_follow_up",
        "summarize",
        "escalate",
        "guardrail",
        "deliver",
    ):
        assert node in drawn
