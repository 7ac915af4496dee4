"""receive: take in what the patient sent, keep the original, and say so when it cannot be read."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.history import Attachment, Draft, History, Turn
from symptom_intake.agent.interview.wording import template
from symptom_intake.agent.language.ingest import clean, storable
from symptom_intake.agent.language.tongue import is_foreign
from symptom_intake.agent.nodes.attachments import stored_images
from symptom_intake.agent.state import IntakeState, session_of
from symptom_intake.tools.errors import AttachmentError

MAX_LENGTH = 5_000
"""Characters that one message may have; a longer one is screened for red flags and sent back."""
_STORED_LENGTH = 100_000


def receive(state: IntakeState, config: RunnableConfig, *, context: IntakeContext) -> dict[str, Any]:
    """Turn the caller's new messages into one patient turn, or open the conversation."""
    unread = _unread(state)
    if not unread:
        return {} if state.get("turns") else _opening(context)
    turn_id = f"t{sum(turn.role == 'patient' for turn in state.get('turns', [])) + 1}"
    raw = storable("\n".join(_text(message) for message in unread))[:_STORED_LENGTH]
    text = clean(raw)
    images, image_problem = _images(unread, turn_id, session_of(config), context)
    problem = image_problem or _problem(text, bool(images), context)
    turn = Turn(
        id=turn_id,
        role="patient",
        text=text,
        original=raw if raw != text else None,
        at=context.clock(),
        message_id=unread[-1].id,
    )
    return {
        "settings": context.settings,
        "turns": [turn],
        "history": state.get("history", History()),
        "complaints": state.get("complaints", []),
        "asks": state.get("asks", []),
        "attachments": [*state.get("attachments", []), *images],
        "phase": "interview" if state.get("phase", "opening") == "opening" else state["phase"],
        "problem": problem,
        "draft": _standing_reply(problem, state, context),
        "reading": None,
        "narrative": state.get("narrative"),
        "blocked": [],
        "calls": 0,
    }


def _unread(state: IntakeState) -> list[AnyMessage]:
    """The human messages after the last reply, as far as they were not read before."""
    known = {turn.message_id for turn in state.get("turns", [])}
    trailing: list[AnyMessage] = []
    for message in reversed(state.get("messages", [])):
        if not isinstance(message, HumanMessage):
            break
        trailing.insert(0, message)
    return [message for message in trailing if message.id not in known]


def _text(message: AnyMessage) -> str:
    if isinstance(message.content, str):
        return message.content
    return "\n".join(
        block if isinstance(block, str) else str(block.get("text", ""))
        for block in message.content
        if isinstance(block, str) or block.get("type") == "text"
    )


def _images(
    unread: Sequence[AnyMessage], turn: str, session: str, context: IntakeContext
) -> tuple[list[Attachment], str | None]:
    try:
        return [each for message in unread for each in stored_images(message, turn, session, context.records)], None
    except AttachmentError:
        return [], "problem.image"


def _problem(text: str, with_images: bool, context: IntakeContext) -> str | None:
    if not text and not with_images:
        return "problem.empty"
    if len(text) > MAX_LENGTH:
        return "problem.too_long"
    if text and not any(char.isalnum() for char in text) and not any(ord(char) > 0x2000 for char in text):
        return "problem.not_text"
    tongue = context.content.tongues.tongues.get(context.settings.language)
    if tongue and is_foreign(text, frozenset(tongue.familiar), frozenset(tongue.foreign)):
        return "problem.language"
    return None


def _standing_reply(problem: str | None, state: IntakeState, context: IntakeContext) -> Draft | None:
    """The reply when this message needs no reading: it has a problem, or the interview is over."""
    key = "done.already" if state.get("phase") == "done" else problem
    return Draft(paragraphs=(template(key, context.messages),)) if key else None


def _opening(context: IntakeContext) -> dict[str, Any]:
    keys = ("notice", "opening") if context.notice_in_reply else ("opening",)
    draft = Draft(paragraphs=tuple(template(key, context.messages) for key in keys))
    return {
        "settings": context.settings,
        "phase": "opening",
        "history": History(),
        "draft": draft,
        "blocked": [],
        "calls": 0,
    }
