"""The state machine: wiring only. One call answers one patient message."""

from collections.abc import Callable
from functools import partial
from typing import Any

from langgraph.errors import NodeError
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command

from symptom_intake.agent.context import IntakeContext, make_context
from symptom_intake.agent.nodes.ask_follow_up import ask_follow_up
from symptom_intake.agent.nodes.assess import assess
from symptom_intake.agent.nodes.deliver import deliver
from symptom_intake.agent.nodes.escalate import escalate
from symptom_intake.agent.nodes.examine_images import examine_images
from symptom_intake.agent.nodes.fail_safe import fail_safe
from symptom_intake.agent.nodes.guardrail import guardrail
from symptom_intake.agent.nodes.listen import listen
from symptom_intake.agent.nodes.paraphrase import paraphrase
from symptom_intake.agent.nodes.receive import receive
from symptom_intake.agent.nodes.screen import screen
from symptom_intake.agent.nodes.summarize import summarize
from symptom_intake.agent.routing import (
    route_assessed,
    route_examined,
    route_planned,
    route_received,
    route_screened,
)
from symptom_intake.agent.state import IntakeInput, IntakeOutput, IntakeState

RECURSION_LIMIT = 25
"""Steps that one turn may take; the longest way through the graph has nine."""
_NODES: tuple[Callable[..., dict[str, Any]], ...] = (
    receive, screen, examine_images, listen, assess, paraphrase, ask_follow_up, summarize, escalate, guardrail,
)  # fmt: skip


def build_graph(
    context: IntakeContext | None = None,
) -> "StateGraph[IntakeState, None, IntakeInput, IntakeOutput]":
    """Wire the interview.

    Args:
        context: What the nodes work with; by default the embedded interviewer, region us, no records.

    Returns:
        The builder. Compile it with a checkpointer of your own, or use it as a subgraph: messages in and out.
    """
    context = context or make_context()
    graph = StateGraph(IntakeState, input_schema=IntakeInput, output_schema=IntakeOutput)
    for node in _NODES:
        graph.add_node(node.__name__, partial(node, context=context), error_handler=_fail_safe(context))  # type: ignore[call-overload]  # LangGraph injects the error, its types do not say so
    graph.add_node("deliver", partial(deliver, context=context))
    graph.add_edge(START, "receive")
    graph.add_conditional_edges("receive", route_received)
    graph.add_conditional_edges("screen", route_screened)
    graph.add_conditional_edges("examine_images", route_examined)
    graph.add_edge("listen", "assess")
    graph.add_conditional_edges("assess", route_assessed)
    graph.add_conditional_edges("paraphrase", route_planned)
    graph.add_edge("ask_follow_up", "guardrail")
    graph.add_edge("summarize", "guardrail")
    graph.add_edge("escalate", "guardrail")
    graph.add_edge("guardrail", "deliver")
    graph.add_edge("deliver", END)
    return graph


def _fail_safe(context: IntakeContext) -> Callable[[IntakeState, NodeError], Command[str]]:
    def handler(state: IntakeState, error: NodeError) -> Command[str]:
        return fail_safe(state, error, context=context)

    return handler


def draw() -> str:
    """The state machine as Mermaid, without the fail-safe way that leads from every node to deliver."""
    drawn = build_graph().compile().get_graph().draw_mermaid()
    return "\n".join(line for line in drawn.splitlines() if "__error_handler__" not in line)
