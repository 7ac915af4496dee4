"""JSON lines in and out: one object a line, and a sentence where a line cannot be read."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Annotated, Any, BinaryIO, NamedTuple, TypeVar

import typer
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from symptom_intake.agent.language.ingest import storable

MAX_LINE = 1_000_000
"""Bytes of one line; the rest of a longer one is passed over."""


class Bad(NamedTuple):
    """A line that cannot be used, and why; none of the line's own words are in it."""

    reason: str


class Line(BaseModel):
    """Base of what a line may hold: no key is passed over, and no type guessed at."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Words = Annotated[str, BeforeValidator(lambda value: storable(value) if isinstance(value, str) else value)]
"""Text in which half a surrogate pair has become a replacement character of the same length."""
Wanted = TypeVar("Wanted", bound=Line)


def read_lines(stream: BinaryIO, wanted: type[Wanted]) -> Iterator[Wanted | Bad]:
    """Read every line of a stream, as far as it can be read."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield _parse(line, wanted)
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)
        yield Bad(f"This line is longer than {MAX_LINE} bytes.")


def write_line(value: dict[str, Any]) -> None:
    """Write one object to standard output at once. It is all ASCII, whatever the terminal's encoding."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def answer_lines(stream: BinaryIO, wanted: type[Wanted], answer: Callable[[Wanted], dict[str, Any]]) -> None:
    """Answer every line with one; a bad line gets an error, and the command fails at the end.

    Raises:
        typer.Exit: With status 1 if a line was bad.
    """
    failed = False
    for line in read_lines(stream, wanted):
        failed = failed or isinstance(line, Bad)
        write_line({"error": line.reason} if isinstance(line, Bad) else answer(line))
    if failed:
        raise typer.Exit(1)


def _parse(line: bytes, wanted: type[Wanted]) -> Wanted | Bad:
    try:
        value = json.loads(line.decode("utf-8-sig"))  # some editors put a byte order mark first
    except UnicodeDecodeError:
        return Bad("This line is not UTF-8.")
    except (ValueError, RecursionError):
        return Bad("This line is not JSON.")
    if not isinstance(value, dict):
        return Bad(f"This line is not a JSON object with {_keys(wanted)}.")
    try:
        return wanted.model_validate(value)
    except ValidationError as error:
        return Bad("; ".join(dict.fromkeys(_fault(each["type"], each["loc"], each["msg"]) for each in error.errors())))


def _fault(kind: str, place: tuple[int | str, ...], message: str) -> str:
    if kind == "extra_forbidden":
        return "There is a key that is not known here"
    return f"{'.'.join(map(str, place))}: {message}"


def _keys(wanted: type[Line]) -> str:
    return ", ".join(wanted.model_fields)
