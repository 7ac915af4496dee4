"""Models behind an OpenAI-compatible server: vLLM, llama.cpp, Ollama, LM Studio, OpenAI itself."""

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.faults import (
    DeadlineError,
    ModelFault,
    OutOfMemoryError,
    RefusedError,
    UnavailableError,
)

if TYPE_CHECKING:
    from langchain_openai.chat_models.base import BaseChatOpenAI
    from openai import Timeout

CONNECT_S = 2.0
"""Seconds within which a server takes a connection, or counts as down."""
_KEY_REFUSED = "The model's server refused the key. Set SYMPTOM_INTAKE_API_KEY to one that it accepts."
_UNAVAILABLE = {
    401: _KEY_REFUSED,
    403: _KEY_REFUSED,
    404: "The model's server knows no such model, or no such address. Compare both with what the server lists.",
    408: "The model's server gave up waiting.",
    429: "The model's server has too much to do.",
}


def server_model(model: str, base_url: str, deadline_s: float) -> "BaseChatOpenAI":
    """The chat model that a server offers.

    The key comes from SYMPTOM_INTAKE_API_KEY; OPENAI_API_KEY is shown to OpenAI alone. Proxies of the environment are
    not used: a patient's words go to the server that was named, and nowhere else.

    Args:
        model: As the server calls it.
        base_url: With the version, as in `http://localhost:8000/v1`.
        deadline_s: Seconds after which a silent server is given up.

    Raises:
        ConfigurationError: If the package for it is not installed.
    """
    try:
        from langchain_openai import ChatOpenAI
        from langchain_openai.chat_models.base import BaseChatOpenAI
        from openai import DefaultHttpxClient
    except ImportError as error:
        raise ConfigurationError("A model on a server needs: pip install 'symptom-intake[openai]'") from error
    # Most servers know max_tokens alone; OpenAI wants another name for it, which ChatOpenAI puts in its place.
    kind = ChatOpenAI if _is_openai(base_url) else BaseChatOpenAI
    return kind(
        model_name=model,
        openai_api_base=base_url,
        openai_api_key=SecretStr(_key(base_url)),
        temperature=0,
        max_retries=0,
        stream_usage=True,
        request_timeout=time_limit(deadline_s),
        openai_proxy=None,
        http_client=DefaultHttpxClient(trust_env=False),
    )


def served_models(base_url: str) -> list[str]:
    """What a server says it serves. llama.cpp and Ollama take other names too, so a model that is missing may do.

    Raises:
        ConfigurationError: If it cannot be reached, refuses the key, or is no such server.
    """
    client = server_model("any", base_url, CONNECT_S).root_client
    try:
        return [each.id for each in client.models.list()]
    except Exception as error:  # noqa: BLE001 - whatever else answers at that address, it is not what was meant
        raise ConfigurationError(f"No list of models from {base_url!r}: {fault_of(error)}") from None


def time_limit(seconds: float) -> "Timeout":
    """A time limit for one call of a server: short to connect, longer for each wait after that."""
    from openai import Timeout

    return Timeout(seconds, connect=min(CONNECT_S, seconds))


def fault_of(error: Exception) -> ModelFault:
    """What went wrong, in words of our own: an error of a client may hold the prompt or the server's reply."""
    if isinstance(error, ModelFault):
        return error
    if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
        return OutOfMemoryError("The machine has no memory left for the model's call.")
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _fault_of_status(status)
    if "Timeout" in type(error).__name__:
        return DeadlineError("The model's server did not answer in time.")
    if "Connection" in type(error).__name__:
        return UnavailableError("The model's server cannot be reached, or broke off in mid-answer. Is it running?")
    return UnavailableError(f"The call of the model broke off ({type(error).__name__}).")


def _fault_of_status(status: int) -> ModelFault:
    if sentence := _UNAVAILABLE.get(status):
        return UnavailableError(sentence)
    if status < 500:
        return RefusedError(f"The model's server refused the request (HTTP {status}). Its log says why.")
    return UnavailableError(f"The model's server failed (HTTP {status}). Its log says why.")


def _key(base_url: str) -> str:
    key = os.environ.get("SYMPTOM_INTAKE_API_KEY") or (_is_openai(base_url) and os.environ.get("OPENAI_API_KEY"))
    return key or "none"


def _is_openai(base_url: str) -> bool:
    return urlsplit(base_url).hostname == "api.openai.com"
