"""`report`: the account of one interview."""

from typing import Annotated, Literal

import typer

from symptom_intake.agent.commands.options import ContentPack, Db, SessionId, existing_database, settings
from symptom_intake.agent.errors import UnknownSessionError
from symptom_intake.agent.exports.markdown import to_markdown

Format = Annotated[Literal["markdown", "json"], typer.Option("--format", help="How to print it.")]


def report(session: SessionId, format_: Format = "markdown", db: Db = None, content: ContentPack = None) -> None:
    """Print the structured, sourced account of an interview, finished or not.

    Example: symptom-intake report 3f2a... --format json > history.json
    """
    url = existing_database(db)
    if url is None:
        raise UnknownSessionError("There is no database yet, so there is no interview in it.")
    from symptom_intake.agent.session import IntakeSession

    with IntakeSession.open(url, session=session, content=settings(content=content).content) as opened:
        made = opened.report()
    typer.echo(
        to_markdown(made) if format_ == "markdown" else made.model_dump_json(indent=2, ensure_ascii=True), nl=False
    )
