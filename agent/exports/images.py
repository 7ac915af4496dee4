"""The images of a report: what became of each, and where a description differs from the patient's words."""

from collections.abc import Iterator, Sequence

from symptom_intake.agent.exports.model import Image
from symptom_intake.agent.history import Attachment, History, Turn
from symptom_intake.agent.image_reading import differing

STATUSES = {
    "not_examined": "attached, not examined",
    "examined": "read by software, unverified",
    "unusable": "unusable: nothing can be made out in it",
}


def image_lines(attachments: Sequence[Attachment], turns: Sequence[Turn], history: History) -> Iterator[Image]:
    """The images in the order in which they came.

    Args:
        attachments: The images.
        turns: The conversation.
        history: What is known, for the places that the patient named.
    """
    texts = {turn.id: turn.text for turn in turns}
    places = " ".join(fact.quote for fact in history if fact.details.keys() & {"side", "part"})
    for each in attachments:
        told = texts.get(each.turn, "")
        yield Image(
            **each.model_dump(exclude={"status", "fault", "description"}),
            status=STATUSES[each.status] + (f" ({each.fault})" if each.fault else ""),
            description=each.description,
            differs=differing(each.description, told, places) if each.description else (),
        )
