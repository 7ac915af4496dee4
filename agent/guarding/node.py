"""A node for a LangGraph graph with a `messages` state: what leaves it may be shown."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.guarding.runnable import Level, human_words, level_of
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.prompts.levels import Urgency

_LOG = logging.getLogger(__name__)


def guard_node(
    guard: Guardrail, *, said: Sequence[str] = (), urgency: Level | None = None
) -> Callable[[Any], dict[str, list[AIMessage]]]:
    """Make a node that puts a checked message in the place of the last one of the AI, under the same id.

    Nothing but the text that was checked is kept of it. Without an answer to the last human message, the guardrail's
    fallback is the answer.

    Args:
        guard: The guardrail.
        said: What the patient has said besides the human messages of the state.
        urgency: How urgent it is, from what the patient has said.
    """

    def guardrail(state: Any) -> dict[str, list[AIMessage]]:
        messages = state["messages"] if isinstance(state, Mapping) else state.messages
        last = _answer(messages)
        if last is not None and last.id is None:
            raise ConfigurationError("guard_node needs messages with ids: annotate them with add_messages.")
        text = _checked(guard, last, (*said, *human_words(messages)), urgency)
        return {"messages": [AIMessage(text, id=last.id if last else None)]}

    return guardrail


def _answer(messages: Sequence[BaseMessage]) -> AIMessage | None:
    """The last message of the AI, if no human has spoken since."""
    for message in reversed(messages):
        if isinstance(message, AIMessage):
            return message
        if isinstance(message, HumanMessage):
            return None
    return None


def _checked(guard: Guardrail, answer: AIMessage | None, said: Sequence[str], urgency: Level | None) -> str:
    level: Urgency | None = None
    try:
        level = level_of(urgency, said)
        if answer is not None:
            draft = str(answer.text)
            verdict = guard.check(draft, said=said, urgency=level)
            if verdict.allowed:
                return draft
            _LOG.info("an answer was held back: %s", " ".join(sorted(verdict.classes)))
    except Exception as error:  # noqa: BLE001 - whatever breaks, the patient gets signed words
        _LOG.warning("the guardrail's node failed: %s", type(error).__name__)
    return guard.fallback(level)
