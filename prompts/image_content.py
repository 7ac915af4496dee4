"""What the checks of an image reader's words draw on: claims that no picture bears out, and parts of the body."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.layers import content_root
from symptom_intake.prompts.model import Entry, Review, Text
from symptom_intake.prompts.reading import read_file


def _any_of(phrases: Any) -> Any:
    """One pattern for a list of phrases; `*` at the end of a word stands for any ending."""
    if not (isinstance(phrases, list) and phrases and all(isinstance(each, str) for each in phrases)):
        return phrases
    longest_first = sorted((re.escape(each).replace(r"\*", r"\w*") for each in phrases), key=len, reverse=True)
    return rf"\b(?:{'|'.join(longest_first)})\b"


Phrases = Annotated[re.Pattern[str], BeforeValidator(_any_of)]


class ImageContent(Entry):
    """Phrases in lower case.

    Attributes:
        absences: They say that something is not there, or is as it should be.
        interpretations: They say what something means, and not what it looks like.
        commands: They tell somebody to do something.
        regions: Parts of the body by the region that they belong to.
    """

    version: Text
    review: Review = Review()
    absences: Phrases
    interpretations: Phrases
    commands: Phrases
    regions: dict[str, Phrases]


@lru_cache(maxsize=4)
def load_image_content(root: Path | None = None) -> ImageContent:
    """Load the file from a content folder; the package's own when none is named.

    Raises:
        ContentError: With every fault in it.
    """
    faults: list[Fault] = []
    content = read_file((root or content_root()) / "images.yaml", "images.yaml", ImageContent, faults)
    if content is None:
        raise ContentError(faults)
    return content
