"""kill -9 before and after every single write of a turn's checkpoints: the message counts once, and gets its answer."""

import os
import shutil
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from symptom_intake.agent.checkpoints import FileSaver
from symptom_intake.agent.session import IntakeSession

MESSAGE = ("none of these", "m2")


def send_and_die(db: str, session: str, place: int, after: bool) -> bool:
    """Send in a process of its own, which is killed at its nth write; whether it came that far."""
    child = os.fork()
    if child == 0:
        try:
            die_at(place, after)
            with IntakeSession.open(db, session=session) as opened:
                opened.send(MESSAGE[0], message_id=MESSAGE[1])
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def die_at(place: int, after: bool) -> None:
    numbers = count(1)

    def deadly(method: Callable[..., Any]) -> Callable[..., Any]:
        def write(*args: Any, **more: Any) -> Any:
            mine = next(numbers)  # writes may overlap: LangGraph puts them on threads
            if mine == place and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = method(*args, **more)
            if mine == place and after:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return write

    for name in ("put", "put_writes"):
        setattr(FileSaver, name, deadly(getattr(FileSaver, name)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_write_of_a_turn_loses_and_doubles_nothing(tmp_path: Path, after: bool) -> None:
    start = tmp_path / "start"
    with IntakeSession.open(str(start / "intake.db")) as opened:
        session = opened.id
        opened.send("I have had a headache for two days", message_id="m1")
    place, failed = 0, []
    while True:
        place += 1
        folder = tmp_path / str(place)
        shutil.copytree(start, folder)
        db = str(folder / "intake.db")
        if not send_and_die(db, session, place, after):
            break
        with IntakeSession.open(db, session=session) as resumed:
            ids = [turn.id for turn in resumed.values["turns"]]
            if ids not in (["t1", "a1"], ["t1", "a1", "t2", "a2"]):
                failed.append((place, ids))
                continue
            assert resumed.send(MESSAGE[0], message_id=MESSAGE[1]).turn == 2
            assert [turn.id for turn in resumed.values["turns"]] == ["t1", "a1", "t2", "a2"]
    assert not failed
    assert place > 10
