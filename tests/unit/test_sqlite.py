"""Database files: foreign and damaged ones are refused and left alone, ours are private to their owner."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from symptom_intake.tools.errors import StorageError
from symptom_intake.tools.records import Records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "intake.records.db"


def rows(path: Path, sql: str, *values: Any) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        with connection:
            return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(path: Path) -> None:
    path.write_bytes(b"a letter to my doctor " * 100)
    with pytest.raises(StorageError, match="not a database"):
        Records.open(path)
    assert path.read_bytes() == b"a letter to my doctor " * 100


def test_a_damaged_file_is_refused(path: Path) -> None:
    with Records.open(path) as records:
        records.save_session("a", region="gb")
    data = bytearray(path.read_bytes())
    data[100:] = os.urandom(len(data) - 100)
    path.write_bytes(data)
    with pytest.raises(StorageError, match="damaged"):
        Records.open(path)


@pytest.mark.parametrize("mark", [0, 42])
def test_the_database_of_another_program_is_refused_and_left_as_it_was(path: Path, mark: int) -> None:
    rows(path, "CREATE TABLE bookmarks (url TEXT)")
    rows(path, f"PRAGMA application_id={mark}")
    before = path.read_bytes()
    with pytest.raises(StorageError, match="belongs to another program"):
        Records.open(path)
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_a_folder_and_a_file_in_the_way_are_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    for unusable in (tmp_path, tmp_path / "letter.txt" / "intake.db"):
        with pytest.raises(StorageError, match="cannot be opened or made"):
            Records.open(unusable)


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder that may be read and not written; as a plain user, should the tests run as root."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        locked = Path(folder) / "locked"
        locked.mkdir()
        Records.open(locked / "there.db").close()
        (locked / "there.db").chmod(0o444)
        locked.chmod(0o555)
        uid = os.geteuid()
        if uid == 0:
            os.seteuid(65534)
        yield locked
        os.seteuid(uid)
        locked.chmod(0o755)


@pytest.mark.parametrize("name", ["new.db", "there.db", "further/down.db"])
def test_a_place_that_cannot_be_written_is_refused(unprivileged: Path, name: str) -> None:
    with pytest.raises(StorageError, match=r"cannot be (opened or made|written)"):
        Records.open(unprivileged / name)


def test_missing_folders_are_made_and_only_the_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "intake.db"
    with Records.open(path) as records:
        records.save_session("a", region="gb")
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("intake.db", "intake.db-wal", "intake.db-shm"), 0o600)
    assert path.parent.stat().st_mode & 0o777 == 0o700
