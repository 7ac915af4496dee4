"""Options that several commands share, and the database that they name."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from symptom_intake.agent.config import Config

Db = Annotated[
    str | None,
    typer.Option("--db", metavar="PATH", help="Database file; by default one in your folder for application data."),
]
Region = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Emergency numbers and wording: us, gb, eu. Another falls back to 112. [us]"),
]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="What reads the patient: embedded (no model), medgemma, medgemma:FOLDER, openai:NAME@http://HOST:PORT/v1. "
        "[embedded]",
    ),
]
ImageModel = Annotated[
    str | None, typer.Option(metavar="MODEL", help="What looks at pictures: none, medgemma-4b, openai:... [none]")
]
Deadline = Annotated[
    float | None, typer.Option(metavar="SECONDS", help="How long an answer may wait for a model. [30]")
]
SessionId = Annotated[str, typer.Argument(metavar="ID", help="The interview's id, as `sessions` lists it.")]
Lines = Annotated[
    typer.FileBinaryRead, typer.Argument(metavar="FILE", help="JSON lines; standard input when left out.")
]


ContentPack = Annotated[
    str | None, typer.Option("--content", metavar="DIR", help="Your own pack of content, laid over ours.")
]
Language = Annotated[str | None, typer.Option(metavar="CODE", help="Language of the messages: en. [en]")]


def settings(**options: object) -> "Config":
    """The settings, with what the command line says before the rest.

    Raises:
        ConfigurationError: If any is wrong; a model is not loaded for it.
    """
    from symptom_intake.agent.config import load_config

    return load_config(options).config


def database(db: str | None) -> str:
    """The database that an option or a setting names, or the default one."""
    from symptom_intake.agent.config import load_config
    from symptom_intake.agent.persistence import default_database

    return load_config({"db": db}).config.db or str(default_database())


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
