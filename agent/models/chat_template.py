"""From messages to the tokens and the images that a model of the Gemma kind is given."""

import base64
import binascii
import io
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.messages import BaseMessage
from PIL import Image, UnidentifiedImageError

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.faults import RefusedError

_ROLES = {"ai": "assistant", "system": "system"}


class ChatTemplate:
    """Puts messages in a model's own form. Threads may share it."""

    def __init__(self, processor: Any) -> None:
        """Hold a processor of text and images, or a tokenizer."""
        self._processor, self._lock = processor, threading.Lock()
        self._reads_images = hasattr(processor, "image_processor")

    def read(self, messages: Sequence[BaseMessage]) -> tuple[list[int], dict[str, Any]]:
        """The tokens, and what the model is given besides where there are images.

        Raises:
            ConfigurationError: If there is an image and the model reads none.
            RefusedError: If something is neither text nor an image that came with the message.
        """
        chat: list[dict[str, Any]] = [
            {"role": _ROLES.get(told.type, "user"), "content": list(_parts(told))} for told in messages
        ]
        has_images = any(part["type"] == "image" for told in chat for part in told["content"])
        if has_images and not self._reads_images:
            raise ConfigurationError("This model reads text alone. Name one that reads images as the image model.")
        if not self._reads_images:
            chat = [{**told, "content": "".join(part["text"] for part in told["content"])} for told in chat]
        with self._lock:  # a tokenizer sets its padding as it goes
            inputs = self._processor.apply_chat_template(
                chat, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
            )
        ids = inputs.pop("input_ids")[0].tolist()
        return ids, dict(inputs) if has_images else {}


def _parts(message: BaseMessage) -> Iterator[dict[str, Any]]:
    for block in message.content_blocks:
        if block["type"] == "text":
            yield {"type": "text", "text": block["text"]}
        elif block["type"] == "image" and "base64" in block:
            yield {"type": "image", "image": _image(block["base64"])}
        else:
            raise RefusedError("A model in process reads text, and images that come with the message.")


def _image(encoded: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(base64.b64decode(encoded, validate=True))).convert("RGB")
    except (binascii.Error, UnidentifiedImageError, OSError):
        raise RefusedError("The image cannot be read.") from None
