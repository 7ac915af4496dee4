"""The report's public values. Their JSON is versioned: a change that breaks a reader raises the first number."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from symptom_intake.agent.history import Evidence, ImageDescription, SlotState, Source, Value
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.model import Section as SectionName

Status = Literal["complete", "incomplete", "escalated"]


class Generator(Value):
    """What the report was made with.

    Attributes:
        package: Version of this software. `content`: hash of the questions and rules.
        content_draft: Whether any of the content still lacks a clinician's signature.
        interviewer: What read the patient's words.
    """

    package: str
    content: str
    content_draft: bool
    interviewer: str


class Earlier(Value):
    """What a line said before the patient corrected it in the turn `replaced_in`."""

    state: SlotState
    text: str
    quotes: tuple[Evidence, ...]
    replaced_in: str


class Line(Value):
    """One thing to know, and what the patient told of it.

    Attributes:
        slot: Full id. `label`: its name for a reader.
        state: One of the five; never left blank.
        text: The answer for a reader, for example `no`, `7 out of 10`, `not asked`.
        value: An option's value, a name or the patient's text. `number`: in `unit`. `details`: of a list entry.
        quotes: The patient's words. Empty only when it was not asked.
        source: Who said it. `method`: how it was read.
        confirmed: Whether the patient agreed when it was read back.
        earlier: What it said before a correction, oldest first.
    """

    slot: str
    label: str
    state: SlotState
    text: str
    value: str | None = None
    number: float | None = None
    unit: str | None = None
    details: dict[str, str] = {}
    quotes: tuple[Evidence, ...] = ()
    source: Source | None = None
    method: str | None = None
    confirmed: bool = False
    earlier: tuple[Earlier, ...] = ()


class Section(Value):
    """Lines that belong together; `complaint` names the complaint of a history of the present illness."""

    id: SectionName
    title: str
    complaint: str | None = None
    lines: tuple[Line, ...]


class ChiefComplaint(Value):
    """A table of questions that the patient's words called for: what was asked about, not what the matter is."""

    id: str
    label: str


class Flag(Value):
    """A rule that fired.

    Attributes:
        rule: Its id. `level`: what it raised to. `reason`: symptom words.
        quotes: The words it fired on; empty for a rule about what is not known.
        seen_in: The raw text, the facts, or an image. `turn`: the turn in which it fired first.
        soon: A routine matter that should not wait long.
    """

    rule: str
    level: Urgency
    reason: str
    quotes: tuple[Evidence, ...]
    seen_in: Literal["text", "facts", "image"]
    turn: str
    soon: bool = False


class Told(Value):
    """A sentence of the story as a model worded it, and the patient's words that it rests on."""

    text: str
    quotes: tuple[Evidence, ...]


class Image(Value):
    """A picture that came with a turn; its bytes lie in the records under `id`.

    Attributes:
        kind: What the file was. `width`, `height`: pixels, after cleaning. `turn`: the turn it came with.
        note: What a reader must know, for example that text may be burned into it.
        status: What became of it, in words.
        description: What a program saw in it; nobody has verified that.
        differs: Names of the fields in which it differs from what the patient said, whose words win.
    """

    id: str
    sha256: str
    kind: str
    width: int
    height: int
    turn: str
    note: str | None
    status: str
    description: ImageDescription | None = None
    differs: tuple[str, ...] = ()


class Utterance(Value):
    """One message of the conversation; offsets of quotes refer to `text`.

    Attributes:
        original: The patient's text before it was normalised, where that changed it.
        taken_back: The patient undid it.
        asked: On a reply: the slot it asked about.
    """

    id: str
    role: Literal["patient", "assistant"]
    at: datetime
    text: str
    original: str | None
    taken_back: bool
    asked: str | None


class Report(Value):
    """A patient's account for a clinician: told, sourced, and nothing concluded from it.

    Attributes:
        status: Whether the interview was finished, is not finished, or was stopped by an emergency.
        created: When the conversation began. `updated`: when its last message came. None before the first.
        notices: What every reader must know before the rest.
        urgency: The level that the rules raised to. `red_flags`: which of them, and on what words.
        opening: How the patient brought the problem, in their own words.
        narrative: The story, where a model worded one; a sentence without a source is never in it.
        not_asked: Labels of things that could have been asked and were not, beyond the lines that say so.
    """

    schema_version: Literal["1.2"] = "1.2"
    session: str
    status: Status
    created: AwareDatetime | None
    updated: AwareDatetime | None
    language: str
    region: str
    generator: Generator
    notices: tuple[str, ...]
    urgency: Urgency
    red_flags: tuple[Flag, ...]
    chief_complaints: tuple[ChiefComplaint, ...]
    opening: tuple[Evidence, ...]
    narrative: tuple[Told, ...] = ()
    sections: tuple[Section, ...]
    not_asked: tuple[str, ...]
    images: tuple[Image, ...]
    transcript: tuple[Utterance, ...]
