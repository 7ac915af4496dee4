"""Where interviews are kept: one file of checkpoints, and one of records beside it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_dir

from symptom_intake.agent.locking import database_path, lock_path, session_lock
from symptom_intake.tools.records import Records

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver


def default_database() -> Path:
    """The database in the platform's folder for a user's data."""
    return Path(user_data_dir("symptom-intake", appauthor=False)) / "intake.db"


def records_path(url: str) -> Path | None:
    """The file of records beside the database: `intake.records.db` for `intake.db`; None for `:memory:`."""
    path = database_path(url)
    return path and path.with_name(f"{path.stem}.records{path.suffix}")


def open_records(url: str) -> Records:
    """Open the records that belong to a database.

    Raises:
        ConfigurationError: If the database is not a file or `:memory:`.
        StorageError: If the file cannot be used.
    """
    return Records.open(records_path(url) or ":memory:")


@contextmanager
def open_checkpointer(url: str) -> Iterator["BaseCheckpointSaver[str]"]:
    """Open the checkpoints of a database, for `compile(checkpointer=...)`; closed at the end of the block.

    Raises:
        ConfigurationError: If the database is not a file or `:memory:`.
        StorageError: If the file cannot be used, when opening it as well as later.
    """
    from symptom_intake.agent.checkpoints import FileSaver, memory_saver

    path = database_path(url)
    if path is None:
        yield memory_saver()
        return
    saver = FileSaver(path)
    with closing(saver.conn):
        yield saver


def erase_session(url: str, session_id: str) -> bool:
    """Remove a session from both files for good; the records go last, so that a cut-off erasure is still listed.

    Returns:
        Whether there was anything to remove.

    Raises:
        SessionBusyError: If the session is open elsewhere.
        StorageError: If traces may be left; calling again finishes the job.
    """
    from symptom_intake.agent.checkpoints import FileSaver

    path, records_file = database_path(url), records_path(url)
    if path is None or records_file is None or not (path.exists() or records_file.exists()):
        return False
    with session_lock(url, session_id):
        saver = FileSaver(path)
        with closing(saver.conn):
            rows = saver.erase(session_id)
        with open_records(url) as records:
            rows += records.erase(session_id)
    lock_path(path, session_id).unlink(missing_ok=True)
    return rows > 0
