"""`config`: the settings in force, and where each comes from."""

import json
import os
from typing import Annotated

import typer


def config(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False) -> None:
    """Print the settings in force, and where each comes from.

    The command line comes first, then environment variables (SYMPTOM_INTAKE_MODEL and so on), then one TOML file:
    the one that SYMPTOM_INTAKE_CONFIG names, else symptom-intake.toml in this folder, else config.toml in your folder
    for settings. Keys of servers come from the environment only (SYMPTOM_INTAKE_API_KEY).

    Example: SYMPTOM_INTAKE_REGION=gb symptom-intake config
    """
    from symptom_intake.agent.config import KEY, candidates, load_config

    found = load_config()
    values = found.config.model_dump(mode="json")
    key = "set" if os.environ.get(KEY) else "not set"
    if as_json:
        settings = {name: {"value": value, "from": found.origin[name]} for name, value in values.items()}
        file = str(found.file) if found.file else None
        typer.echo(json.dumps({"settings": settings, "key": key, "file": file}, indent=2))
        return
    width = max(map(len, values))
    for name, value in values.items():
        typer.echo(f"{name:<{width}}  {'' if value is None else value}  ({found.origin[name]})")
    typer.echo(f"{KEY}  {key}")
    looked = " or ".join(str(path) for path in candidates())
    typer.echo(f"file  {found.file}" if found.file else f"file  none; it would be {looked}")
