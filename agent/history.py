"""The patient's history as frozen values: what is known, in whose words, and what the rules saw in it."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

from symptom_intake.prompts.levels import Urgency

Source = Literal["patient", "proxy", "image", "record"]
Phase = Literal["opening", "interview", "read_back", "done", "escalated"]


class SlotState(StrEnum):
    """What is known of a slot. A report prints all five; it never leaves a blank."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"


class Value(BaseModel):
    """Base of everything kept in a session: frozen, closed, plain JSON types."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Value):
    """The patient's own words: `turn.text[start:end] == quote`.

    Attributes:
        turn: Id of the patient's turn.
        start: Offset of the first character in that turn's text. `end`: one past the last.
        quote: The words themselves.
    """

    turn: str
    start: int
    end: int
    quote: str


class EarlierValue(Value):
    """What a fact said before the patient corrected it."""

    state: SlotState
    value: str | None = None
    number: float | None = None
    evidence: tuple[Evidence, ...]
    replaced_in: str


class Fact(Value):
    """One thing the patient told.

    Attributes:
        id: Unique in the session, for example `t3.2`.
        slot: Full id of the slot that it fills.
        state: Never `not_asked`.
        value: An option's value, a name, or the patient's text; None for a plain yes or no.
        number: In the slot's unit (hours, years, °C, points out of ten).
        details: More about a list entry, for example dose and frequency of a medicine.
        evidence: At least one quote.
        source: Who said it. `method`: how it was read (slot_answer, narrative, correction, skip, model).
        confirmed_by: The turn in which the patient said that it was right.
        earlier: Values that it replaced, oldest first.
    """

    id: str
    slot: str
    state: SlotState
    value: str | None = None
    number: float | None = None
    details: dict[str, str] = {}
    evidence: tuple[Evidence, ...]
    source: Source = "patient"
    method: str = "slot_answer"
    confirmed_by: str | None = None
    earlier: tuple[EarlierValue, ...] = ()

    @property
    def quote(self) -> str:
        """The patient's words for it, the latest last."""
        return " … ".join(each.quote for each in self.evidence)


class History(Value):
    """All facts of a session, in the order in which they were told."""

    facts: tuple[Fact, ...] = ()

    def of(self, slot: str) -> tuple[Fact, ...]:
        """The facts that fill a slot; more than one only for list slots."""
        return self._by_slot.get(slot, ())

    @cached_property
    def _by_slot(self) -> dict[str, tuple[Fact, ...]]:
        found: dict[str, tuple[Fact, ...]] = {}
        for fact in self.facts:
            found[fact.slot] = (*found.get(fact.slot, ()), fact)
        return found

    def state(self, slot: str) -> SlotState:
        """What is known of a slot."""
        facts = self.of(slot)
        return facts[-1].state if facts else SlotState.NOT_ASKED

    def known(self, slot: str) -> bool:
        """Whether the patient has said anything about the slot, be it that they do not know."""
        return self.state(slot) is not SlotState.NOT_ASKED

    def number(self, slot: str) -> float | None:
        """The slot's number, if it has one."""
        return next((fact.number for fact in reversed(self.of(slot)) if fact.number is not None), None)

    def value(self, slot: str) -> str | None:
        """The slot's value, if it has one."""
        return next((fact.value for fact in reversed(self.of(slot)) if fact.value is not None), None)

    def __iter__(self) -> Iterator[Fact]:  # type: ignore[override]
        """The facts, in the order in which they were told."""
        return iter(self.facts)


class RedFlag(Value):
    """A rule that fired, and the words it fired on.

    Attributes:
        rule: The rule's id. `reason`: symptom words for the clinician.
        level: What it raised to.
        evidence: The patient's words; empty for a rule about what is not known.
        seen_in: The raw text, the facts, or an image.
        turn: The turn in which it fired first.
        template: Family of messages that the patient gets instead of the level's own.
        soon: A routine matter that should not wait long.
    """

    rule: str
    level: Urgency
    reason: str
    evidence: tuple[Evidence, ...] = ()
    seen_in: Literal["text", "facts", "image"] = "facts"
    turn: str
    template: str | None = None
    soon: bool = False


class ImageDescription(Value):
    """What an image reader saw in an image, as far as it may stand: software's word, which nobody has verified.

    Attributes:
        kind: What sort of picture it is. `body_site`: the part of the body it shows, if any. `side`: of the body.
        features: What can be seen, in plain words.
        quality: Whether the picture is good enough to describe.
        text_seen: Writing in the picture; nobody's words, and never followed.
        disputed: Names of the fields on which two reads of it did not agree.
    """

    kind: str
    body_site: str | None
    side: Literal["left", "right", "both", "unclear"]
    features: tuple[str, ...]
    quality: Literal["usable", "unusable"]
    text_seen: str | None
    disputed: tuple[str, ...]


class Attachment(Value):
    """An image as it was stored: decoded, cleaned and re-encoded.

    Attributes:
        id: Key of its bytes in the records. `sha256`: of those bytes.
        kind: What it was (jpeg, png, webp, dicom). `width`, `height`: pixels after cleaning.
        turn: The turn it came with.
        note: What a reader must know, for example that text may be burned into the picture.
        status: Whether an image reader has looked at it, or could see nothing in it.
        fault: Why it was not examined although there is a reader: a fixed word.
        description: What the reader saw.
    """

    id: str
    sha256: str
    kind: str
    width: int
    height: int
    turn: str
    note: str | None = None
    status: Literal["not_examined", "examined", "unusable"] = "not_examined"
    fault: str | None = None
    description: ImageDescription | None = None


class Turn(Value):
    """One message of the conversation.

    Attributes:
        id: `t1`, `t2` ... for the patient; `a1` ... for the reply to it.
        text: What was read; `original` keeps the patient's text where normalising changed it.
        message_id: The caller's id, for dropping repeats.
        taken_back: The patient undid it.
        asked: On a reply: full id of the slot it asks about. `urgency`, `phase`, `rules`, `calls`: how things
            stood when it was given, so that a repeated message gets the same answer.
        read_by: On a reply: what read the patient's message. `fault`: why a model that should have did not.
    """

    id: str
    role: Literal["patient", "assistant"]
    text: str
    original: str | None = None
    at: datetime
    message_id: str | None = None
    taken_back: bool = False
    asked: str | None = None
    urgency: Urgency | None = None
    phase: Phase | None = None
    rules: tuple[str, ...] = ()
    calls: int = 0
    read_by: str | None = None
    fault: str | None = None


class Ask(Value):
    """A question that was put: which slot, and its first (0) or second (1) wording."""

    slot: str
    wording: int = 0


class Paragraph(Value):
    """One part of a draft.

    Attributes:
        text: The words.
        kind: `template` and `question` come from the content, `paraphrase` from facts by code, `model` from a model.
        ref: The template's or slot's id.
        instead: What code would have said in a model's place; None when that is nothing.
    """

    text: str
    kind: Literal["template", "question", "paraphrase", "model"]
    ref: str | None = None
    instead: str | None = None


class Draft(Value):
    """What the next reply would be; nobody sees it before the guardrail has passed it."""

    paragraphs: tuple[Paragraph, ...]
    ask: Ask | None = None

    @property
    def text(self) -> str:
        """The paragraphs, parted by blank lines."""
        return "\n\n".join(part.text for part in self.paragraphs)

    @property
    def without_model(self) -> "Draft":
        """The same with code's words in the place of a model's."""
        kept = (part for part in self.paragraphs if part.kind != "model" or part.instead)
        return self.model_copy(update={"paragraphs": tuple(_in_own_words(part) for part in kept)})


def _in_own_words(part: Paragraph) -> Paragraph:
    if part.kind != "model" or part.instead is None:
        return part
    return part.model_copy(update={"text": part.instead, "kind": "paraphrase", "instead": None})


class Sentence(Value):
    """A sentence of the narrative for the clinician, and the ids of the facts that bear it out."""

    text: str
    facts: tuple[str, ...]


class Settings(Value):
    """What the deployer chose for a session; kept with it, so that a resume speaks alike."""

    region: str = "us"
    language: str = "en"
