"""One call of a chat model, streamed in a thread of its own, and given up at its deadline."""

import time
from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import RunnableConfig
from langsmith import tracing_context

from symptom_intake.agent.models.faults import DeadlineError, ModelFault, UnavailableError
from symptom_intake.agent.models.server import fault_of

STUCK_AT_MOST = 8
"""Calls of one model that were given up and have not come back; with so many, no more are made."""
_UNSEEN: RunnableConfig = {"callbacks": [], "tags": ["nostream", "langsmith:nostream"]}


@dataclass
class Written:
    """What a model has written so far.

    Attributes:
        text: The words. `finish`: why it ended, as the server says.
        prompt_tokens: As the server says, 0 where it does not. `completion_tokens`: likewise.
    """

    text: str = ""
    finish: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def add(self, chunk: AIMessage) -> None:
        """Take in what came next."""
        self.text += str(chunk.text)
        self.finish = chunk.response_metadata.get("finish_reason") or self.finish
        if usage := chunk.usage_metadata:
            self.prompt_tokens += usage["input_tokens"]
            self.completion_tokens += usage["output_tokens"]


class Streamer:
    """Calls a model so that nobody waits for it longer than asked, and nobody else sees what it writes."""

    def __init__(self, model: BaseChatModel) -> None:
        """Hold the model."""
        self._model = model
        self._stuck: set[Thread] = set()

    def write(
        self, messages: Sequence[BaseMessage], until: float, watch: Callable[[str], None], stop: Event, **options: Any
    ) -> Written:
        """Let the model write.

        Args:
            messages: What it is told.
            until: When to give up, on the monotonic clock.
            watch: Is given the text at each step; raising an error ends the call.
            stop: Is set when nobody waits any longer.
            options: For the model, as it takes them.

        Raises:
            ModelFault: If the model fails, or is not done in time.
        """
        self._stuck.difference_update([thread for thread in tuple(self._stuck) if not thread.is_alive()])
        if len(self._stuck) >= STUCK_AT_MOST:
            raise UnavailableError(f"{STUCK_AT_MOST} earlier calls of the model have not come back. Restart the model.")
        chunks: SimpleQueue[AIMessage | ModelFault | None] = SimpleQueue()
        # An empty context: a graph's callbacks would show the raw text to whoever streams the graph.
        worker = Thread(
            target=Context().run, args=(self._work, list(messages), chunks, stop, options), daemon=True, name="model"
        )
        worker.start()
        try:
            written = Written()
            while (chunk := _next(chunks, until)) is not None:
                written.add(chunk)
                watch(written.text)
            return written
        except ModelFault:
            self._stuck.add(worker)
            raise
        finally:
            stop.set()

    def _work(
        self,
        messages: list[BaseMessage],
        chunks: "SimpleQueue[AIMessage | ModelFault | None]",
        stop: Event,
        options: dict[str, Any],
    ) -> None:
        try:
            with tracing_context(enabled=False):
                for chunk in self._model.stream(messages, _UNSEEN, **options):
                    chunks.put(chunk)
                    if stop.is_set():
                        break  # and with it goes the generator, which closes the connection
            chunks.put(None)
        except Exception as error:  # noqa: BLE001 - whatever breaks in there, the waiting side must hear of it
            chunks.put(fault_of(error))


def _next(chunks: "SimpleQueue[AIMessage | ModelFault | None]", until: float) -> AIMessage | None:
    try:
        chunk = chunks.get(timeout=max(0.0, until - time.monotonic()))
    except Empty:
        raise DeadlineError("The model's answer did not come in time.") from None
    if isinstance(chunk, ModelFault):
        raise chunk
    return chunk
