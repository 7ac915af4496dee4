"""Opening an SQLite file that is ours, wiping what was deleted from it, and its faults in plain words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from symptom_intake.tools.errors import StorageError

BUSY_SECONDS = 10.0
"""How long to wait for another process that is writing."""

_REASONS = {
    sqlite3.SQLITE_NOTADB: "is damaged, or is not a database at all",
    sqlite3.SQLITE_CORRUPT: "is damaged",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. What was saved before is still there",
    sqlite3.SQLITE_IOERR: "could not be read or written: the disk reports a fault, or is full",
    sqlite3.SQLITE_READONLY: "cannot be written to",
    sqlite3.SQLITE_PERM: "cannot be written to",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_BUSY: "is in use by another program; try again in a moment",
    sqlite3.SQLITE_LOCKED: "is in use by another program; try again in a moment",
}


@contextmanager
def plain_errors(path: Path | None) -> Iterator[None]:
    """Turn the faults of SQLite and of the file system into a StorageError that a person can act on.

    Args:
        path: The file, to name it in the message; None for a database in memory.
    """
    name = path.name if path else "in memory"
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        raise StorageError(f"The database {name} {_REASONS.get(code, 'could not be used')}.") from error
    except OSError as error:
        raise StorageError(f"The database {name} cannot be opened or made: {error.strerror}.") from error


def connect(path: Path | None, application_id: int) -> sqlite3.Connection:
    """Open a database file, or make one that only its owner can read.

    Args:
        path: The file; None for a database in memory.
        application_id: Mark in the file's header by which ours are told from other programs' files.

    Raises:
        StorageError: If it cannot be opened, is damaged, or belongs to another program, which is then left as it was.
    """
    with plain_errors(path):
        if path:
            _make_private(path)
        connection = sqlite3.connect(path or ":memory:", timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            _claim(connection, application_id, path)
            for setting in ("secure_delete=ON", "journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY"):
                connection.execute(f"PRAGMA {setting}").fetchone()
        except BaseException:
            connection.close()
            raise
    return connection


def scrub(connection: sqlite3.Connection, path: Path | None) -> None:
    """Rewrite the file and empty its log, so that no deleted byte is left in either.

    Raises:
        StorageError: If another program is reading the file, so that traces may remain; calling again finishes the job.
    """
    with plain_errors(path):
        connection.execute("VACUUM")
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StorageError("Another program is reading the database, so traces may be left. Close it and erase again.")


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _claim(connection: sqlite3.Connection, application_id: int, path: Path | None) -> None:
    """Check that the file is ours; an empty one becomes ours."""
    if _mark(connection) == application_id:
        return
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if _mark(connection) not in (0, application_id) or (tables and _mark(connection) == 0):
            name = path.name if path else "in memory"
            raise StorageError(f"The database {name} belongs to another program; nothing in it was changed.")
        connection.execute(f"PRAGMA application_id={application_id:d}")


def _mark(connection: sqlite3.Connection) -> int:
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    return int(mark)
