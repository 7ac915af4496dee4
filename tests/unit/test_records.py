"""Records: what is saved is there, files that are not ours are left alone, and the audit trail shows every edit."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.history import Fact, Turn
from symptom_intake.tools import sqlite
from symptom_intake.tools.errors import StorageError
from symptom_intake.tools.records import Records

TURN = {
    "id": "t1",
    "role": "patient",
    "text": "My chest hurts",
    "original": None,
    "at": "2026-11-24T10:00:00Z",
    "message_id": "m1",
    "taken_back": False,
    "asked": None,
    "urgency": None,
    "phase": None,
    "rules": ["chest.crushing"],
    "calls": 0,
}
FACT = {
    "id": "t1.1",
    "slot": "chest_pain.onset",
    "state": "present",
    "value": None,
    "number": 3.5,
    "details": {"dose": "5 mg"},
    "evidence": [{"turn": "t1", "start": 0, "end": 2, "quote": "My"}],
    "source": "patient",
    "method": "slot_answer",
    "confirmed_by": None,
    "earlier": [],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "intake.records.db"


@pytest.fixture
def records(path: Path) -> Iterator[Records]:
    with Records.open(path) as opened:
        yield opened


def rows(path: Path, sql: str, *values: Any) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        with connection:
            return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def test_sessions_are_changed_column_by_column_and_listed_newest_first(records: Records) -> None:
    records.save_session("a", created="2026-11-01", region="gb", turns=0)
    records.save_session("b", created="2026-11-03", region="us", turns=0)
    records.save_session("a", turns=4, phase="interview")
    row = records.session("a")
    assert row is not None
    assert (row["created"], row["region"], row["turns"], row["phase"]) == ("2026-11-01", "gb", 4, "interview")
    assert [each["id"] for each in records.sessions()] == ["b", "a"]
    assert records.session("c") is None


def test_a_session_without_a_given_date_is_dated(records: Records) -> None:
    records.save_session("old", created="2020-01-01T00:00:00+00:00")
    records.save_session("new", region="us")
    assert [each["id"] for each in records.sessions()] == ["new", "old"]
    assert records.sessions()[0]["created"].endswith("+00:00")


def test_turns_are_replaced_by_id_and_facts_as_a_whole(records: Records, path: Path) -> None:
    records.save_turns("a", [TURN, TURN | {"id": "a1", "role": "assistant"}])
    records.save_turns("a", [TURN | {"taken_back": True}])
    records.save_turns("b", [TURN])
    records.save_turns("b", [])
    assert rows(path, "SELECT session, id, taken_back FROM turns ORDER BY 1, 2") == [
        ("a", "a1", 0),
        ("a", "t1", 1),
        ("b", "t1", 0),
    ]
    records.save_facts("a", [FACT, FACT | {"id": "t1.2"}])
    records.save_facts("b", [FACT])
    records.save_facts("a", [FACT | {"id": "t2.1"}])
    assert rows(path, "SELECT session, id, details FROM facts ORDER BY 1") == [
        ("a", "t2.1", '{"dose": "5 mg"}'),
        ("b", "t1.1", '{"dose": "5 mg"}'),
    ]
    records.save_facts("a", [])
    assert rows(path, "SELECT session FROM facts") == [("b",)]


def test_every_field_of_a_turn_and_of_a_fact_has_its_column(records: Records, path: Path) -> None:
    for table, model in (("turns", Turn), ("facts", Fact)):
        columns = {name for (name,) in rows(path, "SELECT name FROM pragma_table_info(?)", table)}
        assert columns == {"session", *model.model_fields}


def test_facts_that_cannot_be_saved_leave_the_old_ones(records: Records, path: Path) -> None:
    records.save_facts("a", [FACT])
    with pytest.raises(StorageError):
        records.save_facts("a", [FACT | {"id": "t2.1"}, FACT | {"id": "t2.1"}])
    assert rows(path, "SELECT id FROM facts") == [("t1.1",)]


def test_attachments_come_back_byte_for_byte(records: Records) -> None:
    png = b"\x89PNG" + os.urandom(5000)
    records.save_attachment("a", "i1", png, hashlib.sha256(png).hexdigest())
    assert records.attachment("a", "i1") == png
    assert records.attachment("b", "i1") is None
    records.save_attachment("a", "i2", png, "0" * 64)
    with pytest.raises(StorageError, match="damaged"):
        records.attachment("a", "i2")


def test_everything_is_there_after_a_restart(path: Path) -> None:
    with Records.open(path) as records:
        records.save_session("a", region="gb")
        records.audit("a", "opened", {"region": "gb"})
    with Records.open(path) as records:
        assert records.session("a") is not None and records.verify_audit("a")


def test_memory_holds_the_same_tables() -> None:
    with Records.open(":memory:") as records:
        records.save_session("a", region="gb")
        records.audit("a", "opened", {})
        assert records.verify_audit("a") and records.erase("a") == 3 and records.sessions() == []


@pytest.fixture
def trail(records: Records) -> Records:
    for number in range(3):
        records.audit("a", "reply", {"turn": f"a{number}", "text": "über 38 °C"}, key=f"a{number}")
    records.audit("b", "reply", {"turn": "a0"})
    return records


def test_an_untouched_trail_is_verified(trail: Records) -> None:
    assert trail.verify_audit("a") and trail.verify_audit("b") and trail.verify_audit("never")


@pytest.mark.parametrize("column", ["detail", "event", "at", "key", "previous", "hash"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_altered_entry_shows(trail: Records, path: Path, column: str, number: int) -> None:
    rows(path, f"UPDATE audit SET {column} = {column} || 'x' WHERE session = 'a' AND number = ?", number)
    assert not trail.verify_audit("a") and trail.verify_audit("b")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_deleted_entry_shows(trail: Records, path: Path, number: int) -> None:
    rows(path, "DELETE FROM audit WHERE session = 'a' AND number = ?", number)
    assert not trail.verify_audit("a")


@pytest.mark.parametrize(
    "edits",
    [
        ["DELETE FROM audit WHERE session = 'a' AND number = 1", "UPDATE audit SET number = number - 1"],
        ["UPDATE audit SET number = 9 - number"],
        ["UPDATE audit SET session = 'c' WHERE session = 'a'"],
        ["DELETE FROM audit_heads"],
        ["DELETE FROM audit"],
        ["UPDATE audit_heads SET number = number + 1"],
        ["INSERT INTO audit SELECT 'a', 4, key, event, detail, at, previous, hash FROM audit WHERE session = 'b'"],
    ],
)
def test_moved_borrowed_and_added_entries_show(trail: Records, path: Path, edits: list[str]) -> None:
    for edit in edits:
        rows(path, edit)
    assert not trail.verify_audit("a")


def test_an_entry_made_again_after_a_crash_is_not_doubled(trail: Records, path: Path) -> None:
    trail.audit("a", "reply", {"text": "über 38 °C", "turn": "a1"}, key="a1")
    assert rows(path, "SELECT count(*) FROM audit WHERE session = 'a'") == [(3,)]
    trail.audit("b", "reply", {"turn": "a1", "text": "über 38 °C"}, key="a1")
    assert rows(path, "SELECT count(*) FROM audit WHERE session = 'b'") == [(2,)]
    assert trail.verify_audit("a") and trail.verify_audit("b")


def test_an_entry_that_came_out_differently_is_kept_beside_the_first(trail: Records, path: Path) -> None:
    trail.audit("a", "reply", {"turn": "a1", "text": "another"}, key="a1")
    assert rows(path, "SELECT count(*) FROM audit WHERE session = 'a' AND key = 'a1'") == [(2,)]
    assert trail.verify_audit("a")


def test_entries_without_a_key_are_all_kept(records: Records, path: Path) -> None:
    for _ in range(2):
        records.audit("a", "opened", {})
    assert rows(path, "SELECT count(*) FROM audit") == [(2,)]


@given(st.lists(st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(max_size=9)), max_size=6))
def test_a_trail_of_any_details_is_verified(details: list[dict[str, Any]]) -> None:
    with Records.open(":memory:") as records:
        for detail in details:
            records.audit("a", "event", detail)
        assert records.verify_audit("a")


def test_threads_and_other_connections_keep_one_chain(records: Records, path: Path) -> None:
    with Records.open(path) as other, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: (records, other)[n % 2].audit("a", "reply", {"n": n}), range(60)))
    assert records.verify_audit("a")
    assert rows(path, "SELECT count(*), max(number) FROM audit") == [(60, 60)]


def test_processes_that_make_the_file_together_do_not_trip_over_each_other(path: Path) -> None:
    code = (
        "import sys; from symptom_intake.tools.records import Records\n"
        "with Records.open(sys.argv[1]) as r:\n    r.save_session(sys.argv[2], region='us')\n    r.audit('a', 'e', {})"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, path, str(number)]) for number in range(6)]
    assert [each.wait() for each in running] == [0] * 6
    with Records.open(path) as records:
        assert len(records.sessions()) == 6 and records.verify_audit("a")


def test_a_full_disk_is_said_plainly_and_loses_nothing(records: Records, path: Path) -> None:
    records.save_turns("a", [TURN])
    pages = records._db.execute("PRAGMA page_count").fetchone()[0]
    records._db.execute(f"PRAGMA max_page_count={pages}").fetchone()
    with pytest.raises(StorageError, match="disk is full") as full:
        records.save_turns("a", [TURN | {"id": f"t{number}", "text": "my secret " * 300} for number in range(2, 40)])
    assert "secret" not in str(full.value)
    assert rows(path, "SELECT id FROM turns") == [("t1",)]
    records._db.execute("PRAGMA max_page_count=100000").fetchone()
    records.save_turns("a", [TURN | {"id": "t2"}])
    assert rows(path, "SELECT id FROM turns") == [("t1",), ("t2",)]


def test_a_database_that_another_program_holds_is_said_plainly(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    with Records.open(path) as records:
        holder = sqlite3.connect(path)
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="in use by another program"):
            records.save_session("a", region="gb")
        holder.close()
        records.save_session("a", region="gb")


def test_closed_records_say_so_and_close_again(path: Path) -> None:
    records = Records.open(path)
    records.close()
    records.close()
    with pytest.raises(StorageError):
        records.sessions()
