"""The tables of the records: made from blank, brought up to date from each older version, refused from a newer one."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils.db import Database

from symptom_intake.tools.errors import StorageError
from symptom_intake.tools.migrations import migrations
from symptom_intake.tools.records import APPLICATION_ID, Records


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


def test_a_blank_file_gets_every_table_once(path: Path) -> None:
    for _ in range(2):
        Records.open(path).close()
    assert [name for (name,) in rows(path, "SELECT name FROM _sqlite_migrations ORDER BY id")] == [
        "m001_interviews",
        "m002_audit",
        "m003_attachments",
        "m004_readers",
    ]


@pytest.mark.parametrize("before", ["m002_audit", "m003_attachments", "m004_readers"])
def test_a_file_of_an_older_version_is_brought_up_to_date_and_keeps_its_rows(path: Path, before: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    old = Database(connection)
    migrations.apply(old, stop_before=before)
    old.table("sessions").insert({"id": "a", "region": "gb"})
    old.close()
    with Records.open(path) as records:
        records.audit("a", "opened", {})
        records.save_attachment("a", "i", b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        row = records.session("a")
        assert row is not None and row["region"] == "gb"
        assert records.verify_audit("a") and records.attachment("a", "i") == b""


def test_a_file_of_a_newer_version_is_refused(path: Path) -> None:
    Records.open(path).close()
    rows(path, "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('symptom_intake_records', 'm999_later')")
    with pytest.raises(StorageError, match="newer version"):
        Records.open(path)
