"""Answers that fit a schema, from any chat model: bound while it writes where that can be, checked in any case."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Generic, NamedTuple, TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from pydantic import BaseModel

from symptom_intake.agent.models.faults import ModelFault, OffSchemaError, OutputError, RefusedError, RunawayOutputError
from symptom_intake.agent.models.quirks import is_runaway, prepare, with_text
from symptom_intake.agent.models.read_answer import read_answer
from symptom_intake.agent.models.server import time_limit
from symptom_intake.agent.models.stream import Streamer, Written

S = TypeVar("S", bound=BaseModel)
LONGEST_TOKEN = 12
"""Characters; a text of more than so many a token was not stopped where it should have been."""
_MEND = "Your last answer could not be used: {reason} Answer again, with one JSON object that is short and complete."


class Usage(NamedTuple):
    """Tokens that a model read and wrote, all attempts together; 0 where it does not say."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Answer(Generic[S]):
    """A model's answer.

    Attributes:
        value: Valid by its schema.
        calls: How often the model was called for it.
        usage: What that took.
    """

    value: S
    calls: int
    usage: Usage


@dataclass
class _Question(Generic[S]):
    """One question on its way: what it has cost so far, and until when it may take."""

    schema: type[S]
    until: float
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class StructuredModel:
    """A chat model that is asked for answers of a schema.

    Attributes:
        name: What the records call it.
    """

    def __init__(self, model: BaseChatModel, name: str, *, max_tokens: int = 600) -> None:
        """Hold the model.

        Args:
            model: The chat model.
            name: What the records call it.
            max_tokens: How long an answer may be; a model that takes no such limit is stopped by its characters.
        """
        self.name = name
        self._model, self._kind, self._max_tokens = model, model._llm_type, max_tokens
        self._streamer = Streamer(model)
        # Whether it keeps to a schema that is sent along; None while a server has not shown it.
        self._binds: bool | None = {"medgemma": True, "openai-chat": None}.get(self._kind, False)

    def ask(self, messages: Sequence[BaseMessage], schema: type[S], deadline_s: float) -> Answer[S]:
        """Ask for an answer, and once more if it cannot be used.

        Args:
            messages: What the model is told.
            schema: What it is to answer.
            deadline_s: Seconds that all attempts may take together.

        Raises:
            ModelFault: If there is no valid answer in time; its `calls` says how often the model was called.
        """
        question = _Question(schema, time.monotonic() + deadline_s)
        told = prepare(messages)
        try:
            try:
                value = self._attempt(told, question)
            except OutputError as fault:
                value = self._attempt(with_text(told, _MEND.format(reason=fault)), question)
        except ModelFault as fault:
            fault.calls = question.calls
            raise
        return Answer(value, question.calls, Usage(question.prompt_tokens, question.completion_tokens))

    def _attempt(self, told: list[BaseMessage], question: _Question[S]) -> S:
        bound = self._binds is not False
        try:
            written = self._write(told, question, bound)
        except RefusedError:
            if self._binds is not None:
                raise
            bound, written = False, self._write(told, question, bound=False)
            self._binds = False
        try:
            value = read_answer(written.text, written.finish, told, question.schema)
        except OffSchemaError:
            self._binds = bool(self._binds)
            raise
        self._binds = bound
        return value

    def _write(self, told: list[BaseMessage], question: _Question[S], bound: bool) -> Written:
        stop = Event()
        schema = _bare(question.schema.model_json_schema())
        if not bound:
            compact = json.dumps(schema, separators=(",", ":"), ensure_ascii=False)
            told = with_text(told, f"Answer with one JSON object of this schema and nothing else:\n{compact}")
        question.calls += 1
        options = self._options(schema if bound else None, question, stop)
        written = self._streamer.write(told, question.until, self._watch, stop, **options)
        question.prompt_tokens += written.prompt_tokens
        question.completion_tokens += written.completion_tokens
        return written

    def _options(self, schema: dict[str, Any] | None, question: _Question[S], stop: Event) -> dict[str, Any]:
        """What this kind of model takes along; another one takes nothing."""
        name = question.schema.__name__
        form = {"response_format": {"type": "json_schema", "json_schema": {"name": name, "schema": schema}}}
        left = max(0.001, question.until - time.monotonic())
        if self._kind == "medgemma":
            return {**form, "max_tokens": self._max_tokens, "deadline_s": left, "stop_event": stop}
        if self._kind == "openai-chat":
            # In the body and not as an argument: the client would then read the answer itself, and fail in its own way.
            body = {**(getattr(self._model, "extra_body", None) or {}), **(form if schema else {})}
            return {"max_tokens": self._max_tokens, "extra_body": body, "timeout": time_limit(left)}
        return {}

    def _watch(self, text: str) -> None:
        if is_runaway(text) or len(text) > self._max_tokens * LONGEST_TOKEN:
            raise RunawayOutputError("It went on without end.")


def _bare(schema: Any) -> Any:
    """The schema without what is written for people: a model would pay for it by the token."""
    if isinstance(schema, list):
        return [_bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {key: _bare(each) for key, each in part.items()} if name in {"properties", "$defs"} else _bare(part)
        for name, part in schema.items()
        if name not in {"title", "description", "default"}
    }
