"""What an interviewer is: something that reads the patient's words into facts and words the replies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from symptom_intake.agent.history import Fact, History, Source, Value
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


class Reading(Value):
    """What an interviewer made of one message.

    Attributes:
        facts: What was told; each with at least one verbatim quote.
        complaints: Ids of the complaints that the message brings up, as far as new.
        answered: Whether the slot that was asked about got an answer, be it "I don't know".
        aside: Id of the aside (prompts/asides.yaml) if the patient said something to the interviewer.
        paraphrase: A model's restatement; None lets code build one from the facts.
        wording: A model's wording by slot id; None or another slot lets the content's stand.
        calls: Model calls that the reading cost.
    """

    facts: tuple[Fact, ...] = ()
    complaints: tuple[str, ...] = ()
    answered: bool = False
    aside: str | None = None
    paraphrase: str | None = None
    wording: dict[str, str] = {}
    calls: int = 0


class Interviewer(Protocol):
    """Reads messages. The embedded one needs no model; a model's must do no worse."""

    name: str

    def read(self, listening: Listening) -> Reading:
        """Read one message into facts with quotes."""
        ...
