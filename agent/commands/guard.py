"""`guard`: the guardrail for any other chatbot's drafts."""

import unicodedata
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from pydantic import Field

from symptom_intake.agent.commands.lines import Line, Words, answer_lines
from symptom_intake.agent.commands.options import ContentPack, Language, Lines, Region, settings
from symptom_intake.agent.language.ingest import storable
from symptom_intake.prompts.levels import Urgency

if TYPE_CHECKING:
    from symptom_intake.agent.safety.guardrail import Guardrail
    from symptom_intake.agent.safety.verdict import Verdict

_BLOCKED = 1
_PIPE_WIDTH = 200
_DRAFT = typer.Option("--text", metavar="DRAFT", help="One draft, judged for you to read; no JSON lines are read.")
_SAID = typer.Option("--said", metavar="WORDS", help="What the patient has said; once for each message. With --text.")
_LEVEL = typer.Option("--urgency", help="How urgent it is; a draft must not fall short of it. With --text.")


class Draft(Line):
    """A draft, and what it is judged against."""

    draft: Words
    said: list[Words] = []
    urgency: Annotated[Urgency | None, Field(strict=False)] = None
    audience: Literal["patient", "clinician"] = "patient"


def guard(
    lines: Lines = "-",  # type: ignore[assignment]
    text: Annotated[str | None, _DRAFT] = None,
    said: Annotated[list[str] | None, _SAID] = None,
    urgency: Annotated[Urgency | None, _LEVEL] = None,
    region: Region = None,
    language: Language = None,
    content: ContentPack = None,
) -> None:
    """Judge drafts before a patient sees them: JSON lines in, JSON lines out, or one draft with --text.

    In: {"draft": str, "said": [str, ...]?, "urgency": str?, "audience": "patient"|"clinician"?}

    Out: {"allowed": bool, "violations": [{"class", "span": [start, end], "reason"}]}

    A line that cannot be read gets {"error"}, and the command ends with status 1.

    With --text: what is wrong and where, as a table. Status 0 if the draft may go out, 1 if it is blocked.

    Example: echo '{"draft": "You have the flu."}' | symptom-intake guard

    Example: symptom-intake guard --text "You said your knee hurts." --said "my knee hurts"
    """
    if text is None and (said or urgency):
        raise typer.BadParameter("goes with --text", param_hint="--said" if said else "--urgency")
    from symptom_intake.agent.safety.guardrail import Guardrail

    config = settings(region=region, language=language, content=content)
    guardrail = Guardrail.load(config.region, config.language, config.content)
    if text is None:
        answer_lines(lines, Draft, lambda draft: _judged(draft, guardrail))
        return
    draft = storable(text)
    verdict = guardrail.check(draft, said=[storable(each) for each in said or ()], urgency=urgency)
    _show(draft, verdict)
    raise typer.Exit(0 if verdict.allowed else _BLOCKED)


def _judged(draft: Draft, guardrail: "Guardrail") -> dict[str, Any]:
    verdict = guardrail.check(draft.draft, said=draft.said, urgency=draft.urgency, audience=draft.audience)
    return {
        "allowed": verdict.allowed,
        "violations": [
            {"class": each.cls, "span": [each.start, each.end], "reason": each.reason} for each in verdict.violations
        ],
    }


def _show(draft: str, verdict: "Verdict") -> None:
    """The draft with what is wrong marked in it, and a line for each violation."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _PIPE_WIDTH
    plain = _printable(draft)
    console.print(Text("allowed", style="bold green") if verdict.allowed else Text("blocked", style="bold red"))
    if verdict.allowed:
        return
    marked = Text(plain)
    table = Table(box=SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for name in ("class", "at", "words", "reason"):
        table.add_column(name, no_wrap=name in {"class", "at"}, overflow="fold")
    for each in verdict.violations:
        marked.stylize("bold red underline", each.start, each.end)
        words = " ".join(plain[each.start : each.end].split())
        table.add_row(each.cls.value, f"{each.start}-{each.end}", Text(words), Text(_printable(each.reason)))
    console.print(marked)
    console.print(table)


def _printable(text: str) -> str:
    """The text with a mark for each character that a terminal would obey or hide, so that offsets still hold."""
    return "".join("\ufffd" if unicodedata.category(char)[0] == "C" and char != "\n" else char for char in text)
