"""Erasing a session leaves none of its bytes in any file, and the others whole."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Annotated, Any

import pytest
from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages
from typing_extensions import TypedDict

from symptom_intake.agent.errors import SessionBusyError, StorageError
from symptom_intake.agent.locking import session_lock
from symptom_intake.agent.persistence import erase_session, open_checkpointer, open_records
from symptom_intake.tools import sqlite

DOOMED, KEPT = "doomed-session", "kept-session"


class State(TypedDict):
    messages: Annotated[list[AnyMessage], add_messages]


def canary(session: str) -> str:
    return "CANARY" + hashlib.sha256(session.encode()).hexdigest()


def compiled(saver: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node("echo", lambda state: {"messages": [HumanMessage(f"echo of {state['messages'][-1].content}")]})
    builder.add_edge(START, "echo")
    return builder.compile(checkpointer=saver)


def config(session: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": session}}


def live_through(url: str, session: str) -> None:
    """A few turns with a long and a short secret, so that whole pages and parts of pages hold it."""
    secret = canary(session)
    with open_checkpointer(url) as saver, open_records(url) as records, session_lock(url, session):
        records.save_session(session, region="gb", phase=secret)
        for number in range(6):
            text = f"{secret} {'x' * 3000 if number % 2 else ''} {secret}"
            compiled(saver).invoke({"messages": [HumanMessage(text)]}, config(session), durability="sync")
            records.save_turns(session, [{"id": f"t{number}", "text": text}])
            records.save_facts(session, [{"id": f"t{number}.1", "value": text}])
            records.audit(session, "reply", {"secret": text}, key=f"a{number}")
        png = secret.encode() * 500
        records.save_attachment(session, "i1", png, hashlib.sha256(png).hexdigest())


def files_with(folder: Path, *needles: str) -> list[str]:
    every = [file for file in folder.rglob("*") if file.is_file()]
    found = [file.name for file in every for needle in needles if needle.encode() in file.read_bytes()]
    return found + [file.name for file in folder.rglob("*") for needle in needles if needle in file.name]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return str(tmp_path / "intake.db")


@pytest.fixture
def lived(url: str) -> str:
    for session in (KEPT, DOOMED):
        live_through(url, session)
    return url


def kept_is_whole(url: str) -> bool:
    with open_checkpointer(url) as saver, open_records(url) as records:
        messages = compiled(saver).get_state(config(KEPT)).values["messages"]
        return (
            len(messages) == 12
            and canary(KEPT) in str(messages[0].content)
            and records.session(KEPT) is not None
            and records.attachment(KEPT, "i1") == canary(KEPT).encode() * 500
            and records.verify_audit(KEPT)
        )


def test_no_byte_of_an_erased_session_is_left(lived: str, tmp_path: Path) -> None:
    assert files_with(tmp_path, canary(DOOMED))
    assert erase_session(lived, DOOMED)
    assert files_with(tmp_path, canary(DOOMED), DOOMED) == []
    assert len(list((tmp_path / "intake.db.locks").iterdir())) == 1 and kept_is_whole(lived)
    with open_records(lived) as records, open_checkpointer(lived) as saver:
        assert records.session(DOOMED) is None
        assert compiled(saver).get_state(config(DOOMED)).values == {}


def test_it_is_gone_also_while_others_have_the_files_open(lived: str, tmp_path: Path) -> None:
    with open_checkpointer(lived) as saver, open_records(lived) as records:
        compiled(saver).invoke({"messages": [HumanMessage("hello")]}, config("other"), durability="sync")
        records.save_session("other", region="us")
        assert erase_session(lived, DOOMED)
        assert (tmp_path / "intake.db-wal").exists()
        assert files_with(tmp_path, canary(DOOMED), DOOMED) == []
        compiled(saver).invoke({"messages": [HumanMessage("again")]}, config("other"), durability="sync")
        assert records.session("other") is not None
    assert kept_is_whole(lived)


def test_what_was_replaced_or_undone_before_is_gone_too(url: str, tmp_path: Path) -> None:
    with open_records(url) as records, open_checkpointer(url) as saver:
        compiled(saver).invoke({"messages": [HumanMessage("x")]}, config(DOOMED))
        records.save_turns(DOOMED, [{"id": "t1", "text": "CANARY-FIRST" * 300}])
        records.save_turns(DOOMED, [{"id": "t1", "text": "short"}])
        records.save_facts(DOOMED, [{"id": "t1.1", "value": "CANARY-FIRST"}])
        records.save_facts(DOOMED, [])
    assert erase_session(url, DOOMED)
    assert files_with(tmp_path, "CANARY-FIRST") == []


def test_it_says_whether_there_was_anything(lived: str, tmp_path: Path) -> None:
    assert erase_session(lived, DOOMED)
    assert not erase_session(lived, DOOMED)
    assert not erase_session(lived, "never-there")
    assert not erase_session(str(tmp_path / "no.db"), DOOMED)
    assert not (tmp_path / "no.db").exists()
    assert not erase_session(":memory:", DOOMED)


def test_a_session_that_never_got_a_checkpoint_is_erased(url: str, tmp_path: Path) -> None:
    with open_records(url) as records:
        records.save_session(DOOMED, region="gb")
    assert not (tmp_path / "intake.db").exists() and erase_session(url, DOOMED)
    assert files_with(tmp_path, DOOMED) == []


def test_an_open_session_is_not_erased(lived: str) -> None:
    with session_lock(lived, DOOMED), pytest.raises(SessionBusyError):
        erase_session(lived, DOOMED)
    with open_records(lived) as records:
        assert records.session(DOOMED) is not None


def test_a_reader_that_keeps_old_pages_is_reported_and_a_second_call_finishes(
    lived: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    reader = sqlite3.connect(tmp_path / "intake.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM checkpoints").fetchone()
    with pytest.raises(StorageError, match="erase again"):
        erase_session(lived, DOOMED)
    with open_records(lived) as records:
        assert records.session(DOOMED) is not None
    reader.close()
    assert erase_session(lived, DOOMED)
    assert files_with(tmp_path, canary(DOOMED), DOOMED) == []


def test_the_files_are_still_ours_afterwards(lived: str) -> None:
    erase_session(lived, DOOMED)
    live_through(lived, "after")
    assert kept_is_whole(lived)
