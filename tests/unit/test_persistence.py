"""Opening the two files of a database, and what is said when they cannot be used."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from typing_extensions import TypedDict

from symptom_intake.agent.checkpoints import FileSaver
from symptom_intake.agent.errors import ConfigurationError, StorageError
from symptom_intake.agent.history import Evidence, Fact, History, SlotState
from symptom_intake.agent.persistence import (
    default_database,
    open_checkpointer,
    open_records,
    records_path,
)
from symptom_intake.prompts.levels import Urgency


class State(TypedDict, total=False):
    messages: Annotated[list[AnyMessage], add_messages]
    history: History
    urgency: Urgency


def listen(state: State) -> dict[str, Any]:
    said = str(state["messages"][-1].content)
    facts = state.get("history", History()).facts
    evidence = Evidence(turn="t", start=0, end=len(said), quote=said)
    fact = Fact(id=f"t{len(facts)}", slot="s", state=SlotState.PRESENT, evidence=(evidence,))
    return {"history": History(facts=(*facts, fact)), "urgency": Urgency.URGENT_24H}


def compiled(saver: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node("listen", listen)
    builder.add_edge(START, "listen")
    builder.add_edge("listen", END)
    return builder.compile(checkpointer=saver)


def config(session: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": session}}


def say(saver: Any, session: str, text: str) -> Any:
    message = {"messages": [HumanMessage(text)]}
    return compiled(saver).invoke(message, config(session), durability="sync")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return str(tmp_path / "intake.db")


def test_a_session_goes_on_after_a_restart_with_its_values(url: str) -> None:
    for text in ("my chest hurts", "since monday"):
        with open_checkpointer(url) as saver:
            say(saver, "a", text)
    with open_checkpointer(url) as saver:
        state = compiled(saver).get_state(config("a")).values
    assert [fact.quote for fact in state["history"]] == ["my chest hurts", "since monday"]
    assert state["urgency"] is Urgency.URGENT_24H and len(state["messages"]) == 2


def test_memory_keeps_the_same_values_and_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_checkpointer(":memory:") as saver, open_records(":memory:") as records:
        records.save_session("a", region="gb")
        assert say(saver, "a", "hello")["history"].facts[0].quote == "hello"
        assert isinstance(compiled(saver).get_state(config("a")).values["history"], History)
    assert list(tmp_path.iterdir()) == []


def test_a_process_killed_in_a_turn_loses_nothing_saved_before(url: str) -> None:
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[2]); import test_persistence as t\n"
        "with t.open_checkpointer(sys.argv[1]) as saver:\n"
        "    t.say(saver, 'a', 'my chest hurts')\n"
        "    t.listen = lambda state: os.kill(os.getpid(), 9)\n"
        "    t.say(saver, 'a', 'since monday')"
    )
    done = subprocess.run([sys.executable, "-c", code, url, Path(__file__).parent], check=False)
    assert done.returncode == -9
    with open_checkpointer(url) as saver:
        snapshot = compiled(saver).get_state(config("a"))
        assert [fact.quote for fact in snapshot.values["history"]] == ["my chest hurts"]
        assert snapshot.next == ("listen",)
        final = compiled(saver).invoke(None, config("a"))
    assert [fact.quote for fact in final["history"]] == ["my chest hurts", "since monday"]


def test_the_records_lie_beside_the_database(tmp_path: Path) -> None:
    assert records_path("intake.db") == Path("intake.records.db")
    assert records_path("/data/ward 3/intake") == Path("/data/ward 3/intake.records")
    assert records_path(":memory:") is None
    with open_records(str(tmp_path / "new" / "intake.db")) as records:
        records.save_session("a", region="gb")
    assert (tmp_path / "new" / "intake.records.db").is_file()


def test_the_default_lies_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_database().name == "intake.db" and default_database().parent.name == "symptom-intake"
    if sys.platform == "linux":
        assert default_database() == tmp_path / "symptom-intake" / "intake.db"


@pytest.mark.parametrize("opened", [open_checkpointer, open_records])
def test_a_server_is_refused_for_now(opened: Any) -> None:
    with pytest.raises(ConfigurationError, match="PostgreSQL come later"), opened("postgresql://u:p@host/db"):
        pass


def test_the_file_is_wal_private_and_wipes_what_is_deleted(url: str) -> None:
    with open_checkpointer(url) as saver:
        assert isinstance(saver, FileSaver)
        pragmas = {
            name: saver.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "secure_delete")
        }
        say(saver, "a", "hello")
        modes = {file.stat().st_mode & 0o777 for file in Path(url).parent.iterdir()}
    assert pragmas == {"journal_mode": "wal", "secure_delete": 1} and modes == {0o600}


def test_text_damaged_foreign_and_swapped_files_are_refused(tmp_path: Path) -> None:
    text, foreign, records = tmp_path / "letter.db", tmp_path / "foreign.db", tmp_path / "records.db"
    text.write_bytes(b"a letter to my doctor " * 100)
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    with open_records(str(tmp_path / "r.db")) as opened:
        opened.save_session("a", region="gb")
    (tmp_path / "r.records.db").rename(records)
    for path, said in ((text, "not a database"), (foreign, "another program"), (records, "another program")):
        before = path.read_bytes()
        with pytest.raises(StorageError, match=said), open_checkpointer(str(path)):
            pass
        assert path.read_bytes() == before


def test_a_damaged_file_is_refused(url: str) -> None:
    with open_checkpointer(url) as saver:
        say(saver, "a", "hello")
    path = Path(url)
    data = bytearray(path.read_bytes())
    data[100:] = os.urandom(len(data) - 100)
    path.write_bytes(data)
    with pytest.raises(StorageError, match="damaged"), open_checkpointer(url):
        pass


def test_a_damaged_value_is_said_plainly(url: str) -> None:
    with open_checkpointer(url) as saver:
        say(saver, "a", "hello")
        assert isinstance(saver, FileSaver)
        with saver.conn:
            saver.conn.execute("UPDATE checkpoints SET checkpoint = x'c1c1'")
        with pytest.raises(StorageError, match="damaged value"):
            compiled(saver).get_state(config("a"))


def test_a_folder_and_a_file_in_the_way_are_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    for unusable in (tmp_path, tmp_path / "letter.txt" / "intake.db"):
        with pytest.raises(StorageError, match="cannot be opened or made"), open_checkpointer(str(unusable)):
            pass


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    with open_checkpointer(str(tmp_path / "a" / "b" / "intake.db")) as saver:
        say(saver, "a", "hello")
    assert (tmp_path / "a" / "b" / "intake.db").is_file()


def test_a_full_disk_is_said_plainly_and_loses_nothing(url: str) -> None:
    with open_checkpointer(url) as saver:
        assert isinstance(saver, FileSaver)
        say(saver, "a", "my chest hurts")
        pages = saver.conn.execute("PRAGMA page_count").fetchone()[0]
        saver.conn.execute(f"PRAGMA max_page_count={pages}").fetchone()
        with pytest.raises(StorageError, match="disk is full") as full:
            say(saver, "a", "my secret " * 3000)
        assert "secret" not in str(full.value)
    with open_checkpointer(url) as saver:
        state = compiled(saver).get_state(config("a")).values
        assert [fact.quote for fact in state["history"]] == ["my chest hurts"]
        assert say(saver, "a", "since monday")["history"].facts[-1].quote == "since monday"


def test_a_write_that_fails_half_way_leaves_nothing_behind(url: str) -> None:
    with open_checkpointer(url) as saver:
        assert isinstance(saver, FileSaver)
        say(saver, "a", "hello")
        before = saver.conn.execute("SELECT count(*) FROM writes").fetchone()
        with pytest.raises(StorageError), saver.cursor() as cursor:
            cursor.execute("UPDATE writes SET thread_id = 'b'")
            cursor.execute("INSERT INTO no_such_table VALUES (1)")
        kept = saver.conn.execute("SELECT count(*) FROM writes WHERE thread_id = 'a'").fetchone()
    assert before == kept != (0,)


def test_a_lone_surrogate_does_not_break_saving(url: str) -> None:
    with open_checkpointer(url) as saver:
        say(saver, "a", "it hurts \ud83d")
        assert compiled(saver).get_state(config("a")).values["history"].facts[0].evidence[0].quote == "it hurts ?"


@pytest.fixture
def many(url: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); import test_persistence as t\n"
        "with t.open_checkpointer(sys.argv[1]) as saver:\n"
        "    for n in range(5): t.say(saver, sys.argv[3], str(n))"
    )
    here = Path(__file__).parent
    yield [subprocess.Popen([sys.executable, "-c", code, url, here, str(number)]) for number in range(4)]


def test_processes_write_different_sessions_of_one_file_together(url: str, many: list[subprocess.Popen[bytes]]) -> None:
    assert [each.wait() for each in many] == [0] * 4
    with open_checkpointer(url) as saver:
        for number in range(4):
            assert len(compiled(saver).get_state(config(str(number))).values["history"].facts) == 5
