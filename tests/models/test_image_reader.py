"""The image reader over a model in process: a random Gemma 3 that sees pictures, and what comes of its nonsense."""

import io
from typing import Any

import pytest
from PIL import Image, ImageDraw

from symptom_intake.agent import IntakeSession
from symptom_intake.agent.image_reading import image_reader_of
from symptom_intake.agent.models.medgemma import ChatMedGemma
from symptom_intake.agent.models.steady import SteadyModel
from symptom_intake.agent.models.structured import StructuredModel
from symptom_intake.tools.vision import ModelImageReader


@pytest.fixture
def reader(tiny_image: tuple[Any, Any]) -> ModelImageReader:
    model, processor = tiny_image
    chat = ChatMedGemma(model=model, processor=processor, name="tiny")
    return image_reader_of(SteadyModel(StructuredModel(chat, "tiny", max_tokens=1500), 120.0))


def picture(shade: tuple[int, int, int]) -> bytes:
    image, out = Image.new("RGB", (300, 200), (224, 180, 150)), io.BytesIO()
    ImageDraw.Draw(image).ellipse((100, 50, 180, 130), fill=shade)
    image.save(out, "PNG")
    return out.getvalue()


def test_a_model_in_process_reads_a_picture_twice(reader: ModelImageReader) -> None:
    look = reader.look(picture((120, 40, 60)))
    assert (look.fault, len(look.reads)) == (None, 2)
    assert look.calls >= 2


def test_what_it_says_stays_out_of_the_reply_and_in_its_bounds(reader: ModelImageReader) -> None:
    with IntakeSession.open(image_reader=reader) as session:
        reply = session.send("My left ankle is swollen, here is a picture", images=[picture((60, 40, 120))])
        (image,) = session.report().images
        assert image.status.startswith(("read by software", "unusable"))
        assert image.description is not None
        for words in (*image.description.features, image.description.text_seen):
            assert not words or words not in reply.text
