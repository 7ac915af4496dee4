"""The command line: one command a module in `commands`, and plain words for whatever goes wrong."""

import io
import os
import sys

import typer

from symptom_intake.agent.commands.chat import chat
from symptom_intake.agent.commands.config import config
from symptom_intake.agent.commands.erase import erase
from symptom_intake.agent.commands.evaluate import evaluate
from symptom_intake.agent.commands.graph import graph
from symptom_intake.agent.commands.guard import guard
from symptom_intake.agent.commands.models import models
from symptom_intake.agent.commands.protocols import protocols
from symptom_intake.agent.commands.report import report
from symptom_intake.agent.commands.screen import screen
from symptom_intake.agent.commands.sessions import sessions
from symptom_intake.agent.errors import IntakeError

FAILED, BROKEN = 1, 70
"""Exit status when a command could not do its work, and when the program itself has a fault."""

app = typer.Typer(
    name="symptom-intake",
    help="Take a patient's history by chat and hand a clinician a structured, sourced account. Not a medical device.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (chat, report, sessions, erase, config, graph, screen, guard):
    app.command()(command)
app.add_typer(models, name="models")
app.add_typer(protocols, name="protocols")
app.add_typer(evaluate, name="evaluate")


def main() -> None:
    """Run a command; nobody who uses it ever sees a traceback."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except IntakeError as error:
        _end(str(error), FAILED)
    except BrokenPipeError:
        _end(None, FAILED)
    except OSError as error:
        _end(f"The output could not be written: {error.strerror}. What was saved is saved.", FAILED)
    except Exception:
        if os.environ.get("SYMPTOM_INTAKE_DEBUG") == "1":
            raise
        _end("Something went wrong inside the program. What was saved is saved.", BROKEN)


def _end(reason: str | None, status: int) -> None:
    """Say why on standard error and leave, without a second try at an output that is gone."""
    if reason:
        sys.stderr.write(f"{reason}\n")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


if __name__ == "__main__":
    main()
