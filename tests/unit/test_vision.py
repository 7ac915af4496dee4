"""What an image reader may say: visible things in bounded plain words, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from symptom_intake.tools.vision import ImageReader, VisibleDescription

SEEN = {
    "kind": "photo",
    "body_site": "forearm",
    "visible_features": ["red patch", "size of a coin"],
    "quality": "usable",
}


def test_a_description_is_read_from_json_and_frozen() -> None:
    seen = VisibleDescription.model_validate(SEEN)
    assert seen.visible_features == ("red patch", "size of a coin")
    assert (seen.side, seen.text_seen) == ("unclear", None)
    with pytest.raises(ValidationError):
        seen.quality = "unusable"


@pytest.mark.parametrize(
    "wrong",
    [
        {"diagnosis": "x"},
        {"finding": "x"},
        {"kind": "melanoma"},
        {"side": "up"},
        {"quality": "good"},
        {"body_site": "x" * 61},
        {"text_seen": "x" * 301},
        {"visible_features": ["x"] * 9},
        {"visible_features": ["x" * 121]},
        {"visible_features": [" "]},
    ],
)
def test_anything_else_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        VisibleDescription.model_validate(SEEN | wrong)


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        schema = list(schema.values())
    for each in schema if isinstance(schema, list) else ():
        yield from parts(each)


def test_its_schema_bounds_every_text_and_every_list() -> None:
    schema = VisibleDescription.model_json_schema()
    assert schema["additionalProperties"] is False
    for part in parts(schema):
        if part.get("type") == "string":
            assert "maxLength" in part or "enum" in part
        if part.get("type") == "array":
            assert "maxItems" in part


def test_a_reader_is_anything_with_a_name_that_looks() -> None:
    class Fixed:
        name = "fixed"

        def look(self, png: bytes) -> VisibleDescription:
            return VisibleDescription(kind="other", quality="unusable")

    reader: ImageReader = Fixed()
    assert reader.look(b"").visible_features == ()
