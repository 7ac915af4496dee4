"""What an interviewer is: something that reads the patient's words into facts and words the replies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from symptom_intake.agent.history import Fact, History, Sentence, Source, Turn, Value
from symptom_intake.prompts.model import Slot


@dataclass(frozen=True)
class Listening:
    """What an interviewer is given to read one message.

    Attributes:
        text: The patient's message, normalised; evidence offsets refer to it.
        turn: The message's turn id.
        asked: The slot that was just asked about; None on the opening turn.
        earlier: Slots asked before, latest first: an answer may be to one of them.
        slots: Every slot in play, by full id.
        history: What is known so far.
        complaints: Ids of the complaints in play, the first heard first.
        source: Who is typing.
        now: When, for "since Tuesday".
        turns: The conversation up to the message, which is its last turn.
        next: Slots that may be asked about next, for an interviewer that words questions.
    """

    text: str
    turn: str
    asked: Slot | None
    slots: Mapping[str, Slot]
    history: History
    now: datetime
    earlier: tuple[Slot, ...] = ()
    complaints: tuple[str, ...] = ()
    source: Source = "patient"
    turns: tuple[Turn, ...] = ()
    next: tuple[Slot, ...] = ()


class Reading(Value):
    """What an interviewer made of one message.

    Attributes:
        facts: What was told; each with at least one verbatim quote.
        complaints: Ids of the complaints that the message brings up, as far as new.
        answered: Whether the slot that was asked about got an answer, be it "I don't know".
        aside: Id of the aside (prompts/asides.yaml) if the patient said something to the interviewer.
        paraphrase: A model's restatement; None lets code build one from the facts.
        wording: A model's wording by slot id; None or another slot lets the content's stand.
        read_by: What read the message; None stands for the interviewer itself.
        fault: Why a model that should have read it did not: a fixed word.
        calls: Model calls that the reading cost. `prompt_tokens`, `completion_tokens`: likewise.
        dropped: Facts that a model told and that were not borne out by the patient's words.
    """

    facts: tuple[Fact, ...] = ()
    complaints: tuple[str, ...] = ()
    answered: bool = False
    aside: str | None = None
    paraphrase: str | None = None
    wording: dict[str, str] = {}
    read_by: str | None = None
    fault: str | None = None
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    dropped: int = 0


@runtime_checkable
class Interviewer(Protocol):
    """Reads messages. The embedded one needs no model; a model's must do no worse."""

    name: str

    def read(self, listening: Listening) -> Reading:
        """Read one message into facts with quotes."""
        ...


class Narrative(Value):
    """The story for the clinician, as a model worded it.

    Attributes:
        sentences: Each with the facts that bear it out; a sentence that they do not bear out is left out.
        fault: Why there is none: a fixed word.
        calls: Model calls that it cost. `prompt_tokens`, `completion_tokens`: likewise.
        dropped: Sentences that were left out.
    """

    sentences: tuple[Sentence, ...] = ()
    fault: str | None = None
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    dropped: int = 0


class Narrator(Protocol):
    """Words the history as a story for the clinician; the patient never sees it."""

    def narrate(self, history: History) -> Narrative:
        """Word the story."""
        ...
