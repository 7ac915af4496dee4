"""Errors of the tools, by who can act on them."""

from symptom_intake.prompts.errors import IntakeError


class AttachmentError(IntakeError):
    """A file cannot be used as an image; whoever attached it can send another."""


class StorageError(IntakeError):
    """The database cannot be opened, read or written; what was saved before is still there."""
