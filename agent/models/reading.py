"""JSON files beside a model's weights, read with a plain word for what is wrong with them."""

import json
from pathlib import Path
from typing import Any


def read_object(file: Path) -> tuple[dict[str, Any], str | None]:
    """The object in a JSON file, and what is wrong with the file, if anything.

    Args:
        file: Named in the fault by its name alone.
    """
    try:
        text = file.read_text(encoding="utf-8")
        value = json.loads(text)
    except FileNotFoundError:
        return {}, f"{file.name} is missing"
    except OSError as error:
        return {}, f"{file.name} cannot be read ({error.strerror})"
    except (ValueError, RecursionError):
        return {}, f"{file.name} is not JSON{_pointer(file)}"
    return (value, None) if isinstance(value, dict) else ({}, f"{file.name} holds no JSON object")


def _pointer(file: Path) -> str:
    with file.open("rb") as stream:
        return " but a git-LFS pointer; `git lfs pull` fetches it" if stream.read(8) == b"version " else ""
