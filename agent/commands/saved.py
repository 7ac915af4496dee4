"""The report as a file beside the database."""

import os
from contextlib import suppress
from pathlib import Path

from symptom_intake.agent.errors import StorageError
from symptom_intake.agent.locking import database_path

_UNFINISHED = ".md.part"


def report_path(url: str, session: str) -> Path | None:
    """Where a session's report is saved; None for a database in memory."""
    path = database_path(url)
    return path and path.absolute().with_name(f"{session}.md")


def save_report(path: Path, text: str) -> None:
    """Write a report that only its owner can read; a report that was there is replaced whole or not at all.

    Raises:
        StorageError: If it cannot be written.
    """
    draft = path.with_suffix(_UNFINISHED)
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StorageError(
            f"The report could not be saved: {error.strerror}. The interview itself is saved."
        ) from error


def remove_report(path: Path) -> None:
    """Remove a saved report, and what a crash left of one.

    Raises:
        StorageError: If it cannot be removed.
    """
    try:
        for each in (path, path.with_suffix(_UNFINISHED)):
            each.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"The saved report could not be removed: {error.strerror}.") from error
