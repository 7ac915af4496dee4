"""From what a model wrote to a value of the schema, or the name of what is wrong with it."""

import json
from collections.abc import Sequence
from typing import TypeVar

from langchain_core.messages import BaseMessage
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from symptom_intake.agent.models.faults import (
    EchoedPromptError,
    EmptyOutputError,
    OffSchemaError,
    TruncatedOutputError,
)
from symptom_intake.agent.models.quirks import clean, echoes

S = TypeVar("S", bound=BaseModel)


def read_answer(text: str, finish: str, told: Sequence[BaseMessage], schema: type[S]) -> S:
    """Read what a model wrote: one JSON object of the schema, whatever stands around it.

    Args:
        text: What it wrote.
        finish: Why it ended, as the model says: `length` at the limit of tokens.
        told: What it was told.
        schema: What it was to answer.

    Raises:
        OutputError: If it is not there; which one says why.
    """
    text = clean(text)
    if echoes(text, told):
        raise EchoedPromptError("It gave back the instructions.")
    if finish == "length":
        raise TruncatedOutputError("It was cut off.")
    if not text:
        raise EmptyOutputError("It was empty.")
    try:
        return schema.model_validate_json(_one_object(text))
    except ValidationError:
        raise OffSchemaError("It was not of the schema.") from None


def _one_object(text: str) -> str:
    """The JSON object in the text; anything else stands before or after it."""
    found = []
    begin = text.find("{")
    while begin >= 0:
        end = _end_of_object(text, begin)
        if end is not None:
            found.append(text[begin:end])
        begin = text.find("{", end or begin + 1)
    if len(found) != 1:
        raise OffSchemaError("It was not one JSON object.")
    return found[0]


def _end_of_object(text: str, begin: int) -> int | None:
    try:
        return json.JSONDecoder().raw_decode(text, begin)[1]
    except (ValueError, RecursionError):
        if _is_cut(text[begin:]):
            raise TruncatedOutputError("It was cut off.") from None
        return None


def _is_cut(text: str) -> bool:
    try:
        from_json(text, allow_partial="trailing-strings")
    except ValueError:
        return False
    return True
