"""What the chat shows: panels on a terminal, plain lines anywhere else. Nothing a patient typed is taken for markup."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from rich.box import DOUBLE, ROUNDED
from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.text import Text

from symptom_intake.agent.commands.card import Card

if TYPE_CHECKING:
    from symptom_intake.agent.reply import Progress

_WIDTH = 88
_NAMED = 3
"""Labels of what is left to cover that the progress line names."""
EMERGENCY = "EMERGENCY"
HINT = "Answer in your own words. /help lists commands, /quit saves and ends."


class View:
    """The terminal."""

    def __init__(self) -> None:
        """Find out what standard output can show."""
        self._console = Console(highlight=False, markup=False, emoji=False)
        self._console.width = min(self._console.width, _WIDTH)

    @property
    def rich(self) -> bool:
        """Whether there is a terminal that a person looks at."""
        return self._console.is_terminal

    def greeting(self, notice: str, opening: str) -> None:
        """The AI notice and its limits, then the first question."""
        self._panel(Text(notice), "symptom-intake", "yellow")
        self._panel(Text(opening), "", "cyan")
        self.note(HINT)

    def reply(self, card: Card) -> None:
        """A reply, and the answers it offers by number."""
        lines = [f"{number}. {answer}" for number, answer in enumerate(card.answers, 1)]
        choice = "Type a number or your own words; “not sure” and “rather not say” are answers too."
        if card.many:
            choice = "Type the numbers or your own words; “not sure” and “rather not say” are answers too."
        parts = [Text(card.text), *([Text("\n" + "\n".join(lines)), Text(choice, style="dim")] if lines else [])]
        self._panel(Group(*parts), "", "cyan")

    def waiting(self) -> AbstractContextManager[object]:
        """A sign on a terminal that something is going on."""
        return self._console.status("Reading what you wrote ...") if self.rich else nullcontext()

    def emergency(self, text: str) -> None:
        """An emergency message: nothing else may look like it."""
        if not self.rich:
            bar = "=" * 40
            self._print(f"{bar}\n{EMERGENCY}\n{bar}\n\n{text}\n\n{bar}")
            return
        heading = Text(EMERGENCY, style="bold white on red")
        self._console.print(
            Panel(Text(text, style="bold"), title=heading, box=DOUBLE, border_style="bold red", padding=(1, 2))
        )

    def progress(self, progress: "Progress") -> None:
        """How far the interview is."""
        named = ", ".join(progress.remaining[:_NAMED])
        more = len(progress.remaining) - _NAMED
        left = f"still to cover: {named}{f' and {more} more' if more > 0 else ''}" if named else "nothing left to cover"
        self.note(f"{progress.covered} noted · question {progress.asked} · {left}")

    def note(self, text: str) -> None:
        """A line of the program's own."""
        self._console.print(Text(text, style="dim"))

    def say(self, text: str) -> None:
        """An answer to a command."""
        self._panel(Text(text), "", "blue")

    def report(self, markdown: str) -> None:
        """The report."""
        if self.rich:
            self._console.print(Markdown(markdown, hyperlinks=False))
        else:
            self._print(markdown)

    def path(self, label: str, path: str) -> None:
        """A path on a line of its own, never broken."""
        self._console.print(Text(f"{label}:"))
        self._print(path)

    def ask(self) -> str:
        """What the person types.

        Raises:
            EOFError: If the input ends.
        """
        return input("> ")

    def _panel(self, body: RenderableType, title: str, colour: str) -> None:
        if self.rich:
            self._console.print(Panel(body, title=title or None, box=ROUNDED, border_style=colour, padding=(0, 1)))
        else:
            self._console.print(body, soft_wrap=True)
            self._print("")

    def _print(self, text: str) -> None:
        self._console.out(text, highlight=False)
