"""How `models check` shows what it found: tables on a terminal, plain lines in a pipe."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from symptom_intake.agent.commands.models_check import Step
from symptom_intake.agent.commands.models_need import Weighed
from symptom_intake.agent.models.machine import Machine
from symptom_intake.agent.models.sizing import CONTEXT, gigabytes

TERMS = (
    "The weights of MedGemma are under the Health AI Developer Foundations terms of use "
    "(https://developers.google.com/health-ai-developer-foundations/terms) and are gated: accept the terms on the "
    "model's page, https://huggingface.co/google, then run `hf auth login`."
)
_PIPE_WIDTH = 400


class ModelsView:
    """Standard output."""

    def __init__(self) -> None:
        """Find out what it can show."""
        self._console = Console(highlight=False, markup=False, emoji=False)
        if not self._console.is_terminal:
            self._console.width = _PIPE_WIDTH

    def machine(self, machine: Machine) -> None:
        """What there is to run a model on."""
        rows = [("memory", gigabytes(machine.memory), gigabytes(machine.free))]
        rows += [(gpu.name, gigabytes(gpu.total), gigabytes(gpu.free)) for gpu in machine.gpus]
        self._table(
            f"This machine: {machine.cpus} processors, {len(machine.gpus) or 'no'} GPU", ("", "all", "free"), rows
        )

    def weighed(self, found: Weighed) -> None:
        """What one model needs, and whether it is here."""
        rows = [
            (
                need.kept,
                gigabytes(need.weights),
                gigabytes(need.cache),
                gigabytes(need.needed),
                f"yes, {need.place}" if need.place else "no",
            )
            for need in found.needs
        ]
        columns = ("kept in", "weights", f"cache of {CONTEXT:,} tokens", "needed free", "fits now")
        self._table(f"{found.role.replace('_', ' ')}: {found.model}", columns, rows)
        growth = f"1,000 tokens more take {found.cache_per_1000 / 1e6:.0f} MB of cache. " if found.needs else ""
        here = f"On this disk{f', commit {found.revision}' if found.revision else ''}."
        self.line(f"{growth}{found.fault or here}")

    def terms(self) -> None:
        """Under which terms the weights are."""
        self.line(f"\n{TERMS}\n")

    def steps(self, steps: Sequence[Step]) -> None:
        """What was tried, and how it went."""
        rows = [
            (
                step.role.replace("_", " "),
                step.what,
                "works" if step.works else "FAILED",
                f"{step.seconds:.1f} s",
                f"{step.tokens_per_second:.1f}" if step.tokens_per_second else "",
                step.said,
            )
            for step in steps
        ]
        self._table("Tried", ("role", "what", "", "took", "tokens/s", ""), rows)

    def line(self, text: str) -> None:
        """A sentence of its own."""
        self._console.print(Text(text), soft_wrap=not self._console.is_terminal)

    def _table(self, title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
        self._console.print(Text(f"\n{title}", style="bold"))
        table = Table(box=SIMPLE_HEAD if self._console.is_terminal else None, pad_edge=False)
        for name in columns:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        self._console.print(table)
