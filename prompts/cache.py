"""Content that was read and found sound before, kept as JSON so that its YAML need not be parsed again.

Parsing is most of the time that loading takes. A cache that is missing, damaged or cannot be written is passed over.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from platformdirs import user_cache_path

from symptom_intake.prompts.layers import content_root

KEPT = 4
"""Versions of content that are kept; an author makes a new one with every change."""


def recall(version: str) -> dict[str, Any]:
    """What the files of a version hold, by file; empty if that is not known.

    Args:
        version: The hash of the files.
    """
    try:
        digest, _, text = _path(version).read_bytes().partition(b"\n")
        found = json.loads(text) if digest == _digest(text) else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def remember(version: str, parsed: Mapping[str, Any]) -> None:
    """Keep what the files of a version hold, once they are found sound."""
    path = _path(version)
    with suppress(OSError, TypeError, ValueError):  # what JSON cannot hold, such as a date, is parsed each time
        text = json.dumps(parsed).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, made = mkstemp(dir=path.parent)
        with open(descriptor, "wb") as file:
            file.write(_digest(text) + b"\n" + text)
        os.replace(made, path)
        for old in sorted(path.parent.glob("*.json"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)


def _path(version: str) -> Path:
    return user_cache_path("symptom-intake", appauthor=False) / f"{version}-{_code()}.json"


@lru_cache(maxsize=1)
def _code() -> str:
    """The hash of the modules that read and check content: what they found sound, others may not."""
    modules = sorted(each.name for each in content_root().iterdir() if each.name.endswith(".py"))
    return hashlib.sha256(b"\0".join((content_root() / name).read_bytes() for name in modules)).hexdigest()[:16]


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()
