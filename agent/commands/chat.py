"""`chat`: the interview in the terminal, or over JSON lines."""

import sys
from typing import Annotated

import typer

from symptom_intake.agent.commands.options import (
    ContentPack,
    Db,
    Deadline,
    ImageModel,
    Language,
    Model,
    Region,
    settings,
)


def chat(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="For programs: JSON lines in and out.")] = False,
    db: Db = None,
    resume: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on with an interview exactly where it stopped.")
    ] = None,
    region: Region = None,
    language: Language = None,
    model: Model = None,
    image_model: ImageModel = None,
    deadline: Deadline = None,
    content: ContentPack = None,
) -> None:
    """Take a patient's history, one question at a time. Everything is saved as you go.

    In the chat, /help lists the commands: /why, /attach PATH, /skip, /undo, /summary, /quit.

    With --jsonl, a line in is {"text": str, "images": [path, ...]?, "id": str?}, and each gets a line out. When the
    interview or the input ends, the last line is {"report": {...}}. After an emergency, every further line gets the
    same message until the input ends.

    Example: symptom-intake chat --region gb

    What is not given here comes from the environment or a file: see symptom-intake config --help.

    Example: symptom-intake chat --resume 3f2a...

    Example: symptom-intake chat --model openai:medgemma-27b@http://localhost:8000/v1
    """
    config = settings(
        db=db,
        region=region,
        language=language,
        model=model,
        image_model=image_model,
        deadline_s=deadline,
        content=content,
    )
    # A chat shows its first words before it imports what it needs only for the answer.
    if jsonl:
        from symptom_intake.agent.commands.jsonl import serve
        from symptom_intake.agent.commands.opening import open_session

        with open_session(config, resume) as session:
            serve(session, sys.stdin.buffer)
    else:
        from symptom_intake.agent.commands.talk import Talk
        from symptom_intake.agent.commands.view import View

        Talk(View(), config).run(resume)
