"""A chat model whose answers are checked: LangChain messages in, one message out that may be shown."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import cast

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, convert_to_messages
from langchain_core.prompt_values import PromptValue
from langchain_core.runnables import Runnable, RunnableLambda

from symptom_intake.agent.models.faults import RunawayOutputError
from symptom_intake.agent.models.quirks import strip_thoughts
from symptom_intake.agent.models.stream import Streamer
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.agent.safety.verdict import LONGEST, Verdict
from symptom_intake.prompts.levels import Urgency

_LOG = logging.getLogger(__name__)
_AGAIN = (
    "Your last answer was held back: {reasons}. Answer again without any of it, in one or two plain sentences. "
    "Say back only what was told here, in the same words, or ask one question."
)
Level = Callable[[Sequence[str]], Urgency | None]
"""From what the patient has said to how urgent it is; None when that does not matter."""


def guarded(
    model: Runnable[LanguageModelInput, AIMessage],
    guard: Guardrail,
    *,
    said: Sequence[str] = (),
    urgency: Level | None = None,
    deadline_s: float = 30.0,
) -> Runnable[LanguageModelInput, AIMessage]:
    """Put a guardrail behind a chat model.

    A blocked answer is asked for once more, with the reasons; a second one, an error or a time-out ends in the
    guardrail's fallback. What the model writes is seen by no callback and no trace.

    Args:
        model: The chat model.
        guard: The guardrail.
        said: What the patient has said besides the human messages that come in.
        urgency: How urgent it is, from what the patient has said. At an emergency the model is not asked.
        deadline_s: Seconds that both answers may take together.
    """
    asking = _Asking(Streamer(cast(BaseChatModel, model)), guard, tuple(said), urgency, deadline_s)
    return RunnableLambda(asking.answer, name="guarded")


def human_words(messages: Sequence[BaseMessage]) -> tuple[str, ...]:
    """What the human says in a conversation."""
    return tuple(str(message.text) for message in messages if isinstance(message, HumanMessage))


def level_of(urgency: Level | None, said: Sequence[str]) -> Urgency | None:
    """The level that was worked out, as a level."""
    level = urgency(said) if urgency else None
    return None if level is None else Urgency(level)


@dataclass(frozen=True)
class _Asking:
    model: Streamer
    guard: Guardrail
    said: tuple[str, ...]
    urgency: Level | None
    deadline_s: float

    def answer(self, given: LanguageModelInput) -> AIMessage:
        told = _messages(given)
        said = (*self.said, *human_words(told))
        level: Urgency | None = None
        try:
            level = level_of(self.urgency, said)
            text = None if level is not None and level.is_emergency else self._passed(told, said, level)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the patient gets signed words
            _LOG.warning("a model behind the guardrail failed: %s", type(error).__name__)
            text = None
        return AIMessage(self.guard.fallback(level) if text is None else text)

    def _passed(self, told: list[BaseMessage], said: Sequence[str], level: Urgency | None) -> str | None:
        """The model's first or second answer, if it passes."""
        until = time.monotonic() + self.deadline_s
        for _ in range(2):
            draft = strip_thoughts(self.model.write(told, until, _watch, Event()).text).strip()
            verdict = self.guard.check(draft, said=said, urgency=level)
            if verdict.allowed:
                return draft
            _LOG.info("an answer was held back: %s", " ".join(sorted(verdict.classes)))
            told = _with_note(told, verdict)
        return None


def _messages(given: LanguageModelInput) -> list[BaseMessage]:
    if isinstance(given, PromptValue):
        return given.to_messages()
    if isinstance(given, str):
        return [HumanMessage(given)]
    try:
        return convert_to_messages(given)
    except Exception:  # noqa: BLE001 - its own message would hold what the patient said
        raise TypeError("guarded takes a string, a prompt or a list of messages") from None


def _watch(text: str) -> None:
    if len(text) > LONGEST:
        raise RunawayOutputError("It is too long for any check.")


def _with_note(told: list[BaseMessage], verdict: Verdict) -> list[BaseMessage]:
    """The messages with what was wrong; roles go on alternating, for some models take nothing else."""
    reasons = "; ".join(dict.fromkeys(f"{each.cls} ({each.reason})" for each in verdict.violations))
    note = _AGAIN.format(reasons=reasons)
    if not told or not isinstance(told[-1], HumanMessage):
        return [*told, HumanMessage(note)]
    words = told[-1].content
    joined = f"{words}\n\n{note}" if isinstance(words, str) else [*words, {"type": "text", "text": note}]
    return [*told[:-1], HumanMessage(joined)]
