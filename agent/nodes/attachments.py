"""Images of a message: those that the session stored already, and those that came as content blocks."""

import base64
import binascii
import re
import uuid
from typing import Any

from langchain_core.messages import AnyMessage

from symptom_intake.agent.history import Attachment
from symptom_intake.tools.errors import AttachmentError
from symptom_intake.tools.images import CleanImage, clean_image
from symptom_intake.tools.records import Records

STORED = "symptom_intake_attachments"
"""Key in a message's additional_kwargs under which the session passes what it stored already."""
_DATA_URL = re.compile(r"data:[\w/+.-]*;base64,")


def stored_images(message: AnyMessage, turn: str, session: str, records: Records | None) -> list[Attachment]:
    """Every image of a message as an attachment of this turn; content blocks are cleaned and stored.

    Args:
        message: The patient's.
        turn: Its turn's id.
        session: The session's id.
        records: Where the images are stored; without them only what is known of each is kept.

    Raises:
        AttachmentError: If a block holds no usable image.
    """
    kept = [Attachment.model_validate(each | {"turn": turn}) for each in message.additional_kwargs.get(STORED, [])]
    blocks = message.content if isinstance(message.content, list) else []
    fresh = [_clean_block(block) for block in blocks if isinstance(block, dict) and "image" in block.get("type", "")]
    return kept + [store(image, turn, session, records) for image in fresh]


def store(image: CleanImage, turn: str, session: str, records: Records | None) -> Attachment:
    """Keep a cleaned image in the records, if there are any; returns what the session remembers of it."""
    attachment = _as_attachment(image, turn)
    if records is not None:
        records.save_attachment(session, attachment.id, image.png, image.sha256)
    return attachment


def _as_attachment(image: CleanImage, turn: str) -> Attachment:
    return Attachment(
        id=uuid.uuid4().hex,
        sha256=image.sha256,
        kind=image.kind,
        width=image.width,
        height=image.height,
        turn=turn,
        note=image.note,
    )


def _clean_block(block: dict[str, Any]) -> CleanImage:
    url = block.get("image_url")
    data = block.get("base64") or block.get("data") or (url.get("url") if isinstance(url, dict) else url)
    if not isinstance(data, str) or (":" in data and not _DATA_URL.match(data)):
        raise AttachmentError("An image must come as base64 data; addresses are not fetched.")
    try:
        return clean_image(base64.b64decode(_DATA_URL.sub("", data, count=1), validate=True))
    except binascii.Error:
        raise AttachmentError("The image data is not valid base64.") from None
