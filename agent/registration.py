"""An interview's entry in the records: made when it begins, looked up when it goes on."""

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.errors import UnknownSessionError
from symptom_intake.agent.history import Settings
from symptom_intake.prompts.levels import Urgency
from symptom_intake.tools.records import Records


def settings_of(records: Records, session: str) -> Settings:
    """The settings with which an interview was begun.

    Raises:
        UnknownSessionError: If there is no such interview.
    """
    row = records.session(session)
    if row is None:
        raise UnknownSessionError(f"There is no interview with the id {session!r} in this database.")
    return Settings(region=row["region"], language=row["language"])


def note_other_content(records: Records, session_id: str, context: IntakeContext) -> None:
    """Put into the audit trail that an interview goes on with other content than before."""
    before, now = (records.session(session_id) or {}).get("content_version"), context.content.version
    if before != now:
        records.audit(session_id, "content_changed", {"from": before, "to": now}, key=f"content {now}")


def register(records: Records, session_id: str, context: IntakeContext) -> None:
    """Enter a new interview."""
    now = context.clock().isoformat()
    records.save_session(
        session_id,
        created=now,
        updated=now,
        region=context.settings.region,
        language=context.settings.language,
        interviewer=context.interviewer.name,
        content_version=context.content.version,
        phase="opening",
        urgency=Urgency.ROUTINE,
        turns=0,
    )
