"""One process at a time in a session, shown with real processes."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from symptom_intake.agent.errors import ConfigurationError, SessionBusyError, StorageError
from symptom_intake.agent.locking import database_path, session_lock

HOLD = (
    "import sys; from symptom_intake.agent.locking import session_lock\n"
    "with session_lock(sys.argv[1], sys.argv[2]):\n    print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return str(tmp_path / "intake.db")


@contextmanager
def another_process(url: str, session: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the session until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url, session], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_session_that_is_open_in_another_process_is_busy(url: str) -> None:
    with another_process(url, "a") as process:
        with pytest.raises(SessionBusyError, match="open in another window"), session_lock(url, "a"):
            pass
        with session_lock(url, "b"):
            pass
        process.communicate("")
        with session_lock(url, "a"):
            pass


def test_the_lock_ends_with_a_process_that_is_killed(url: str) -> None:
    with another_process(url, "a") as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with session_lock(url, "a"):
            pass


def test_the_same_process_cannot_open_a_session_twice(url: str) -> None:
    with session_lock(url, "a"):
        with pytest.raises(SessionBusyError), session_lock(url, "a"):
            pass
        with pytest.raises(SessionBusyError), session_lock(url, "a"):
            pass
    with session_lock(url, "a"):
        pass


def test_another_thread_can_let_go(url: str) -> None:
    lock = session_lock(url, "a")
    lock.__enter__()
    thread = Thread(target=lock.__exit__, args=(None, None, None))
    thread.start()
    thread.join()
    with session_lock(url, "a"):
        pass


def test_a_fault_inside_the_block_frees_the_session_and_passes_unchanged(url: str) -> None:
    with pytest.raises(OSError, match="mine"), session_lock(url, "a"):
        raise OSError("mine")
    with session_lock(url, "a"):
        pass


@pytest.mark.parametrize("session", ["../../escape", "/etc/passwd", "a\0b", "x" * 5000, "\ud83d", ""])
def test_no_session_id_leads_out_of_the_folder(tmp_path: Path, session: str) -> None:
    with session_lock(str(tmp_path / "intake.db"), session):
        (lock,) = (tmp_path / "intake.db.locks").iterdir()
    assert [each.name for each in tmp_path.iterdir()] == ["intake.db.locks"]
    assert lock.stat().st_mode & 0o777 == 0o600


def test_memory_needs_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with session_lock(":memory:", "a"), session_lock(":memory:", "a"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_hold_a_lock_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "letter").touch()
    with pytest.raises(StorageError, match="cannot be locked"), session_lock(str(tmp_path / "letter" / "db"), "a"):
        pass


def test_a_database_url_is_a_path_or_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert database_path(":memory:") is None
    assert database_path("intake.db") == Path("intake.db")
    assert database_path("~/intake.db") == Path("/home/someone/intake.db")
    with pytest.raises(ConfigurationError, match="PostgreSQL come later") as refusal:
        database_path("postgresql://user:password@host/intake")
    assert "password" not in str(refusal.value)
