"""The public interface: an interview (`IntakeSession`, `build_graph`), a guardrail for any chatbot (`Guardrail`)."""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

from symptom_intake.agent.errors import (
    AttachmentError,
    ConfigurationError,
    ContentError,
    IntakeError,
    ModelError,
    PatientInputError,
    SessionBusyError,
    StorageError,
    UnknownSessionError,
)

if TYPE_CHECKING:
    from symptom_intake.agent.exports.report import Report
    from symptom_intake.agent.graph import build_graph
    from symptom_intake.agent.guarding.node import guard_node
    from symptom_intake.agent.guarding.runnable import guarded
    from symptom_intake.agent.history import Fact, History, SlotState
    from symptom_intake.agent.reply import Event, Reply
    from symptom_intake.agent.safety.guardrail import Guardrail
    from symptom_intake.agent.safety.text_scan import TextScanner
    from symptom_intake.agent.session import IntakeSession
    from symptom_intake.prompts.levels import Urgency

# A library says nothing unless its user asks.
logging.getLogger("symptom_intake").addHandler(logging.NullHandler())

# Importing the graph takes seconds, and a chat shows its first words before it needs one.
_HOMES = {
    "Event": "symptom_intake.agent.reply",
    "Fact": "symptom_intake.agent.history",
    "Guardrail": "symptom_intake.agent.safety.guardrail",
    "History": "symptom_intake.agent.history",
    "IntakeSession": "symptom_intake.agent.session",
    "Reply": "symptom_intake.agent.reply",
    "Report": "symptom_intake.agent.exports.report",
    "SlotState": "symptom_intake.agent.history",
    "TextScanner": "symptom_intake.agent.safety.text_scan",
    "Urgency": "symptom_intake.prompts.levels",
    "build_graph": "symptom_intake.agent.graph",
    "guard_node": "symptom_intake.agent.guarding.node",
    "guarded": "symptom_intake.agent.guarding.runnable",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


__all__ = [
    "AttachmentError",
    "ConfigurationError",
    "ContentError",
    "Event",
    "Fact",
    "Guardrail",
    "History",
    "IntakeError",
    "IntakeSession",
    "ModelError",
    "PatientInputError",
    "Reply",
    "Report",
    "SessionBusyError",
    "SlotState",
    "StorageError",
    "TextScanner",
    "UnknownSessionError",
    "Urgency",
    "build_graph",
    "guard_node",
    "guarded",
]
