"""One call of a model in process: what it asks for, and waiting for what the worker writes."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.faults import DeadlineError
from symptom_intake.agent.models.row import Event

_TOO_SLOW = "The model's answer did not come in time."


@dataclass(frozen=True)
class CallOptions:
    """What a call may ask for.

    Attributes:
        max_tokens: How long the answer may be.
        response_format: A JSON schema that the answer keeps to, in the form of OpenAI's API.
        deadline_s: Seconds for the whole call.
        stop_event: When it is set, the answer ends within one token, as "cancelled".
    """

    max_tokens: int | None = None
    response_format: dict[str, Any] | None = None
    deadline_s: float | None = None
    stop_event: threading.Event | None = None

    @property
    def schema(self) -> dict[str, Any] | None:
        """The JSON schema.

        Raises:
            ConfigurationError: If another form is asked for.
        """
        if self.response_format is None:
            return None
        if self.response_format.get("type") != "json_schema":
            raise ConfigurationError("A model in process takes a response_format of the type 'json_schema' alone.")
        schema: dict[str, Any] = self.response_format["json_schema"]["schema"]
        return schema


@dataclass(frozen=True)
class Waiting:
    """Somebody waits for an answer.

    Attributes:
        until: When the waiting ends, on the monotonic clock.
        stops: When one of these is set, the writing ends.
    """

    until: float | None
    stops: list[threading.Event] = field(default_factory=list)

    def next(self, inbox: "SimpleQueue[Event]") -> Event:
        """What came next.

        Raises:
            DeadlineError: If nothing came in time.
        """
        try:
            return inbox.get(timeout=self._left())
        except Empty:
            raise DeadlineError(_TOO_SLOW) from None

    async def anext(self, inbox: "asyncio.Queue[Event]") -> Event:
        """What came next, in an event loop.

        Raises:
            DeadlineError: If nothing came in time.
        """
        try:
            return await asyncio.wait_for(inbox.get(), self._left())
        except TimeoutError:
            raise DeadlineError(_TOO_SLOW) from None

    def _left(self) -> float | None:
        return None if self.until is None else max(0.0, self.until - time.monotonic())


@contextlib.contextmanager
def waiting(call: CallOptions) -> Iterator[Waiting]:
    """Wait for an answer; however the waiting ends, the writing ends too."""
    gone = threading.Event()
    until = None if call.deadline_s is None else time.monotonic() + call.deadline_s
    try:
        yield Waiting(until, [gone, *([call.stop_event] if call.stop_event else [])])
    finally:
        gone.set()


def into(inbox: "asyncio.Queue[Event]") -> Callable[[Event], None]:
    """Put what comes from another thread into a queue of this event loop, as long as that runs."""
    loop = asyncio.get_running_loop()

    def emit(event: Event) -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(inbox.put_nowait, event)

    return emit
