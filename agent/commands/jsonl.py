"""`chat --jsonl`: the interview for programs."""

from typing import BinaryIO

from symptom_intake.agent.commands.lines import Bad, Line, Words, read_lines, write_line
from symptom_intake.agent.errors import AttachmentError
from symptom_intake.agent.reply import Reply
from symptom_intake.agent.session import IntakeSession

_KEYS = frozenset({"session", "turn", "text", "urgency", "phase", "asked", "rules", "done", "calls"})


class Message(Line):
    """One message of the patient: text, paths of images, and the caller's id for it."""

    text: Words
    images: list[Words] = []
    id: Words | None = None


def serve(session: IntakeSession, stream: BinaryIO) -> None:
    """Answer each line with one, and close with the report when the interview or the input ends.

    An emergency does not end it: whoever writes on gets the same message again.
    """
    notice: str | None = session.notice
    for line in read_lines(stream, Message):
        answer = line if isinstance(line, Bad) else _answer(session, line)
        if isinstance(answer, Bad):
            write_line({"error": answer.reason})
            continue
        shown = answer.model_dump(mode="json", include=set(_KEYS))
        write_line(shown | ({"notice": notice} if notice else {}))
        notice = None
        if answer.phase == "done":
            break
    write_line({"report": session.report().model_dump(mode="json")})


def _answer(session: IntakeSession, message: Message) -> Reply | Bad:
    try:
        return session.send(message.text, message.images, message.id)
    except AttachmentError as error:
        return Bad(str(error))
