"""`protocols`: the complaints, for whoever writes or checks them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from symptom_intake.agent.commands.options import ContentPack, settings

if TYPE_CHECKING:
    from symptom_intake.prompts.loader import Content

protocols = typer.Typer(
    help="The complaints: see, check and try their questions and rules.", no_args_is_help=True, rich_markup_mode=None
)

Id = Annotated[str, typer.Argument(metavar="ID", help="A complaint's id, as `protocols list` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@protocols.command("list")
def list_(content: ContentPack = None, as_json: AsJson = False) -> None:
    """List the complaints: how many questions and rules each has, whether it is signed, and whose it is.

    Example: symptom-intake protocols list --content mypack
    """
    from symptom_intake.agent.commands.protocols_rows import COLUMNS, rows

    found = rows(_content(content))
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    from symptom_intake.agent.commands.table import print_table

    print_table(COLUMNS, [[str(row[name]) for name in COLUMNS] for row in found])


@protocols.command()
def show(protocol: Id, content: ContentPack = None, as_json: AsJson = False) -> None:
    """Show a complaint: its questions in order and why each is asked, its rules in plain words, its triggers.

    Example: symptom-intake protocols show chest_pain
    """
    from symptom_intake.agent.commands.protocols_shown import as_text, shown

    found = shown(protocol, _content(content))
    typer.echo(json.dumps(found, indent=2) if as_json else as_text(found))


@protocols.command()
def lint(
    path: Annotated[str | None, typer.Argument(metavar="[PATH]", help="The pack; by default the one in use.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a pack: every fault with its file and line. Its rules, triggers and written cases are tried as well.

    Without PATH it checks the pack that --content or the settings name for other commands, or else our content.

    Example: symptom-intake protocols lint mypack
    """
    from symptom_intake.agent.commands.protocols_lint import as_json_text, as_text, linted

    found = linted(settings(content=path).content)
    typer.echo(as_json_text(found) if as_json else as_text(found))
    if found.faults:
        raise typer.Exit(1)


@protocols.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Id of the new complaint, for example hand_injury.")],
    content: Annotated[
        str | None,
        typer.Option("--content", metavar="DIR", help="The pack to write it to; by default a new folder NAME."),
    ] = None,
) -> None:
    """Write a new complaint to change: a file with comments that is sound as it is, and its written cases.

    Example: symptom-intake protocols new hand_injury --content mypack
    """
    from symptom_intake.agent.commands.protocols_new import write_new

    pack, written = write_new(name, Path(content or name).expanduser())
    for file in written:
        typer.echo(f"Written: {file}")
    typer.echo("\nEdit them, then:")
    for command in (f"lint {pack}", f"graph {name} --content {pack}", f"try {name} --content {pack}"):
        typer.echo(f"  symptom-intake protocols {command}")


@protocols.command()
def graph(
    protocol: Id,
    content: ContentPack = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page (.html) or Mermaid text (.mmd) instead.")
    ] = None,
) -> None:
    """Draw a complaint as Mermaid text: which questions lead to which rules, and to which level.

    Example: symptom-intake protocols graph chest_pain --out chest_pain.html
    """
    from symptom_intake.agent.commands.protocols_graph import mermaid, write_drawing

    loaded = _content(content)
    if out is None:
        typer.echo(mermaid(protocol, loaded))
    else:
        write_drawing(protocol, loaded, out)
        typer.echo(f"Written: {out}")


@protocols.command("try")
def try_(protocol: Id, content: ContentPack = None) -> None:
    """Try a complaint in a chat in which it is in play from the start. Nothing of it is kept.

    Example: symptom-intake protocols try hand_injury --content mypack
    """
    from symptom_intake.agent.commands.protocols_rows import found_protocol
    from symptom_intake.agent.commands.talk import Talk
    from symptom_intake.agent.commands.view import View

    found_protocol(protocol, _content(content))
    Talk(View(), settings(content=content, db=":memory:"), (protocol,)).run()


def _content(pack: str | None) -> "Content":
    from symptom_intake.prompts.loader import load_content

    return load_content(settings(content=pack).content)
