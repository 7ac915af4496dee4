"""The signed patient-facing templates of a language and a region.

`messages/<lang>/common.yaml` holds the texts, `messages/<lang>/<region>.yaml` the numbers and names that
fill them and any text that the region words otherwise; a user's pack may change any of them, key by key.
A message is one or more paragraphs; each paragraph that a patient may see verbatim is registered by its
hash, and the guardrail lets it pass.
"""

import hashlib
import string
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path

from symptom_intake.prompts.errors import ContentError, Fault, IntakeError
from symptom_intake.prompts.layers import File, Layers
from symptom_intake.prompts.model import Entry, Review
from symptom_intake.prompts.reading import read_file
from symptom_intake.prompts.sources import Source

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


def languages(own: Path | None = None) -> list[str]:
    """The languages that have templates, in our content or in a pack of the user's."""
    return Layers(own).folders_in("messages")


@lru_cache(maxsize=16)
def load_messages(language: str = "en", region: str = "us", own: Path | None = None) -> Messages:
    """Load the templates of a language and region; an unknown region falls back to 112.

    Args:
        language: For example `en`.
        region: For example `gb`.
        own: A pack of the user's, whose values and texts are laid over ours.

    Raises:
        ContentError: If the language has no templates, or a file is faulty.
    """
    return read_messages(language, region, own)


def read_messages(language: str, region: str, own: Path | None) -> Messages:
    """Like `load_messages`, but the files are read again even if they were read before."""
    layers = Layers(own)
    folder = f"messages/{language}"
    if language not in layers.folders_in("messages"):
        raise ContentError([Fault(folder, 0, f"no messages in the language {language!r}")])
    known = region if region != "common" and layers.has(f"{folder}/{region}.yaml") else FALLBACK_REGION
    faults: list[Fault] = []
    common, regional = (_read(layers.every(f"{folder}/{name}.yaml"), faults) for name in ("common", known))
    if faults:
        raise ContentError(faults)
    messages = Messages(language, known, region, _merged(common), _merged(regional))
    if own is not None and (faults := [*_missing(messages, common), *_unfilled(messages, [*common, *regional])]):
        raise ContentError(faults)
    return messages


def _read(files: list[File], faults: list[Fault]) -> list[Source]:
    read = [(file, read_file(file.path, file.label, MessageFile, faults)) for file in files]
    return [Source(file, value) for file, value in read if value]


def _merged(sources: list[Source]) -> MessageFile:
    """Texts and values, key by key, those of the pack before ours."""
    found = [source.value for source in sources if isinstance(source.value, MessageFile)]
    return MessageFile(
        version="+".join(each.version for each in found),
        values={name: value for each in found for name, value in each.values.items()},
        texts={key: text for each in found for key, text in each.texts.items()},
    )


def _missing(messages: Messages, common: list[Source]) -> Iterator[Fault]:
    """Texts that a pack leaves out of a language of its own."""
    missing = [key for key in load_messages("en", FALLBACK_REGION).keys() if key not in messages]  # noqa: SIM118
    yield from (common[-1].fault(("texts",), f"the text {key!r} is missing") for key in missing)


def _unfilled(messages: Messages, sources: list[Source]) -> Iterator[Fault]:
    """Names in braces that neither the pack nor a session fills."""
    ours = load_messages("en", FALLBACK_REGION)
    for key in messages.keys():  # noqa: SIM118 - it is no mapping
        names = messages.placeholders(key) - (ours.placeholders(key) if key in ours else set())
        holders = [each for each in sources if isinstance(each.value, MessageFile) and key in each.value.texts]
        yield from (holders[-1].fault(("texts", key), f"nothing fills {{{name}}}") for name in sorted(names))
