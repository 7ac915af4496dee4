"""`graph`: the state machine as a picture in text."""

import typer


def graph() -> None:
    """Print the state machine as a Mermaid diagram."""
    from symptom_intake.agent.graph import draw

    typer.echo(draw())
