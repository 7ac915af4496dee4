"""Strings that name a model: `embedded`, `none`, `medgemma...`, `openai:<model>@<base_url>`."""

import difflib
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.options import Role

_SHORT = {
    "interviewer": {
        "medgemma": "google/medgemma-27b-text-it",
        "medgemma-27b": "google/medgemma-27b-text-it",
        "medgemma-4b": "google/medgemma-4b-it",
    },
    "image_reader": {
        "medgemma": "google/medgemma-4b-it",
        "medgemma-4b": "google/medgemma-4b-it",
        "medgemma-27b": "google/medgemma-27b-it",
    },
}
"""The short names; the 27B text model cannot look at images, so an image reader of that size is its sibling."""
_WITHOUT: dict[str, Literal["embedded", "none"]] = {"interviewer": "embedded", "image_reader": "none"}
_NOUNS = {"interviewer": "an interviewer", "image_reader": "an image reader"}


@dataclass(frozen=True)
class ModelSpec:
    """What a string names.

    Attributes:
        kind: No model (`embedded`, `none`), one in process (`medgemma`), or one behind a server.
        role: What it is to do.
        model: Hub id or local folder of the weights, or the server's name for the model.
        base_url: Address of the server.
        may_download: Whether the weights were named in full, and so may be fetched from the hub.
    """

    kind: Literal["embedded", "none", "medgemma", "server"]
    role: Role
    model: str = ""
    base_url: str = ""
    may_download: bool = False


def parse_spec(text: str, role: Role) -> ModelSpec:
    """Read a model string.

    Args:
        text: `embedded` (interviewer) or `none` (image reader); `medgemma`, `medgemma-4b`, `medgemma-27b`;
            `medgemma:<hub id or folder>`; `openai:<model>@<base_url>`.
        role: What the model is for; a short name means other weights for an image reader.

    Raises:
        ConfigurationError: If the string names nothing that this role can use.
    """
    text = text.strip()
    if text == _WITHOUT[role]:
        return ModelSpec(_WITHOUT[role], role)
    if text in _SHORT[role]:
        return ModelSpec("medgemma", role, _SHORT[role][text])
    kind, colon, rest = text.partition(":")
    if colon and kind == "medgemma":
        return _weights(rest.strip(), role)
    if colon and kind == "openai":
        return _server(rest.strip(), role)
    raise ConfigurationError(_unknown(text, role))


def _weights(model: str, role: Role) -> ModelSpec:
    if not model:
        raise ConfigurationError(
            "'medgemma:' is followed by nothing; write the folder of the weights or their id on the hub after it, "
            "as in medgemma:google/medgemma-4b-it."
        )
    return ModelSpec("medgemma", role, model, may_download=True)


def _server(rest: str, role: Role) -> ModelSpec:
    model, at, address = rest.rpartition("@http")
    if not at or not model:
        raise ConfigurationError(
            "A model on a server is written openai:<model>@<base_url> with the address beginning with http:// or "
            "https://, as in openai:google/medgemma-27b-text-it@http://localhost:8000/v1."
        )
    return ModelSpec("server", role, model, _checked_url(f"http{address}"))


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(char.isspace() for char in url):
        raise ConfigurationError(
            "The address of the model's server cannot be used; it is http:// or https://, a host, perhaps a port from "
            "1 to 65535, and a path, as in http://localhost:8000/v1."
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise ConfigurationError(
            "The address of the model's server holds a password, a query or a fragment; leave it out, and put the key "
            "into SYMPTOM_INTAKE_API_KEY."
        )
    return url.rstrip("/")


def _unknown(text: str, role: Role) -> str:
    whole = [_WITHOUT[role], *_SHORT[role]]
    text = text.partition("@")[0][:80]  # what follows may hold a password
    near = _near(text, [*whole, "medgemma:", "openai:"])
    possible = ", ".join([*whole, "medgemma:<hub id or folder>"])
    hint = f"; did you mean {near!r}?" if near else "."
    return f"{text!r} names no model for {_NOUNS[role]}: it can be {possible} or openai:<model>@<base_url>{hint}"


def _near(text: str, known: list[str]) -> str | None:
    if "/" in text and ":" not in text:
        return f"medgemma:{text}"
    return next(iter(difflib.get_close_matches(text, known, n=1, cutoff=0.5)), None)
