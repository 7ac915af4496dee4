"""One answer on its way: what was asked for, what was written of it, and how it ended."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import torch

from symptom_intake.agent.models.faults import ModelFault
from symptom_intake.agent.models.grammar import Binding

Finish = Literal["stop", "length", "cancelled"]
_BROKEN, _LONGEST_CHARACTER = "\ufffd", 4


@dataclass(frozen=True)
class Finished:
    """The end of an answer.

    Attributes:
        finish: Why it ended: by itself, at its limit, or because nobody waits any longer.
        input_tokens: Of the prompt. `cached_tokens`: those that were not computed again. `output_tokens`: written.
    """

    finish: Finish
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0


Event = str | Finished | ModelFault


@dataclass
class Request:
    """An answer that somebody waits for.

    Attributes:
        ids: The prompt's tokens.
        max_tokens: How many the answer may have.
        emit: Is given the text piece by piece, then how it ended, or the fault that ended it.
        images: What the model is given of the prompt's images, empty where there are none.
        binding: The schema that the answer keeps to.
        stops: When one of these is set, nobody waits any longer.
    """

    ids: list[int]
    max_tokens: int
    emit: Callable[[Event], None]
    images: dict[str, Any] = field(default_factory=dict)
    binding: Binding | None = None
    stops: Sequence[threading.Event] = ()

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody waits any longer."""
        return any(stop.is_set() for stop in self.stops)


class Row:
    """One answer while it is written.

    Attributes:
        request: What was asked for.
        length: Tokens, of the prompt and the answer, that the model has read.
        last: The token that it reads next.
        is_over: Whether the answer has ended.
    """

    def __init__(self, request: Request, tokenizer: Any, ends: frozenset[int], cached: int) -> None:
        """Begin after the prompt was read."""
        self.request, self.length, self.last, self.is_over = request, len(request.ids), 0, False
        self._tokenizer, self._ends, self._cached = tokenizer, ends, cached
        self._written, self._held = 0, list[int]()

    def mask(self, logits: Any) -> None:
        """Rule out what the schema does not allow, in place."""
        if self.request.binding:
            allowed = self.request.binding.allowed(logits.shape[-1])
            logits.masked_fill_(~allowed.to(logits.device), -torch.inf)

    def take(self, token: int) -> None:
        """Go on by a token, and tell whoever waits."""
        self.last, self._written = token, self._written + 1
        if token in self._ends:
            return self._end("stop")
        try:
            is_complete = self._is_complete_with(token)
        except ModelFault as fault:
            self.is_over = True
            return self.request.emit(fault)
        self._say(token)
        if is_complete:
            self._end("stop")
        elif self._written >= self.request.max_tokens:
            self._end("length")
        elif self.request.is_cancelled:
            self._end("cancelled")

    def _is_complete_with(self, token: int) -> bool:
        if not self.request.binding:
            return False
        self.request.binding.take(token)
        return self.request.binding.is_complete

    def _say(self, token: int) -> None:
        """Send what can be read; the bytes of one character may come as up to four tokens."""
        self._held.append(token)
        text = self._tokenizer.decode(self._held, skip_special_tokens=False)
        if not text.endswith(_BROKEN) or len(self._held) >= _LONGEST_CHARACTER:
            self._held = []
            self.request.emit(text)

    def _end(self, finish: Finish) -> None:
        self.is_over = True
        self.request.emit(Finished(finish, len(self.request.ids), self._written, self._cached))
