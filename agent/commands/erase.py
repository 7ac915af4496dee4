"""`erase`: one interview, for good."""

import typer

from symptom_intake.agent.commands.options import Db, SessionId, existing_database
from symptom_intake.agent.commands.saved import remove_report, report_path
from symptom_intake.agent.errors import UnknownSessionError


def erase(session: SessionId, db: Db = None) -> None:
    """Remove an interview for good: its answers, images, audit trail and saved report. There is no way back.

    Example: symptom-intake erase 3f2a...
    """
    url = existing_database(db)
    if url is None or not _known(url, session):
        raise UnknownSessionError(f"There is no interview with the id {session!r} in this database.")
    from symptom_intake.agent.persistence import erase_session

    if path := report_path(url, session):  # goes first: an erasure that was cut off must still be listed
        remove_report(path)
    erase_session(url, session)
    typer.echo("The interview is erased.")


def _known(url: str, session: str) -> bool:
    from symptom_intake.agent.persistence import open_records

    with open_records(url) as records:
        return records.session(session) is not None
