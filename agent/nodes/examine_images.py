"""examine_images: an image reader looks at what was attached. What it says may add a red flag and never clears one."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from langchain_core.runnables import RunnableConfig

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Attachment, RedFlag
from symptom_intake.agent.image_reading import believed, signs
from symptom_intake.agent.state import IntakeState, add_flags, images_of_turn, latest, session_of
from symptom_intake.prompts.levels import Urgency, highest
from symptom_intake.tools.errors import StorageError
from symptom_intake.tools.vision import ImageReader, Look

MOST = 6
"""Images of one message that are examined; the others are kept, and say that they were not."""

_LOG = logging.getLogger(__name__)
_NOTHING_TO_SEE = Look(fault="blank or noise")


def examine_images(state: IntakeState, config: RunnableConfig, *, context: IntakeContext) -> dict[str, Any]:
    """Look at the images of this message, side by side; without an image reader the report says so of each."""
    if context.image_reader is None:
        return {}
    fresh = images_of_turn(state)
    pictures = [_bytes(session_of(config), each, context) for each in fresh[:MOST]]
    with ThreadPoolExecutor(MOST) as pool:
        looks = list(pool.map(partial(_look, context.image_reader), pictures))
    looks += [Look(fault="too many images")] * (len(fresh) - len(looks))
    examined = {image.id: _examined(image, look, context) for image, look in zip(fresh, looks, strict=True)}
    flags = _flags(looks, state, context)
    return {
        "attachments": [examined.get(each.id, each) for each in state["attachments"]],
        "flags": flags,
        "urgency": highest(state["urgency"], *(flag.level for flag in flags)),
        "calls": state["calls"] + sum(look.calls for look in looks),
    }


def _bytes(session: str, image: Attachment, context: IntakeContext) -> bytes | None:
    try:
        return context.records.attachment(session, image.id) if context.records else None
    except StorageError:
        return None


def _look(reader: ImageReader, png: bytes | None) -> Look:
    from symptom_intake.tools.pictures import shows_nothing  # a decoder takes time to import

    if png is None:
        return Look(fault="image not in the records")
    if shows_nothing(png):
        return _NOTHING_TO_SEE
    try:
        return reader.look(png)
    except Exception as error:  # noqa: BLE001 - whatever breaks in a reader, the interview goes on without it
        _LOG.error("the image reader failed: %s", type(error).__name__)
        return Look(fault="failed")


def _examined(image: Attachment, look: Look, context: IntakeContext) -> Attachment:
    seen = believed(look.reads, context.guardrail) if look.reads else None
    unusable = look is _NOTHING_TO_SEE or (look.reads and all(read.quality == "unusable" for read in look.reads))
    status = "unusable" if unusable else "examined" if seen else "not_examined"
    return image.model_copy(update={"status": status, "fault": look.fault, "description": seen})


def _flags(looks: Sequence[Look], state: IntakeState, context: IntakeContext) -> list[RedFlag]:
    """What the patient's words would have raised had they told of what is seen; a picture holds no words of theirs."""
    flags: list[RedFlag] = []
    for text in (sign for look in looks for sign in signs(look.reads)):
        for rule in (hit.rule for hit in context.scanner.scan(text, state["history"])):
            level = rule.level or Urgency.ROUTINE
            flag = RedFlag(
                rule=rule.id,
                level=level,
                reason=rule.reason,
                seen_in="image",
                turn=latest(state).id,
                template=rule.template,
            )
            flags = add_flags(flags, [flag])
    return flags
