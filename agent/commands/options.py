"""Options that several commands share, and the database that they name."""

from pathlib import Path
from typing import Annotated

import typer

from symptom_intake.prompts.templates import languages

Db = Annotated[
    str | None,
    typer.Option("--db", metavar="PATH", help="Database file; by default one in your folder for application data."),
]
Region = Annotated[
    str, typer.Option(metavar="CODE", help="Emergency numbers and wording: us, gb, eu. Another falls back to 112.")
]
SessionId = Annotated[str, typer.Argument(metavar="ID", help="The interview's id, as `sessions` lists it.")]
Lines = Annotated[
    typer.FileBinaryRead, typer.Argument(metavar="FILE", help="JSON lines; standard input when left out.")
]


def known_language(language: str) -> str:
    """Check the language on the command line, before anything is shown in it."""
    if language not in languages():
        raise typer.BadParameter(f"there are no messages in {language!r}; there are: {', '.join(languages())}.")
    return language


Language = Annotated[str, typer.Option(metavar="CODE", callback=known_language, help="Language of the messages: en.")]


def database(db: str | None) -> str:
    """The database that an option names, or the default one."""
    from symptom_intake.agent.persistence import default_database

    if db == "":
        raise typer.BadParameter("the path of the database is empty.", param_hint="'--db'")
    return db or str(default_database())


def existing_database(db: str | None) -> str | None:
    """The database if there is one: a command that only looks makes no file.

    Raises:
        StorageError: If there is a file, but not the records that belong to a database of interviews.
    """
    from symptom_intake.agent.errors import StorageError
    from symptom_intake.agent.persistence import records_path

    url = database(db)
    records = records_path(url)
    if records is None or records.exists():
        return url if records else None
    file = Path(url).expanduser()
    if file.exists():
        raise StorageError(f"{file.name} is no database of interviews, or its file {records.name} is missing.")
    return None
