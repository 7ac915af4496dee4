"""The signed patient-facing templates of a language and a region.

`messages/<lang>/common.yaml` holds the texts, `messages/<lang>/<region>.yaml` the numbers and names that
fill them and any text that the region words otherwise. A message is one or more paragraphs; each
paragraph that a patient may see verbatim is registered by its hash, and the guardrail lets it pass.
"""

import hashlib
import string
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from symptom_intake.prompts.errors import ContentError, Fault, IntakeError
from symptom_intake.prompts.model import Entry, Review
from symptom_intake.prompts.reading import read_file

FALLBACK_REGION = "eu"
"""The region with the emergency number 112, which phones in most of the world accept."""


class MessageFile(Entry):
    """One file of templates; `values` fill `{names}` in the texts."""

    version: str
    review: Review = Review()
    values: dict[str, str] = {}
    texts: dict[str, str] = {}


class UnknownMessageError(IntakeError):
    """A template was asked for that the pack does not have, or a value for it is missing."""


class Messages:
    """The templates of one language and region.

    Attributes:
        language: For example `en`.
        region: For example `gb`.
        asked_region: The region that was asked for; differs from `region` after a fallback.
    """

    def __init__(self, language: str, region: str, asked_region: str, common: MessageFile, own: MessageFile) -> None:
        """Lay a region's texts over the common ones."""
        self.language, self.region, self.asked_region = language, region, asked_region
        self.version = f"{common.version}+{region}-{own.version}"
        self._values = common.values | own.values
        self._texts = common.texts | own.texts

    def __contains__(self, key: str) -> bool:
        """Whether the pack has this template."""
        return key in self._texts

    def keys(self) -> list[str]:
        """Every template's name."""
        return sorted(self._texts)

    def text(self, key: str, **values: str) -> str:
        """A template, filled.

        Raises:
            UnknownMessageError: If there is no such template, or a value for it is missing.
        """
        try:
            return self._texts[key].strip().format_map(self._values | values)
        except KeyError as error:
            raise UnknownMessageError(f"the message {key!r} or its value {error} is missing") from error

    def placeholders(self, key: str) -> set[str]:
        """Names in a template that the pack itself does not fill."""
        names = {name for _, name, _, _ in string.Formatter().parse(self._texts[key]) if name}
        return names - self._values.keys()

    @cached_property
    def signed(self) -> frozenset[str]:
        """Hashes of the paragraphs of all templates that need no value from a session."""
        whole = [self.text(key) for key in self.keys() if not self.placeholders(key)]
        return frozenset(fingerprint(part) for text in whole for part in text.split("\n\n"))


def fingerprint(paragraph: str) -> str:
    """The hash under which a signed paragraph is known: of its words, whatever the white space."""
    return hashlib.sha256(" ".join(paragraph.split()).encode()).hexdigest()


def content_root() -> Traversable:
    """The folder of the content that ships with the package."""
    return files("symptom_intake.prompts")


def languages(root: Traversable | Path | None = None) -> list[str]:
    """The languages that have templates."""
    return sorted(each.name for each in ((root or content_root()) / "messages").iterdir() if each.is_dir())


@lru_cache(maxsize=16)
def load_messages(language: str = "en", region: str = "us", root: Path | None = None) -> Messages:
    """Load the templates of a language and region; an unknown region falls back to 112.

    Raises:
        ContentError: If the language has no templates, or a file is faulty.
    """
    folder = (root or content_root()) / "messages" / language
    faults: list[Fault] = []
    if not folder.is_dir():
        raise ContentError([Fault(f"messages/{language}", 0, f"no messages in the language {language!r}")])
    known = region if (folder / f"{region}.yaml").is_file() and region != "common" else FALLBACK_REGION
    loaded = [
        read_file(folder / f"{name}.yaml", f"messages/{language}/{name}.yaml", MessageFile, faults)
        for name in ("common", known)
    ]
    if faults:
        raise ContentError(faults)
    common, own = loaded
    assert common is not None and own is not None  # noqa: S101 - read_file reports a fault for each None
    return Messages(language, known, region, common, own)
