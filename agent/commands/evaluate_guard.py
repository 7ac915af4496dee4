"""`evaluate guard`: the guardrail's figures on contrast pairs, in the terminal."""

import json
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console

from symptom_intake.agent.commands.evaluate_run import grid
from symptom_intake.agent.evaluation.cases import Part
from symptom_intake.agent.evaluation.guard_pairs import load_pairs
from symptom_intake.agent.evaluation.guarded import guard_table, judge_pairs
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.prompts.loader import load_content
from symptom_intake.prompts.templates import load_messages


def run(folder: Path, part: Part, language: str, region: str, content: Path | None, as_json: bool) -> None:
    """Judge the pairs of a folder and show what came of them.

    Raises:
        ContentError: If the content or a file of pairs is faulty.
    """
    messages = load_messages(language, region, content)
    pairs = load_pairs(folder, part)
    judged = judge_pairs(pairs, Guardrail(load_content(content), messages), messages)
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in judged], indent=2))
    else:
        Console(highlight=False, markup=False, emoji=False).print(grid(guard_table(judged)))
