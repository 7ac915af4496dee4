"""The channels of the graph and how updates to them are joined."""

from typing import Annotated

from langchain_core.messages import AnyMessage
from langchain_core.runnables import RunnableConfig
from langgraph.graph.message import add_messages
from typing_extensions import TypedDict

from symptom_intake.agent.history import Ask, Attachment, Draft, History, Phase, RedFlag, Settings, Turn
from symptom_intake.agent.interview.protocol import Narrative, Reading
from symptom_intake.prompts.levels import Urgency, highest
from symptom_intake.prompts.loader import Content


def rise(old: Urgency | None, new: Urgency) -> Urgency:
    """Urgency only rises, whatever a node returns."""
    return highest(old or Urgency.ROUTINE, new)


def add_flags(old: list[RedFlag] | None, new: list[RedFlag]) -> list[RedFlag]:
    """A rule that fired stays fired; its first firing is the one kept."""
    known = {flag.rule for flag in old or []}
    return [*(old or []), *(flag for flag in new if flag.rule not in known)]


def add_turns(old: list[Turn] | None, new: list[Turn]) -> list[Turn]:
    """Turns are appended; one with a known id replaces it in its place."""
    joined = {turn.id: turn for turn in old or []} | {turn.id: turn for turn in new}
    return list(joined.values())


class IntakeInput(TypedDict):
    """What a caller puts in: messages, as in any LangGraph chatbot."""

    messages: Annotated[list[AnyMessage], add_messages]


class IntakeState(IntakeInput, total=False):
    """Everything a session holds between turns.

    Attributes:
        settings: Region and language.
        turns: The conversation, word for word.
        history: What is known.
        complaints: Ids of the complaints in play, the first heard first.
        urgency: The level so far. `flags`: the rules that fired.
        phase: Where the interview stands.
        asks: Every question put so far, in order; the last is the open one.
        problem: Key of the message that says why this turn's text could not be read; None when it could.
        reading: What the interviewer made of this turn.
        next_ask: The question that the planner chose; None when there is nothing left to ask.
        remaining: Labels of what is still to be covered after it.
        blocked: Classes for which the guardrail stopped this turn's draft.
        draft: The next reply before the guardrail.
        attachments: Images kept with the session.
        narrative: The story for the clinician, once a model has worded it.
        calls: Model calls in this turn.
    """

    settings: Settings
    turns: Annotated[list[Turn], add_turns]
    history: History
    complaints: list[str]
    urgency: Annotated[Urgency, rise]
    flags: Annotated[list[RedFlag], add_flags]
    phase: Phase
    asks: list[Ask]
    problem: str | None
    reading: Reading | None
    next_ask: Ask | None
    remaining: list[str]
    blocked: list[str]
    draft: Draft | None
    attachments: list[Attachment]
    narrative: Narrative | None
    calls: int


class IntakeOutput(TypedDict, total=False):
    """What a caller gets back: the reply is the last message."""

    messages: Annotated[list[AnyMessage], add_messages]
    history: History
    urgency: Annotated[Urgency, rise]
    flags: Annotated[list[RedFlag], add_flags]
    phase: Phase


def latest(state: IntakeState) -> Turn:
    """The turn that came last."""
    return state["turns"][-1]


def images_of_turn(state: IntakeState) -> list[Attachment]:
    """The images that came with the turn that came last."""
    return [each for each in state.get("attachments", []) if each.turn == latest(state).id]


def session_of(config: RunnableConfig) -> str:
    """Id of the session that a run of the graph belongs to; empty when it has none."""
    return str(config.get("configurable", {}).get("thread_id", ""))


def open_ask(state: IntakeState) -> Ask | None:
    """The question that waits for an answer."""
    asks = state.get("asks", [])
    return asks[-1] if asks and state.get("phase") in ("interview", "read_back") else None


def missing_from(content: Content, state: IntakeState) -> list[str]:
    """What the interview turns on and the content does not have: complaints, or slots of facts."""
    complaints = [name for name in state.get("complaints", []) if name not in content.protocols]
    told = {fact.slot for fact in state.get("history", History())}
    return complaints or sorted(told - content.slots.keys())


def said(state: IntakeState) -> list[str]:
    """What the patient has said, word for word."""
    return [turn.text for turn in state.get("turns", []) if turn.role == "patient"]
