"""What an image reader says, as far as it is believed: how a model is asked, and what may stand of its answer."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from symptom_intake.agent.history import Attachment, ImageDescription
from symptom_intake.agent.language.ingest import clean
from symptom_intake.agent.models.faults import ModelFault
from symptom_intake.agent.models.quirks import neutralise
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.agent.safety.normalise import shadow
from symptom_intake.prompts.image_content import ImageContent, load_image_content
from symptom_intake.tools.vision import Look, ModelImageReader, VisibleDescription, disputed

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from symptom_intake.agent.models.steady import SteadyModel


def image_reader_of(model: "SteadyModel") -> ModelImageReader:
    """An image reader that asks a model.

    Raises:
        ContentError: If a prompt's file is faulty.
    """

    def ask(messages: "Sequence[BaseMessage]") -> Look:
        try:
            answer = model.ask(messages, VisibleDescription)
        except ModelFault as fault:
            return Look(fault=fault.kind, calls=fault.calls)
        return Look((answer.value,), calls=answer.calls)

    return ModelImageReader(model.name, ask)


def believed(reads: Sequence[VisibleDescription], guardrail: Guardrail) -> ImageDescription:
    """What may stand in the report of what was read from an image.

    Where reads differ, the first is told and the field is marked. Of the features of all of them those are left out
    that name a condition, say what something means, say that something is not there, or tell somebody to do something.
    """
    content = load_image_content()
    site = _plain(next((each.body_site for each in reads if each.body_site), ""))
    text = _plain(next((each.text_seen for each in reads if each.text_seen), ""))
    features = {each.casefold(): each for read in reads for each in map(_plain, read.visible_features)}
    return ImageDescription(
        kind=reads[0].kind,
        body_site=site if _is_visible(site, content, guardrail) else None,
        side=reads[0].side,
        features=tuple(each for each in features.values() if _is_visible(each, content, guardrail)),
        quality=reads[0].quality,
        text_seen=text or None,
        disputed=disputed(reads),
    )


def signs(reads: Sequence[VisibleDescription]) -> Iterator[str]:
    """Texts in which red flags are looked for: every feature alone, and with the part of the body that it is on.

    A feature that says that something is not there can raise nothing. One that names a condition can: the name is left
    out of the report, and the sign beside it still counts.
    """
    content = load_image_content()
    for read in reads:
        for feature in map(_plain, read.visible_features):
            if not content.absences.search(shadow(feature).text):
                yield feature
                yield f"{feature} of the {_plain(read.body_site or 'body')}"


def differing(description: ImageDescription, *told: str) -> tuple[str, ...]:
    """Names of the fields in which a description differs from what the patient said, whose words win.

    Args:
        description: What was read from an image.
        told: The patient's words about the place, the closest to the image first: those that name one count.
    """
    site, side = _regions(description.body_site or ""), {description.side} & {"left", "right"}
    pairs = (("body_site", site, map(_regions, told)), ("side", side, map(_sides, told)))
    said = {field: next(filter(None, words), set()) for field, _, words in pairs}
    return tuple(field for field, seen, _ in pairs if seen and said[field] and not seen & said[field])


def image_note(attachments: Sequence[Attachment]) -> str:
    """The template that tells the patient what became of the images of one message; nothing of what was read."""
    states = {each.status for each in attachments}
    return next((f"image.{each}" for each in ("unusable", "examined") if each in states), "image.not_examined")


def _plain(text: str) -> str:
    """On one line, with nothing in it that a model or a screen would take for more than words."""
    return " ".join(clean(neutralise(text)).split())


def _is_visible(text: str, content: ImageContent, guardrail: Guardrail) -> bool:
    """Whether a text tells of something that can be seen, and of nothing more."""
    words = shadow(text).text
    claims = (content.absences, content.interpretations, content.commands)
    return not any(claim.search(words) for claim in claims) and guardrail.check(text, audience="clinician").allowed


def _regions(text: str) -> set[str]:
    words = text.casefold()
    return {region for region, parts in load_image_content().regions.items() if parts.search(words)}


def _sides(text: str) -> set[str]:
    words = set(re.findall(r"\b(?:left|right|both)\b", text.casefold()))
    return {"left", "right"} if "both" in words else words
