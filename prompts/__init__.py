"""The content: questions, rules, vocabulary and messages, as data that a clinician can read and change."""

from symptom_intake.prompts.errors import ContentError, Fault, IntakeError
from symptom_intake.prompts.levels import Urgency, highest
from symptom_intake.prompts.loader import Content, load_content
from symptom_intake.prompts.templates import Messages, load_messages

__all__ = [
    "Content",
    "ContentError",
    "Fault",
    "IntakeError",
    "Messages",
    "Urgency",
    "highest",
    "load_content",
    "load_messages",
]
