"""What a patient says to the interviewer instead of, or beside, an answer."""

from collections.abc import Iterable

from symptom_intake.agent.language.mention import Mention
from symptom_intake.prompts.model import AsideFile

_FEW = 2
"""Words that may stand beside an aside and still answer nothing."""


def first_aside(asides: AsideFile, mentions: Iterable[Mention]) -> str | None:
    """The id of the aside that a message holds; of several the one that the file names first.

    Args:
        asides: The content.
        mentions: Finds of the asides' phrases, keyed by the aside's id.
    """
    found = {mention.key for mention in mentions}
    return next((aside.id for aside in asides.asides if aside.id in found), None)


def is_only_an_aside(text: str, mentions: Iterable[Mention]) -> bool:
    """Whether little is said beside the asides, so that the message answers nothing."""
    covered = {place for mention in mentions for start, end in mention.spans for place in range(start, end)}
    rest = "".join(char if place not in covered else " " for place, char in enumerate(text))
    return bool(covered) and len([word for word in rest.split() if word.isalnum()]) <= _FEW
