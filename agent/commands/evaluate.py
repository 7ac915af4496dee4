"""`evaluate`: scripted patients play through the interview, or their first words through the scan; both are scored."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from symptom_intake.agent.commands.options import ContentPack, Model, Region, settings

if TYPE_CHECKING:
    from symptom_intake.agent.evaluation.stage import Setup

evaluate = typer.Typer(help="Score the interview on cases.", no_args_is_help=True, rich_markup_mode=None)

Cases = Annotated[
    Path,
    typer.Option(
        "--cases", metavar="PATH", help="Vignettes (YAML, a file or folder), lay complaints (JSON), DDXPlus (folder)."
    ),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="For results.jsonl, summary.json and report.html.")]
Share = Annotated[
    Literal["tune", "held-out", "all"],
    typer.Option("--part", help="A hash of the id holds out a third of the cases; tune is the rest."),
]
Against = Annotated[
    Path | None, typer.Option("--against", metavar="DIR", help="Compare with an earlier run, case by case.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead of tables.")]
Jobs = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Interviews at a time; by default one a processor core.")
]


@evaluate.callback()
def _evaluate() -> None:
    """Score the interview on cases."""


@evaluate.command()
def interview(
    cases: Cases,
    out: Out,
    model: Model = None,
    content: ContentPack = None,
    region: Region = None,
    part: Share = "all",
    against: Against = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Play each case through the whole interview with a scripted, truthful patient.

    Example: symptom-intake evaluate interview --cases vignettes --out run-1
    """
    from symptom_intake.agent.commands.evaluate_run import Run
    from symptom_intake.agent.evaluation.play import play_interviews

    setup, at_once = _setup(model, content, region), jobs or os.cpu_count() or 1
    run = Run("Interviews", cases, part, out, against, as_json)
    run.of(setup, lambda read, done: play_interviews(read, setup, jobs=at_once, done=done))


@evaluate.command()
def screen(
    cases: Cases,
    out: Out,
    content: ContentPack = None,
    part: Share = "all",
    against: Against = None,
    as_json: AsJson = False,
) -> None:
    """Scan only the first message of each case for red flags, with the patient's age and sex known.

    Example: symptom-intake evaluate screen --cases messages.yaml --out run-1
    """
    from symptom_intake.agent.commands.evaluate_run import Run
    from symptom_intake.agent.evaluation.screened import screen_messages

    setup = _setup("embedded", content, None)
    run = Run("Screening of one message", cases, part, out, against, as_json)
    run.of(setup, lambda read, done: screen_messages(read, setup, done=done))


@evaluate.command()
def guard(
    cases: Annotated[Path, typer.Option("--cases", metavar="DIR", help="A folder of contrast pairs (YAML).")],
    content: ContentPack = None,
    region: Region = None,
    part: Share = "tune",
    as_json: AsJson = False,
) -> None:
    """Judge replies that must not go out, and their like that must, by class.

    Example: symptom-intake evaluate guard --cases pairs --part held-out
    """
    from symptom_intake.agent.commands.evaluate_guard import run

    config = settings(region=region, content=content)
    run(cases, part, config.language, config.region, config.content, as_json)


def _setup(model: str | None, content: str | None, region: str | None) -> "Setup":
    from symptom_intake.agent.evaluation.stage import Setup

    config = settings(model=model, region=region, content=content)
    return Setup(config.model, config.options, config.region, config.language, config.content)
