"""`sessions`: what interviews there are."""

import json
from typing import Annotated, Any

import typer

from symptom_intake.agent.commands.options import Db, existing_database

COLUMNS = ("id", "created", "updated", "phase", "urgency", "turns", "region", "language")


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
        from symptom_intake.agent.commands.table import print_table

        print_table(COLUMNS, [[_cell(name, row[name]) for name in COLUMNS] for row in rows])
    else:
        typer.echo("There are no interviews yet.")


def _rows(db: str | None) -> list[dict[str, Any]]:
    from symptom_intake.agent.persistence import open_records

    url = existing_database(db)
    if url is None:
        return []
    with open_records(url) as records:
        return records.sessions()


def _cell(name: str, value: Any) -> str:
    text = str(value).replace("_", " ")
    return text[:16].replace("T", " ") if name in ("created", "updated") else text
