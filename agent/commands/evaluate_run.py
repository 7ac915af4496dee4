"""One run of an evaluation: read the cases, play them under a progress bar, write what came of it, and show it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table as Grid
from rich.text import Text

from symptom_intake.agent.errors import StorageError
from symptom_intake.agent.evaluation.case import Case
from symptom_intake.agent.evaluation.cases import Part, load_cases
from symptom_intake.agent.evaluation.compare import Comparison, compare
from symptom_intake.agent.evaluation.metrics import Summary, summarise
from symptom_intake.agent.evaluation.page import PAGE, check_page, write_page
from symptom_intake.agent.evaluation.results import RESULTS, Result, read_results, write_results
from symptom_intake.agent.evaluation.stage import Setup
from symptom_intake.agent.evaluation.tables import Table, comparison_table, tables_of

Work = Callable[[Sequence[Case], Callable[[Result], None]], list[Result]]
SUMMARY = "summary.json"
_SHOWN = 3
"""Tables that the terminal shows; the page has all of them."""


@dataclass(frozen=True)
class Run:
    """What the command line asked for."""

    title: str
    path: Path
    part: Part
    out: Path
    against: Path | None
    as_json: bool

    def of(self, setup: Setup, work: Work) -> None:
        """Do it.

        Args:
            setup: What is evaluated.
            work: Gives one result a case, and tells of each as it comes.
        """
        check_page()
        cases = load_cases(self.path, self.part)
        earlier = read_results(self.against) if self.against else None
        _make(self.out)
        results = _with_progress(cases, work)
        summary, comparison = summarise(results), compare(results, earlier) if earlier is not None else None
        self._write(setup, summary, results, comparison)
        if self.as_json:
            typer.echo(_as_json(summary, comparison))
        else:
            self._show(summary, comparison)

    def _write(self, setup: Setup, summary: Summary, results: Sequence[Result], comparison: Comparison | None) -> None:
        about = {
            "Cases": f"{self.path.name} ({self.part})",
            "Interviewer": setup.model,
            "Content": setup.content.name if setup.content else "the package's own",
            "Region": setup.region,
        }
        write_results(self.out, results)
        (self.out / SUMMARY).write_text(_as_json(summary, comparison), encoding="utf-8")
        write_page(self.out, f"{self.title}: evaluation", about, summary, results, _more(comparison))

    def _show(self, summary: Summary, comparison: Comparison | None) -> None:
        console = Console(highlight=False, markup=False, emoji=False)
        for table in [*tables_of(summary)[:_SHOWN], *_more(comparison)]:
            console.print(grid(table))
        for label, ids in (
            ("Missed emergencies", summary.misses),
            ("False emergencies", summary.false_alarms),
            ("Failed", summary.failures),
        ):
            if ids:
                console.print(f"{label}: {', '.join(ids)}", soft_wrap=True)
        console.print(f"All of it, with transcripts: {self.out / PAGE} (cases: {self.out / RESULTS})", soft_wrap=True)


def _more(comparison: Comparison | None) -> list[Table]:
    return [comparison_table(comparison)] if comparison else []


def _as_json(summary: Summary, comparison: Comparison | None) -> str:
    figures: dict[str, Any] = summary.model_dump(mode="json")
    compared = {"against": comparison.model_dump(mode="json")} if comparison else {}
    return json.dumps(figures | compared, indent=2, ensure_ascii=False)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {str(folder)!r} cannot be made: {error.strerror}.") from None


def _with_progress(cases: Sequence[Case], work: Work) -> list[Result]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Cases", total=len(cases))
        return work(cases, lambda _: progress.advance(task))


def grid(table: Table) -> Grid:
    """A table for the terminal."""
    broken = any("\n" in cell for row in table.rows for cell in row)
    grid = Grid(title=Text(table.title), caption=Text(table.note), show_lines=broken, padding=0 if broken else (0, 1))
    for name in table.head:
        grid.add_column(Text(name), overflow="fold")
    for row in table.rows:
        grid.add_row(*map(Text, row))
    return grid
