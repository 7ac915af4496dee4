"""The commands that a person can type into the chat."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from symptom_intake.agent.commands.view import View
from symptom_intake.agent.errors import AttachmentError
from symptom_intake.agent.reply import Reply
from symptom_intake.agent.session import IntakeSession

HELP = {
    "/why": "why this question is asked",
    "/attach PATH": "add an image to your next message",
    "/skip": "pass over this question",
    "/undo": "take back your last answer",
    "/summary": "what has been noted so far",
    "/quit": "save and end; go on later with --resume",
    "/help": "this list",
}


class QuitError(Exception):
    """The person wants to end."""


class Chatting(Protocol):
    """What a command works on."""

    view: View

    @property
    def session(self) -> IntakeSession:
        """The interview."""
        ...

    def show(self, reply: Reply) -> None:
        """Show a reply."""
        ...


def run_command(typed: str, chat: Chatting) -> None:
    """Run what was typed after a slash.

    Raises:
        QuitError: On /quit.
    """
    name, _, argument = typed.partition(" ")
    command = _COMMANDS.get(name.lower())
    if command is None:
        chat.view.note(f"There is no such command. {_help_line()}")
        return
    command(chat, argument.strip())


def _why(chat: Chatting, _: str) -> None:
    chat.view.say(chat.session.why())


def _attach(chat: Chatting, argument: str) -> None:
    path = argument.strip("'\"")
    if not path:
        chat.view.note("Type the path of the image after /attach.")
        return
    try:
        kept = chat.session.attach(Path(path).expanduser())
    except AttachmentError as error:
        chat.view.note(str(error))
        return
    note = f" {kept.note}" if kept.note else ""
    chat.view.note(f"The image is kept ({kept.width} × {kept.height}) and goes with your next message.{note}")


def _skip(chat: Chatting, _: str) -> None:
    if chat.session.last_reply is None:
        chat.view.note("There is no question to pass over yet.")
    else:
        chat.show(chat.session.skip())


def _undo(chat: Chatting, _: str) -> None:
    reply = chat.session.undo()
    if reply is None:
        chat.view.note("There is nothing to take back.")
    else:
        chat.show(reply)


def _summary(chat: Chatting, _: str) -> None:
    chat.view.say(chat.session.summary())


def _quit(chat: Chatting, _: str) -> None:
    raise QuitError


def _show_help(chat: Chatting, _: str) -> None:
    width = max(map(len, HELP))
    chat.view.say("\n".join(f"{name:<{width}}  {meaning}" for name, meaning in HELP.items()))


def _help_line() -> str:
    return f"There are: {', '.join(name.partition(' ')[0] for name in HELP)}."


_COMMANDS: dict[str, Callable[[Chatting, str], None]] = {
    "/why": _why,
    "/attach": _attach,
    "/skip": _skip,
    "/undo": _undo,
    "/summary": _summary,
    "/quit": _quit,
    "/help": _show_help,
}
