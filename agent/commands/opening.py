"""Opening a session for the chat, and getting ready for it while the person types."""

from collections.abc import Sequence
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from symptom_intake.agent.config import Config
from symptom_intake.agent.errors import UnknownSessionError

if TYPE_CHECKING:
    from symptom_intake.agent.session import IntakeSession


def open_session(config: Config, resume: str | None, complaints: Sequence[str] = ()) -> "IntakeSession":
    """Begin an interview, or go on with one.

    Raises:
        ConfigurationError: If a model cannot be used as it is set up.
        UnknownSessionError: If there is none to go on with.
    """
    from symptom_intake.agent.commands.options import database, existing_database
    from symptom_intake.agent.session import IntakeSession

    if resume is not None and existing_database(config.db) is None:
        raise UnknownSessionError("There is no database yet, so there is no interview to go on with.")
    return IntakeSession.open(
        database(config.db),
        session=resume,
        region=config.region,
        language=config.language,
        interviewer=config.model,
        image_reader=config.image_model,
        options=config.options,
        content=config.content,
        complaints=complaints,
    )


def get_ready(config: Config) -> None:
    """Import and compile what the first answer needs, in the background.

    A program that ends meanwhile waits for it: an interpreter that shuts down in the middle of an import can hang.
    """
    Thread(target=_warm, args=(config,)).start()


def prepare(config: Config) -> None:
    """Import, compile and load what the first answer needs; a session that is opened later finds it there.

    Raises:
        ConfigurationError: If a model cannot be used as it is set up.
    """
    import symptom_intake.agent.session  # noqa: F401 - the import is what takes its time
    from symptom_intake.agent.context import make_context
    from symptom_intake.agent.history import Settings

    settings = Settings(region=config.region, language=config.language)
    make_context(
        settings, config.model, image_reader=config.image_model, options=config.options, content=config.content
    )


def _warm(config: Config) -> None:
    with suppress(Exception):  # whoever opens the session meets it again, and can say so
        prepare(config)
