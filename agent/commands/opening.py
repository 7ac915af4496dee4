"""Opening a session for the chat, and getting ready for it while the person types."""

from threading import Thread
from typing import TYPE_CHECKING

from symptom_intake.agent.errors import UnknownSessionError

if TYPE_CHECKING:
    from symptom_intake.agent.session import IntakeSession


def open_session(db: str | None, resume: str | None, region: str, language: str) -> "IntakeSession":
    """Begin an interview, or go on with one.

    Raises:
        UnknownSessionError: If there is none to go on with.
    """
    from symptom_intake.agent.commands.options import database, existing_database
    from symptom_intake.agent.session import IntakeSession

    if resume is not None and existing_database(db) is None:
        raise UnknownSessionError("There is no database yet, so there is no interview to go on with.")
    return IntakeSession.open(database(db), session=resume, region=region, language=language)


def get_ready(region: str, language: str) -> None:
    """Import and compile what the first answer needs, in the background.

    A program that ends meanwhile waits for it: an interpreter that shuts down in the middle of an import can hang.
    """
    Thread(target=_warm, args=(region, language)).start()


def _warm(region: str, language: str) -> None:
    try:
        import symptom_intake.agent.session  # noqa: F401 - the import is what takes its time
        from symptom_intake.agent.context import make_context
        from symptom_intake.agent.history import Settings

        make_context(Settings(region=region, language=language))
    except Exception:  # noqa: BLE001 - whoever opens the session meets it again, and can say so
        return
