"""Every error by who can act on it: configuration, model, content, patient input, storage."""

from symptom_intake.prompts.errors import ContentError, Fault, IntakeError
from symptom_intake.tools.errors import AttachmentError, StorageError


class ConfigurationError(IntakeError):
    """A setting is wrong; the deployer can mend it."""


class ModelError(IntakeError):
    """A model failed or answered nonsense; the interview goes on without it."""


class PatientInputError(IntakeError):
    """What came in cannot be read as a message; the sender can send another."""


class SessionBusyError(StorageError):
    """Another process has this session open."""


class UnknownSessionError(StorageError):
    """There is no session with this id in the database."""


__all__ = [
    "AttachmentError",
    "ConfigurationError",
    "ContentError",
    "Fault",
    "IntakeError",
    "ModelError",
    "PatientInputError",
    "SessionBusyError",
    "StorageError",
    "UnknownSessionError",
]
