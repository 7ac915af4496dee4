"""What a model may answer, as schemas that are enforced while it writes: every text and list has its bound."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(max_length=60)]
Quote = Annotated[str, StringConstraints(min_length=1, max_length=160)]
Line = Annotated[str, StringConstraints(max_length=240)]


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ToldFact(_Closed):
    """One thing that the message tells.

    Attributes:
        slot: Id of what it is about. `state`: whether the patient has it or denies it.
        value: An option's value, for a slot with options.
        quote: The patient's words for it, copied.
    """

    slot: Name
    state: Literal["present", "absent"]
    value: Name | None = None
    quote: Quote


class TurnAnswer(_Closed):
    """What a model made of one message: facts first, for what follows is to rest on them.

    Attributes:
        facts: What the message tells.
        complaints: Ids of complaints that it brings up.
        paraphrase: The facts said back in plain words; empty when there is nothing to say back.
        next: Id of the offered slot that the question is for; empty for none.
        question: A wording of the question.
    """

    facts: Annotated[tuple[ToldFact, ...], Field(max_length=12)] = ()
    complaints: Annotated[tuple[Name, ...], Field(max_length=4)] = ()
    paraphrase: Line = ""
    next: Name = ""
    question: Line = ""


class ToldSentence(_Closed):
    """A sentence of the story, and the numbers of the facts that it rests on."""

    text: Line
    facts: Annotated[tuple[Annotated[int, Field(ge=1, le=99)], ...], Field(min_length=1, max_length=8)]


class NarrativeAnswer(_Closed):
    """The story for the clinician."""

    sentences: Annotated[tuple[ToldSentence, ...], Field(max_length=12)]
