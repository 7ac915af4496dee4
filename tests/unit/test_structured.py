"""Answers of a schema from a real server that misbehaves: what comes back, after how many calls, and when."""

import json
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, ConfigDict, Field

from symptom_intake.agent.models import faults
from symptom_intake.agent.models.faults import ModelFault
from symptom_intake.agent.models.read_answer import read_answer
from symptom_intake.agent.models.server import server_model
from symptom_intake.agent.models.stream import STUCK_AT_MOST
from symptom_intake.agent.models.structured import StructuredModel


class Told(BaseModel):
    """For people: this must not reach the model."""

    model_config = ConfigDict(extra="forbid")

    title: Literal["pain", "fever"]
    days: Annotated[int, Field(ge=0, le=99)] = 0
    note: Annotated[str, Field(max_length=20)] = ""


GOOD = {"title": "pain", "days": 3}
BAD = {"title": "happiness", "days": 3}
SECRET = "my knee has hurt since the parade"
PROMPT = [SystemMessage("Be brief. " * 40), HumanMessage(SECRET)]


def ask(model_server: Any, *script: Any, deadline_s: float = 5.0) -> Any:
    model_server.script(*script)
    return StructuredModel(server_model("scripted", model_server.url, 5.0), "scripted").ask(PROMPT, Told, deadline_s)


@pytest.mark.parametrize(
    "how",
    [
        lambda server: GOOD,
        lambda server: server.fences(GOOD),
        lambda server: server.thinks(GOOD, "Is it {} or {'a': 1}?"),
        lambda server: server.says(GOOD, chunks=1000, delay_s=0.001),
        lambda server: server.says(json.dumps(GOOD, indent=4) + "<end_of_turn>\n"),
    ],
)
def test_an_answer_comes_in_one_call(model_server: Any, how: Any) -> None:
    answer = ask(model_server, how(model_server))
    assert answer.value == Told(title="pain", days=3)
    assert answer.calls == len(model_server.requests) == 1
    assert answer.usage.prompt_tokens == 87 and answer.usage.completion_tokens > 0


FAULTS = {
    "unreachable": (lambda s: s.stop() or GOOD, faults.UnavailableError, 1),
    "failing": (lambda s: s.fails(500), faults.UnavailableError, 1),
    "wrong key": (lambda s: s.fails(401), faults.UnavailableError, 1),
    "no such model": (lambda s: s.fails(404), faults.UnavailableError, 1),
    "too busy": (lambda s: s.fails(429), faults.UnavailableError, 1),
    "disconnect": (lambda s: s.disconnects(GOOD), faults.UnavailableError, 1),
    "refused": (lambda s: s.fails(400), faults.RefusedError, 2),
    "hang": (lambda s: s.hangs(), faults.DeadlineError, 1),
    "drip": (lambda s: s.drips(GOOD), faults.DeadlineError, 1),
    "empty": (lambda s: "", faults.EmptyOutputError, 2),
    "thought alone": (lambda s: "<unused94>thought\nHm.", faults.EmptyOutputError, 2),
    "cut off": (lambda s: s.cut_off(GOOD), faults.TruncatedOutputError, 2),
    "newlines": (lambda s: s.loops("\n"), faults.RunawayOutputError, 2),
    "repetition": (lambda s: s.loops("it hurts and "), faults.RunawayOutputError, 2),
    "overlong": (lambda s: s.says(" ".join(map(str, range(4000)))), faults.RunawayOutputError, 2),
    "echo": (lambda s: s.echoes(), faults.EchoedPromptError, 2),
    "off the schema": (lambda s: BAD, faults.OffSchemaError, 2),
    "prose": (lambda s: "You have a nasty knee.", faults.OffSchemaError, 2),
}


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_has_its_name_and_comes_in_time(model_server: Any, case: str) -> None:
    script, fault, calls = FAULTS[case]
    deadline_s = 1.0 if fault is faults.DeadlineError else 30.0
    begun = time.monotonic()
    with pytest.raises(fault) as caught:
        ask(model_server, script(model_server), deadline_s=deadline_s)
    assert type(caught.value) is fault
    assert caught.value.calls == calls
    assert time.monotonic() - begun < deadline_s + 3
    told = "".join(traceback.format_exception(caught.value))
    assert SECRET not in told and "in confidence" not in told and "nasty" not in told and "happiness" not in told


@pytest.mark.parametrize("first", ["", BAD, "no JSON", "{}", '{"title": "pain", "days":'])
def test_one_repair_is_asked_for(model_server: Any, first: Any) -> None:
    answer = ask(model_server, first, GOOD)
    assert (answer.value, answer.calls) == (Told(title="pain", days=3), 2)
    before, after = (request["messages"] for request in model_server.requests)
    assert len(after) == len(before) == 1
    assert after[0]["content"].startswith(before[0]["content"] + "\n\nYour last answer could not be used: It was ")
    assert answer.usage.prompt_tokens > 2 * 87


def test_the_repair_has_the_same_deadline(model_server: Any) -> None:
    begun = time.monotonic()
    with pytest.raises(faults.DeadlineError) as caught:
        ask(model_server, model_server.says(BAD, delay_s=0.1), model_server.hangs(), deadline_s=2.0)
    assert caught.value.calls == 2
    assert 1.9 < time.monotonic() - begun < 3.5


def bound(model_server: Any) -> list[bool]:
    return ["response_format" in request for request in model_server.requests]


def test_the_schema_goes_along_without_the_words_for_people(model_server: Any) -> None:
    ask(model_server, GOOD)
    (request,) = model_server.requests
    assert request["response_format"]["json_schema"] == {
        "name": "Told",
        "schema": {
            "type": "object", "additionalProperties": False, "required": ["title"],
            "properties": {
                "title": {"enum": ["pain", "fever"], "type": "string"},
                "days": {"maximum": 99, "minimum": 0, "type": "integer"},
                "note": {"maxLength": 20, "type": "string"},
            },
        },
    }  # fmt: skip
    assert (request["max_tokens"], request["temperature"], request["stream"]) == (600, 0, True)
    assert [each["role"] for each in request["messages"]] == ["user"]


def test_a_server_that_refuses_the_schema_is_told_it_in_words(model_server: Any) -> None:
    model = StructuredModel(server_model("scripted", model_server.url, 5.0), "scripted")
    model_server.script(model_server.refuses_schema(GOOD))
    assert [model.ask(PROMPT, Told, 5).calls for _ in range(3)] == [2, 1, 1]
    assert bound(model_server) == [True, False, False, False]
    text = model_server.requests[-1]["messages"][-1]["content"]
    assert '"enum":["pain","fever"]' in text and "For people" not in text


def test_a_server_that_ignores_the_schema_is_told_it_in_words(model_server: Any) -> None:
    model = StructuredModel(server_model("scripted", model_server.url, 5.0), "scripted")
    model_server.script("The patient has pain.", GOOD)
    assert [model.ask(PROMPT, Told, 5).calls for _ in range(2)] == [2, 1]
    assert bound(model_server) == [True, False, False]


def test_a_server_that_has_kept_to_the_schema_is_trusted_from_then_on(model_server: Any) -> None:
    model = StructuredModel(server_model("scripted", model_server.url, 5.0), "scripted")
    model_server.script(GOOD, BAD, GOOD)
    assert [model.ask(PROMPT, Told, 5).calls for _ in range(2)] == [1, 2]
    assert bound(model_server) == [True, True, True]


def test_a_request_that_is_refused_for_its_own_sake_proves_nothing(model_server: Any) -> None:
    model = StructuredModel(server_model("scripted", model_server.url, 5.0), "scripted")
    model_server.script(model_server.fails(400), model_server.fails(400), GOOD)
    with pytest.raises(faults.RefusedError) as caught:
        model.ask(PROMPT, Told, 5)
    assert not caught.value.is_down
    assert model.ask(PROMPT, Told, 5).calls == 1
    assert bound(model_server) == [True, False, True]


@pytest.mark.parametrize("how", ["drips", "loops"])
def test_the_connection_is_closed_when_nobody_waits(model_server: Any, how: str) -> None:
    script = {"drips": model_server.drips(GOOD, 0.05), "loops": model_server.loops()}[how]
    with pytest.raises(ModelFault):
        ask(model_server, script, deadline_s=0.4)
    until = time.monotonic() + 5
    while model_server.left_early < len(model_server.requests) and time.monotonic() < until:
        time.sleep(0.02)
    assert model_server.left_early == len(model_server.requests)


def test_no_thread_is_left_behind(model_server: Any) -> None:
    with pytest.raises(faults.DeadlineError):
        ask(model_server, model_server.hangs(), deadline_s=0.4)
    until = time.monotonic() + 5
    while time.monotonic() < until and "model" in {thread.name for thread in threading.enumerate()}:
        time.sleep(0.02)
    assert "model" not in {thread.name for thread in threading.enumerate()}


def test_a_client_that_was_set_up_elsewhere_keeps_its_settings(model_server: Any) -> None:
    model_server.script(GOOD)
    model = ChatOpenAI(model="other", base_url=model_server.url, api_key="x", extra_body={"top_k": 1}, temperature=0.5)
    assert StructuredModel(model, "other").ask(PROMPT, Told, 5).value.days == 3
    (request,) = model_server.requests
    assert (request["top_k"], request["temperature"], request["max_completion_tokens"]) == (1, 0.5, 600)
    assert request["response_format"]["type"] == "json_schema"


def test_a_server_may_die_and_come_back(model_server: Any) -> None:
    model = StructuredModel(server_model("scripted", model_server.url, 5.0), "scripted")
    model_server.script(GOOD)
    model.ask(PROMPT, Told, 5)
    model_server.stop()
    with pytest.raises(faults.UnavailableError):
        model.ask(PROMPT, Told, 5)
    model_server.start()
    assert model.ask(PROMPT, Told, 5).value.days == 3


def test_a_server_that_dies_in_the_middle_is_noticed_at_once(model_server: Any) -> None:
    threading.Timer(0.3, model_server.stop).start()
    begun = time.monotonic()
    with pytest.raises(faults.UnavailableError):
        ask(model_server, model_server.drips(GOOD, 0.5), deadline_s=20)
    assert time.monotonic() - begun < 8


def test_callers_at_once_get_each_their_own(model_server: Any) -> None:
    model = StructuredModel(server_model("scripted", model_server.url, 5.0), "scripted")
    model_server.script(*({"title": "pain", "days": n} for n in range(24)))
    with ThreadPoolExecutor(24) as pool:
        answers = [each.result() for each in [pool.submit(model.ask, PROMPT, Told, 20) for _ in range(24)]]
    assert sorted(each.value.days for each in answers) == list(range(24))


class InProcess(BaseChatModel):
    """A model in this process, of any kind, that shows what it was given."""

    kind: str = "mine"
    gate: Any = None
    seen: list[dict[str, Any]] = []
    error: Any = None

    @property
    def _llm_type(self) -> str:
        return self.kind

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any) -> Iterator[ChatGenerationChunk]:  # fmt: skip
        self.seen.append(kwargs)
        if self.gate:
            self.gate.wait()
        if self.error:
            raise self.error
        yield ChatGenerationChunk(message=AIMessageChunk(json.dumps(GOOD)))


def test_a_model_of_another_kind_is_given_no_arguments() -> None:
    model = InProcess()
    assert StructuredModel(model, "mine").ask(PROMPT, Told, 5).value.days == 3
    assert model.seen == [{}]


def test_medgemma_is_given_schema_limit_deadline_and_a_way_to_stop() -> None:
    model = InProcess(kind="medgemma")
    StructuredModel(model, "mine", max_tokens=50).ask(PROMPT, Told, 5)
    (given_,) = model.seen
    assert sorted(given_) == ["deadline_s", "max_tokens", "response_format", "stop_event"]
    assert given_["max_tokens"] == 50 and 4 < given_["deadline_s"] <= 5
    assert given_["stop_event"].is_set()


class OutOfMemoryError(RuntimeError):
    """As torch calls it."""


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (faults.OutOfMemoryError("None left."), faults.OutOfMemoryError),
        (MemoryError(SECRET), faults.OutOfMemoryError),
        (OutOfMemoryError(SECRET), faults.OutOfMemoryError),
        (TimeoutError(SECRET), faults.DeadlineError),
        (ValueError(SECRET), faults.UnavailableError),
    ],
)
def test_whatever_a_model_raises_is_a_fault(error: Exception, fault: type[ModelFault]) -> None:
    with pytest.raises(fault) as caught:
        StructuredModel(InProcess(error=error), "mine").ask(PROMPT, Told, 5)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_calls_that_never_come_back_do_not_pile_up() -> None:
    gate = threading.Event()
    model = StructuredModel(InProcess(gate=gate), "mine")
    for _ in range(STUCK_AT_MOST):
        with pytest.raises(faults.DeadlineError):
            model.ask(PROMPT, Told, 0.01)
    begun, threads = time.monotonic(), threading.active_count()
    with pytest.raises(faults.UnavailableError):
        model.ask(PROMPT, Told, 20)
    assert time.monotonic() - begun < 5 and threading.active_count() == threads
    gate.set()
    while "model" in {thread.name for thread in threading.enumerate()}:
        time.sleep(0.01)
    assert model.ask(PROMPT, Told, 5).value.days == 3


SCRIPT = """
import sys
from langchain_core.messages import HumanMessage
from pydantic import BaseModel
from symptom_intake.agent.models.faults import ModelFault
from symptom_intake.agent.models.server import server_model
from symptom_intake.agent.models.structured import StructuredModel
class Told(BaseModel):
    days: int
model = server_model("m", sys.argv[1], 600)
try:
    print(StructuredModel(model, "m").ask([HumanMessage("hello")], Told, 1.0).value)
except ModelFault as fault:
    print(fault.kind)
"""


def run(model_server: Any, **env: str) -> str:
    """The answer of another process, which must come to its end."""
    command = [sys.executable, "-c", SCRIPT, model_server.url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, env={**os.environ, **env}, check=True)
    return done.stdout.strip()


def test_a_call_that_never_comes_back_does_not_keep_the_process(model_server: Any) -> None:
    model_server.script(model_server.drips({"days": 1}, 20))
    assert run(model_server) == "too slow"


def test_nothing_is_traced(model_server: Any) -> None:
    model_server.script({"days": 1})
    endpoint = model_server.url.removesuffix("/v1")
    assert (
        run(model_server, LANGSMITH_TRACING="true", LANGSMITH_ENDPOINT=endpoint, LANGSMITH_API_KEY="none") == "days=1"
    )
    assert model_server.paths == ["POST /v1/chat/completions"]


@given(st.integers(0, len(json.dumps(GOOD)) - 1))
def test_a_part_of_an_answer_is_none(end: int) -> None:
    with pytest.raises(faults.OutputError) as caught:
        read_answer(json.dumps(GOOD)[:end], "stop", [], Told)
    assert type(caught.value) is (faults.TruncatedOutputError if end else faults.EmptyOutputError)


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "pain"} {"title": "fever"}',
        '[{"title": "pain"}]x{"title": 1}',
        '{"title": "pain", "days": "3.5"}',
        '{"title": "pain", "days": 100}',
        '{"title": "pain", "days": NaN}',
        '{"title": "pain", "days": ' + "9" * 5000 + "}",
        '{"title": "pain", "diagnosis": "gout"}',
        '{"title": "pain", "note": "\\ud800"}',
        '{"title": "pain", "note": "' + "a" * 21 + '"}',
        '{"title": "pain", "note": "a\nb"}',
        "{'title': 'pain'}",
        '"pain"', "null", "{]", "{" * 3000 + "]", '{"a":' * 3000 + "]",
    ],
)  # fmt: skip
def test_what_is_not_of_the_schema_is_refused(text: str) -> None:
    with pytest.raises(faults.OffSchemaError):
        read_answer(text, "stop", [], Told)


@given(st.text(alphabet='{}[]",:\\ \ntitlepain0', max_size=60))
def test_reading_raises_nothing_but_its_own(text: str) -> None:
    with suppress(faults.OutputError):
        assert isinstance(read_answer(text, "stop", [], Told), Told)
