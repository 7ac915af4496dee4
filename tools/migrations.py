"""The tables of the records, as named steps: a released step is never changed, only followed by another."""

from sqlite_utils.db import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("symptom_intake_records")

_NOW = "(strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'))"


@migrations()
def m001_interviews(db: Database) -> None:
    """One row a session; its turns; its facts as they stand. Lists and mappings are kept as JSON text."""
    db.table("sessions").create(
        {
            "id": str,
            "created": str,
            "updated": str,
            "region": str,
            "language": str,
            "interviewer": str,
            "content_version": str,
            "phase": str,
            "urgency": str,
            "turns": int,
        },
        pk="id",
        defaults={"created": _NOW},
    )
    db.table("turns").create(
        {
            "session": str,
            "id": str,
            "role": str,
            "text": str,
            "original": str,
            "at": str,
            "message_id": str,
            "taken_back": int,
            "asked": str,
            "urgency": str,
            "phase": str,
            "rules": str,
            "calls": int,
        },
        pk=("session", "id"),
    )
    db.table("facts").create(
        {
            "session": str,
            "id": str,
            "slot": str,
            "state": str,
            "value": str,
            "number": float,
            "details": str,
            "evidence": str,
            "source": str,
            "method": str,
            "confirmed_by": str,
            "earlier": str,
        },
        pk=("session", "id"),
    )


@migrations()
def m002_audit(db: Database) -> None:
    """The audit trail, each entry chained to the one before; the head says how long the chain is."""
    db.table("audit").create(
        {
            "session": str,
            "number": int,
            "key": str,
            "event": str,
            "detail": str,
            "at": str,
            "previous": str,
            "hash": str,
        },
        pk=("session", "number"),
    )
    db.table("audit_heads").create({"session": str, "number": int, "hash": str}, pk="session")


@migrations()
def m003_attachments(db: Database) -> None:
    """The cleaned images."""
    db.table("attachments").create({"session": str, "id": str, "sha256": str, "png": bytes}, pk=("session", "id"))


@migrations()
def m004_readers(db: Database) -> None:
    """What read each message, and why a model did not."""
    db.table("turns").add_column("read_by", str)
    db.table("turns").add_column("fault", str)


def made_by_newer_version(db: Database) -> bool:
    """Whether the file went through steps that this version does not know."""
    known = {step.name for step in migrations.pending(Database(memory=True))}
    return any(step.name not in known for step in migrations.applied(db))
