"""The client of an OpenAI-compatible server: what it sends to whom, and what it says when something is wrong."""

import logging
import time
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from pydantic import BaseModel

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.server import served_models, server_model
from symptom_intake.agent.models.structured import StructuredModel


class Told(BaseModel):
    days: int


def ask(url: str) -> int:
    model = StructuredModel(server_model("scripted", url, 5.0), "scripted")
    return model.ask([HumanMessage("my knee hurts")], Told, 5.0).value.days


@pytest.mark.parametrize(
    ("env", "key"),
    [
        ({}, "none"),
        ({"OPENAI_API_KEY": "sk-of-openai"}, "none"),
        ({"SYMPTOM_INTAKE_API_KEY": "ours", "OPENAI_API_KEY": "sk-of-openai"}, "ours"),
    ],
)
def test_a_key_is_shown_to_its_own_server_alone(
    model_server: Any, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], key: str
) -> None:
    for name in ("OPENAI_API_KEY", "SYMPTOM_INTAKE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    model_server.script({"days": 1})
    assert ask(model_server.url) == 1
    assert model_server.headers[0]["authorization"] == f"Bearer {key}"


def test_openai_gets_its_key_and_its_name_for_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYMPTOM_INTAKE_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")
    model = server_model("gpt", "https://api.openai.com/v1", 5.0)
    assert model.root_client.api_key == "sk-of-openai"
    assert "max_completion_tokens" in model._get_request_payload([HumanMessage("")], max_tokens=5)


@pytest.mark.parametrize(
    "name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY", "OPENAI_BASE_URL", "OPENAI_API_BASE"]
)
def test_the_environment_sends_nothing_elsewhere(model_server: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9/")
    model_server.script({"days": 1})
    assert ask(model_server.url) == 1


def test_nothing_a_patient_says_is_logged(model_server: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    model_server.script("the knee is bad", {"days": 1})
    assert ask(model_server.url) == 1
    assert caplog.records
    assert "knee" not in caplog.text


def test_a_silent_server_is_given_up_by_the_client_too(model_server: Any) -> None:
    model_server.script(model_server.hangs())
    begun = time.monotonic()
    with pytest.raises(Exception, match="timed out"):
        server_model("scripted", model_server.url, 0.5).invoke("hello")
    assert time.monotonic() - begun < 2
    assert len(model_server.requests) == 1


def test_the_list_of_models(model_server: Any) -> None:
    assert served_models(model_server.url) == ["scripted"]


@pytest.mark.parametrize(
    ("path", "words"),
    [("/v1/refused", "refused the key"), ("/elsewhere", "no such address"), ("/v1/broken", "HTTP 500"), ("/v1/page", "broke off")],
)  # fmt: skip
def test_what_is_no_such_server_is_told_in_a_sentence(model_server: Any, path: str, words: str) -> None:
    url = model_server.url.removesuffix("/v1") + path
    with pytest.raises(ConfigurationError, match=words) as caught:
        served_models(url)
    assert repr(url) in str(caught.value) and "in confidence" not in str(caught.value)


def test_a_server_that_is_down_is_told_in_a_sentence(model_server: Any) -> None:
    model_server.stop()
    with pytest.raises(ConfigurationError, match="Is it running"):
        served_models(model_server.url)
