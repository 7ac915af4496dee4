"""What a check is given: the draft in paragraphs and sentences, and what it is judged against."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from symptom_intake.agent.safety.checks.said import Said
from symptom_intake.agent.safety.normalise import Shadow, shadow
from symptom_intake.agent.safety.verdict import GuardClass, Violation
from symptom_intake.prompts.levels import Urgency

Audience = Literal["patient", "clinician"]
Origin = Literal["message", "content", "draft"]
"""Where a paragraph comes from: a signed message, a signed wording of the content, or neither."""

_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_END = re.compile(
    r"(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\be\.g)(?<!\bi\.e)(?<!\bp\.s)(?<!\bvs)[.!?…]+(?=[\s\")]|$)|(?<!,)\n"
)
_ITEM = re.compile(r"\s*(?:\d{1,2}[.)]|[•+]|\([a-z\d]\))\s+")
_QUOTE = re.compile(r'"([^"]+)"')
_ASKING = re.compile(
    r"\W*(?:(?:and|so|ok|okay|please|also|now|thank you|thanks|but)\b[,. ]*)*"
    r"(?:what|when|where|which|who|whose|how|why|any"
    r"|(?:is|are|was|were|do|does|did|has|have|had|can|could|would|will|should) (?:not )?"
    r"(?:you|it|there|that|this|the|your|he|she|they|any\w*|some\w*|a)\b)"
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a shadow.

    Attributes:
        text: Its words. `start`: where they begin in the shadow.
        asks: It is a question. `item`: it is an entry of a list.
    """

    text: str
    start: int
    asks: bool
    item: bool

    @property
    def end(self) -> int:
        """One past its last character in the shadow."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a draft.

    Attributes:
        text: Its words. `start`: where they begin in the draft.
        origin: Where they come from.
        signed_until: How much of it is the signed beginning of a template that the facts fill.
    """

    text: str
    start: int
    origin: Origin
    signed_until: int = 0

    @cached_property
    def shadow(self) -> Shadow:
        """The plain copy on which patterns are matched."""
        return shadow(self.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the shadow, in order."""
        return tuple(_sentences(self.shadow.text))

    @cached_property
    def quotes(self) -> tuple[tuple[int, int], ...]:
        """Where the shadow holds words in quotation marks, the marks left out."""
        return tuple(match.span(1) for match in _QUOTE.finditer(self.shadow.text))

    @cached_property
    def unquoted(self) -> str:
        """The shadow with what stands in quotation marks blanked out: that is checked word by word."""
        text = self.shadow.text
        for begin, end in self.quotes:
            text = text[:begin] + " " * (end - begin) + text[end:]
        return text

    def violation(self, cls: GuardClass, start: int, end: int, reason: str) -> Violation:
        """A violation at a place of the shadow."""
        begin, finish = self.shadow.span(start, end)
        return Violation(cls=cls, start=self.start + begin, end=self.start + finish, reason=reason)

    def whole(self, cls: GuardClass, reason: str) -> Violation:
        """A violation by the paragraph as it stands."""
        return Violation(cls=cls, start=self.start, end=self.start + len(self.text), reason=reason)


@dataclass(frozen=True)
class Subject:
    """A draft and what it is judged against.

    Attributes:
        draft: The whole text. `paragraphs`: its parts.
        said: What the patient has told.
        urgency: The engine's level; None when it does not matter.
        audience: Who will read the draft.
    """

    draft: str
    paragraphs: tuple[Paragraph, ...]
    said: Said
    urgency: Urgency | None
    audience: Audience

    @property
    def unsigned(self) -> Iterator[Paragraph]:
        """The paragraphs that nobody has signed."""
        return (each for each in self.paragraphs if each.origin == "draft")


def split(draft: str) -> Iterator[tuple[int, str]]:
    """The paragraphs of a draft with their offsets."""
    start = 0
    for match in [*_BREAK.finditer(draft), None]:
        end = match.start() if match else len(draft)
        text = draft[start:end]
        if text.strip():
            yield start + len(text) - len(text.lstrip()), text.strip()
        start = match.end() if match else end


def _sentences(text: str) -> Iterator[Sentence]:
    start = 0
    for match in [*_END.finditer(text), None]:
        end = match.end() if match else len(text)
        mark = _ITEM.match(text, start, end)
        if match and match[0] != "\n" and mark is None and _ITEM.fullmatch(text[start:end] + " "):
            continue  # the full stop of "1." ends no sentence
        begin = mark.end() if mark else start
        while begin < end and text[begin].isspace():
            begin += 1
        words = text[begin:end].rstrip()
        if words:
            yield Sentence(words, begin, _asks(words), mark is not None)
        start = end


def _asks(words: str) -> bool:
    """A full stop makes a statement, whatever the first word: "What you feel is ..."."""
    return words.endswith("?") or (not words.endswith((".", "!")) and _ASKING.match(words) is not None)
