"""What an image reader may say: visible things in bounded plain words, and nothing else."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from symptom_intake.prompts.roles import load_role
from symptom_intake.tools.vision import WORDINGS, ImageReader, Look, ModelImageReader, VisibleDescription, disputed

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

        def look(self, png: bytes) -> Look:
            return Look(fault="no time")

    reader: ImageReader = Fixed()
    assert isinstance(reader, ImageReader)
    assert reader.look(b"").reads == ()


def read(**more: Any) -> VisibleDescription:
    return VisibleDescription.model_validate(SEEN | more)


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({}, ()),
        ({"visible_features": ["something else"]}, ()),
        ({"body_site": "left Forearm"}, ()),
        ({"body_site": "skin of the forearm"}, ()),
        ({"body_site": "knee"}, ("body_site",)),
        ({"body_site": None}, ("body_site",)),
        ({"kind": "scan"}, ("kind",)),
        ({"side": "left"}, ("side",)),
        ({"quality": "unusable"}, ("quality",)),
        ({"text_seen": "10 mg"}, ("text_seen",)),
        ({"kind": "scan", "side": "right"}, ("kind", "side")),
    ],
)
def test_reads_that_differ_name_the_field_whichever_comes_first(other: dict[str, Any], fields: tuple[str, ...]) -> None:
    assert disputed([read(), read(**other)]) == fields
    assert disputed([read(**other), read()]) == fields


def test_other_digits_are_another_text() -> None:
    assert disputed([read(text_seen="Metformin 500 mg"), read(text_seen="Metformin 50 mg")]) == ("text_seen",)
    assert disputed([read(text_seen="Metformin 500 mg"), read(text_seen="Metformin 500 mg daily")]) == ("text_seen",)
    assert disputed([read(text_seen="Metformin 500 mg"), read(text_seen="METFORMIN 500  MG.")]) == ()


class Asked:
    """Answers what it is asked with one look after the other, and keeps what it was told."""

    def __init__(self, *looks: Look) -> None:
        self.looks, self.told = list(looks), list[list[Any]]()

    def __call__(self, messages: Any) -> Look:
        self.told.append(list(messages))
        return self.looks.pop(0)


def picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((300, 100)).save(out, "PNG")
    return out.getvalue()


def test_an_image_is_read_under_two_wordings_as_a_square_of_896() -> None:
    asked = Asked(Look((read(),), calls=1), Look((read(side="left"),), calls=2))
    reader = ModelImageReader("m", asked)
    assert isinstance(reader, ImageReader)
    assert reader.look(picture()) in (
        Look((read(), read(side="left")), None, 3),
        Look((read(side="left"), read()), None, 3),
    )
    texts = set()
    for (message,) in asked.told:
        image, text = message.content
        assert (image["type"], image["mime_type"]) == ("image", "image/png")
        assert Image.open(io.BytesIO(base64.b64decode(image["base64"]))).size == (896, 896)
        texts.add(text["text"])
    assert texts == {load_role(name).text for name in WORDINGS}
    assert all(load_role(name).stamp in reader.prompt for name in WORDINGS)


def test_of_a_read_that_fails_the_word_is_kept_and_nothing_else() -> None:
    asked = Asked(Look((read(),), calls=1), Look(fault="too slow", calls=1))
    assert ModelImageReader("m", asked).look(picture()) == Look((), "too slow", 2)


@pytest.mark.parametrize("name", WORDINGS)
def test_each_wording_names_every_field_and_every_choice(name: str) -> None:
    text = load_role(name).text
    for field, about in VisibleDescription.model_fields.items():
        assert f"{field}:" in text
        for choice in getattr(about.annotation, "__args__", ()):
            assert not isinstance(choice, str) or choice in text
    assert "never" in text
