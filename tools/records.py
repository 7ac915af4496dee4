"""What stays of interviews beside the checkpoints: sessions, turns, facts, images and the audit trail."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any, Self

from sqlite_utils.db import Database

from symptom_intake.tools.errors import StorageError
from symptom_intake.tools.migrations import made_by_newer_version, migrations
from symptom_intake.tools.sqlite import connect, plain_errors, scrub

APPLICATION_ID = 0x53594D52
"""Marks a file of records in its header ("SYMR")."""

_OWNED = {"sessions": "id"} | dict.fromkeys(("turns", "facts", "audit", "audit_heads", "attachments"), "session")
"""Every table, and its column with the session's id."""
_START = "0" * 64


class Records:
    """The records of one database. Every write is one transaction; threads may share an object."""

    def __init__(self, db: Database, path: Path | None) -> None:
        """Hold an opened database; use `Records.open`."""
        self._db, self._path, self._lock = db, path, RLock()

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open the records, or make them, and bring their tables up to date.

        Args:
            path: The file, or `:memory:`.

        Raises:
            StorageError: If the file cannot be used, is damaged, another program's, or a newer version's.
        """
        file = None if path == ":memory:" else Path(path)
        records = cls(Database(connect(file, APPLICATION_ID), execute_plugins=False), file)
        try:
            records._migrate()
        except BaseException:
            records.close()
            raise
        return records

    def save_session(self, session: str, **columns: str | int) -> None:
        """Add a session, or change the columns given and leave the others."""
        with self._writing() as db:
            db.table("sessions").upsert({"id": session} | columns, pk="id")

    def sessions(self) -> list[dict[str, Any]]:
        """Every session, the newest first."""
        with self._reading() as db:
            return list(db.table("sessions").rows_where(order_by="created desc, rowid desc"))

    def session(self, session: str) -> dict[str, Any] | None:
        """One session's row, if there is one."""
        with self._reading() as db:
            return next(iter(list(db.table("sessions").rows_where("id = ?", [session]))), None)

    def save_turns(self, session: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add turns; one with a known id replaces it."""
        with self._writing() as db:
            db.table("turns").upsert_all([{"session": session} | dict(row) for row in rows], pk=("session", "id"))

    def save_facts(self, session: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Put these facts in the place of those that were there."""
        with self._writing() as db:
            db.table("facts").delete_where("session = ?", [session])
            db.table("facts").insert_all([{"session": session} | dict(row) for row in rows])

    def save_attachment(self, session: str, attachment: str, png: bytes, sha256: str) -> None:
        """Keep a cleaned image."""
        row = {"session": session, "id": attachment, "sha256": sha256, "png": png}
        with self._writing() as db:
            db.table("attachments").upsert(row, pk=("session", "id"))

    def attachment(self, session: str, attachment: str) -> bytes | None:
        """An image's bytes, if it was kept.

        Raises:
            StorageError: If they are not the bytes that were saved.
        """
        with self._reading() as db:
            rows = list(db.table("attachments").rows_where("session = ? and id = ?", [session, attachment]))
        if not rows:
            return None
        png = bytes(rows[0]["png"])
        if hashlib.sha256(png).hexdigest() != rows[0]["sha256"]:
            raise StorageError("A stored image is damaged.")
        return png

    def audit(self, session: str, event: str, detail: Mapping[str, Any], key: str | None = None) -> None:
        """Append an entry to the session's audit trail, chained to the one before by its hash.

        Args:
            session: The session's id.
            event: What happened.
            detail: More about it, in plain JSON types.
            key: Names the entry, so that work done again after a crash does not enter it twice. Should it then have
                come out differently, both entries stay.
        """
        text = _canonical(detail)
        with self._writing() as db:
            known = "session = ? and key = ? and event = ? and detail = ?"
            if key is not None and db.table("audit").count_where(known, [session, key, event, text]):
                return
            number, previous = self._head(session)
            entry = {
                "session": session,
                "number": number + 1,
                "key": key,
                "event": event,
                "detail": text,
                "at": datetime.now(UTC).isoformat(),
                "previous": previous,
            }
            head = _hash(entry)
            db.table("audit").insert(entry | {"hash": head})
            db.table("audit_heads").upsert({"session": session, "number": number + 1, "hash": head}, pk="session")

    def verify_audit(self, session: str) -> bool:
        """Whether no entry of the trail was altered, moved, added or removed.

        The hashes have no secret: they show any edit of the entries, but not a trail that was forged as a whole.
        """
        with self._reading() as db:
            entries = list(db.table("audit").rows_where("session = ?", [session], order_by="number"))
            head = self._head(session)
        previous = _START
        for number, entry in enumerate(entries, start=1):
            claimed = entry.pop("hash")
            if (entry["number"], entry["previous"], claimed) != (number, previous, _hash(entry)):
                return False
            previous = claimed
        return head == (len(entries), previous)

    def erase(self, session: str) -> int:
        """Remove everything about a session, and every trace of it from the file.

        Returns:
            How many rows were removed.

        Raises:
            StorageError: If traces may be left because another program is reading; calling again finishes the job.
        """
        with self._writing() as db:
            deletions = [f"DELETE FROM {table} WHERE {column} = ?" for table, column in _OWNED.items()]  # noqa: S608
            rows = sum(db.execute(deletion, [session]).rowcount for deletion in deletions)
        with self._lock:
            scrub(self._db.conn, self._path)
        return rows

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        """The records themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        with self._lock, plain_errors(self._path):
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        """One transaction, which takes the write lock at once: what is read in it cannot be outdated."""
        with self._lock, plain_errors(self._path):
            self._db.conn.execute("BEGIN IMMEDIATE")
            with self._db.conn:
                yield self._db

    def _migrate(self) -> None:
        with self._reading() as db:
            newer, pending = made_by_newer_version(db), migrations.pending(db)
        if newer:
            raise StorageError("The database was made by a newer version of this program.")
        if pending:
            with self._writing() as db:
                migrations.apply(db)

    def _head(self, session: str) -> tuple[int, str]:
        for row in self._db.table("audit_heads").rows_where("session = ?", [session]):
            return row["number"], row["hash"]
        return 0, _START


def _canonical(detail: Mapping[str, Any]) -> str:
    return json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _hash(entry: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(entry).encode()).hexdigest()
