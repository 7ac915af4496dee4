"""`sessions`: what interviews there are."""

import json
from typing import Annotated, Any

import typer

from symptom_intake.agent.commands.options import Db, existing_database

COLUMNS = ("id", "created", "updated", "phase", "urgency", "turns", "region", "language")

_PIPE_WIDTH = 400


def sessions(
    db: Db = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array instead of a table.")] = False,
) -> None:
    """List the interviews in the database, the newest first.

    Example: symptom-intake sessions --json
    """
    rows = [{name: row[name] for name in COLUMNS} for row in _rows(db)]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
    elif rows:
        _print_table(rows)
    else:
        typer.echo("There are no interviews yet.")


def _rows(db: str | None) -> list[dict[str, Any]]:
    from symptom_intake.agent.persistence import open_records

    url = existing_database(db)
    if url is None:
        return []
    with open_records(url) as records:
        return records.sessions()


def _print_table(rows: list[dict[str, Any]]) -> None:
    """A table for the terminal; in a pipe each row stays on one line of its full length."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    table = Table(box=SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, no_wrap=name == "id", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(name, row[name])) for name in COLUMNS))
    console.print(table)


def _cell(name: str, value: Any) -> str:
    text = str(value).replace("_", " ")
    return text[:16].replace("T", " ") if name in ("created", "updated") else text
