"""`models check`: what models need, what this machine has, and whether those that were named work."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from symptom_intake.agent.commands.options import ImageModel, Model, settings

if TYPE_CHECKING:
    from symptom_intake.agent.commands.models_check import Step
    from symptom_intake.agent.commands.models_need import Weighed
    from symptom_intake.agent.config import Config
    from symptom_intake.agent.models.machine import Machine
    from symptom_intake.agent.models.spec import ModelSpec

models = typer.Typer(help="The models behind the interview.", no_args_is_help=True, rich_markup_mode=None)


@models.callback()
def _models() -> None:
    """The models behind the interview."""


@models.command()
def check(
    model: Model = None,
    image_model: ImageModel = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    no_load: Annotated[bool, typer.Option("--no-load", help="Only look: load nothing, ask nothing.")] = False,
) -> None:
    """Say what each role needs here; then load the models named and let each do its kinds of work.

    The exit status is 0 only if everything that was named works. Without names it shows what MedGemma 27B and 4B need.

    Example: symptom-intake models check --model medgemma --image-model medgemma-4b
    """
    config = settings(model=model, image_model=image_model)
    wait = _Wait()
    wait.for_("looking at the machine")
    from symptom_intake.agent.commands.models_need import weigh
    from symptom_intake.agent.models.machine import this_machine

    named, shown = _specs(config)
    machine = this_machine()
    weighed = [weigh(spec, config.options, machine) for spec in shown]
    wait.for_("")
    if not as_json:
        _show(machine, weighed)
    steps = _steps(named, weighed, config, no_load, wait.for_)
    works = all(step.works for step in steps)
    if as_json:
        found = {"machine": asdict(machine), "models": [*map(asdict, weighed)], "steps": [*map(asdict, steps)]}
        typer.echo(json.dumps({**found, "works": works}, indent=2))
    else:
        _conclude(steps)
    if not works:
        raise typer.Exit(1)


class _Wait:
    """Says on a terminal's standard error what is being waited for."""

    def __init__(self) -> None:
        self._shown: AbstractContextManager[object] = nullcontext()

    def for_(self, what: str) -> None:
        """Wait for something else; the empty word is nothing."""
        from rich.console import Console

        self._shown.__exit__(None, None, None)
        is_shown = what and sys.stderr.isatty()
        self._shown = Console(stderr=True).status(f"{what} ...") if is_shown else nullcontext()
        self._shown.__enter__()


def _specs(config: "Config") -> tuple[list["ModelSpec"], list["ModelSpec"]]:
    """The models that were named, and those in process whose needs are shown."""
    from symptom_intake.agent.models.spec import parse_spec

    specs = [parse_spec(config.model, "interviewer"), parse_spec(config.image_model, "image_reader")]
    named = [spec for spec in specs if spec.kind not in ("embedded", "none")]
    if not named:
        return [], [parse_spec("medgemma", "interviewer"), parse_spec("medgemma", "image_reader")]
    return named, [spec for spec in named if spec.kind == "medgemma"]


def _steps(
    named: list["ModelSpec"], weighed: list["Weighed"], config: "Config", no_load: bool, begin: Callable[[str], None]
) -> list["Step"]:
    from symptom_intake.agent.commands.models_check import attempt, foresee

    by_role = {each.role: each for each in weighed}
    if no_load:
        return [foresee(spec, by_role.get(spec.role), config.options) for spec in named]
    steps = [step for spec in named for step in attempt(spec, config.options, begin)]
    begin("")
    return steps


def _show(machine: "Machine", weighed: list["Weighed"]) -> None:
    from symptom_intake.agent.commands.models_view import ModelsView

    view = ModelsView()
    view.machine(machine)
    for each in weighed:
        view.weighed(each)
    if weighed:
        view.terms()


def _conclude(steps: list["Step"]) -> None:
    from symptom_intake.agent.commands.models_view import ModelsView

    if steps:
        ModelsView().steps(steps)
    else:
        typer.echo("No model was named, and the interview needs none: --model embedded is the default.")
