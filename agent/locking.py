"""One process at a time in a session, by a lock of the operating system that ends with the process."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from symptom_intake.agent.errors import ConfigurationError, SessionBusyError, StorageError


def database_path(url: str) -> Path | None:
    """The file that a database setting names; None for `:memory:`.

    Raises:
        ConfigurationError: If it names a database server.
    """
    if url == ":memory:":
        return None
    if "://" in url:
        raise ConfigurationError(
            "This version keeps its data in a file or in ':memory:'; database servers such as PostgreSQL come later."
        )
    return Path(url).expanduser()


def lock_path(path: Path, session_id: str) -> Path:
    """The lock of a session. Its name is a hash: an id that was typed by hand cannot lead out of the folder."""
    name = hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()
    return Path(f"{path}.locks") / f"{name}.lock"


@contextmanager
def session_lock(url: str, session_id: str) -> Iterator[None]:
    """Hold a session for this process; a database in memory needs no lock.

    Raises:
        SessionBusyError: If it is open elsewhere, be it in this very process.
        StorageError: If the lock cannot be made.
    """
    path = database_path(url)
    if path is None:
        yield
        return
    lock = _acquire(lock_path(path, session_id))
    try:
        yield
    finally:
        lock.release()


def _acquire(path: Path) -> FileLock:
    lock = FileLock(path, blocking=False, thread_local=False, mode=0o600, fallback_to_soft=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
    except Timeout:
        raise SessionBusyError("This interview is open in another window.") from None
    except OSError as error:
        raise StorageError(f"This interview cannot be locked: {error.strerror}.") from error
    return lock
