"""What can be done with an interview afterwards."""

import json
from typing import Any

import pytest

CANARY = "xylophonecanary"


def test_report_sessions_and_erase(cli: Any) -> None:
    first, *_ = cli.chat([f"I have had a headache for two days since the {CANARY}", "none of these"])
    other, *_ = cli.chat(["My back hurts"], "--region", "gb")
    session = first["session"]

    page = cli.run("report", session, "--db", str(cli.db)).out
    assert page.startswith("# Patient history") and CANARY in page and "INCOMPLETE" in page
    report = cli.report(session)
    assert report["session"] == session and report["schema_version"] == "1.2"

    table = cli.run("sessions", "--db", str(cli.db)).out
    assert session in table and other["session"] in table
    rows = json.loads(cli.run("sessions", "--json", "--db", str(cli.db)).out)
    assert [(row["id"], row["region"], row["turns"]) for row in rows] == [
        (other["session"], "gb", 2),
        (session, "us", 4),
    ]

    saved = cli.folder / f"{session}.md"
    saved.write_text(page, encoding="utf-8")
    assert cli.run("erase", session, "--db", str(cli.db)).out == "The interview is erased.\n"
    for file in cli.folder.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file
    assert not saved.exists()
    assert [row["id"] for row in json.loads(cli.run("sessions", "--json", "--db", str(cli.db)).out)] == [
        other["session"]
    ]
    assert "no interview" in cli.run("erase", session, "--db", str(cli.db), code=1).errors
    assert "no interview" in cli.run("report", session, "--db", str(cli.db), code=1).errors


def test_looking_makes_no_database(cli: Any) -> None:
    assert "no interviews yet" in cli.run("sessions", "--db", str(cli.db)).out
    assert cli.run("sessions", "--json", "--db", str(cli.db)).out == "[]\n"
    assert "no interview" in cli.run("report", "x", "--db", str(cli.db), code=1).errors
    assert "no interview" in cli.run("erase", "../x", "--db", str(cli.db), code=1).errors
    assert list(cli.folder.iterdir()) == []


@pytest.mark.parametrize("command", [["sessions"], ["report", "x"], ["erase", "x"], ["chat", "--resume", "x"]])
def test_looking_at_a_file_that_is_no_database_of_interviews_says_so(cli: Any, command: list[str]) -> None:
    cli.db.write_bytes(b"hello")
    done = cli.run(*command, "--db", str(cli.db), code=1)
    assert "intake.db is no database of interviews" in done.errors and done.out == ""
    assert list(cli.folder.iterdir()) == [cli.db]


def test_an_empty_database_path_or_id_is_not_taken_for_the_default(cli: Any) -> None:
    assert "db (command line)" in cli.run("sessions", "--db", "", code=1).errors
    assert "no interview" in cli.run("chat", "--resume", "", "--db", str(cli.db), code=1).errors
    assert list(cli.folder.iterdir()) == []


def test_without_db_it_lies_in_the_users_data_folder(cli: Any) -> None:
    home = cli.folder / "data"
    cli.run("chat", "--jsonl", stdin='{"text": "My back hurts"}\n', env={"XDG_DATA_HOME": str(home)})
    assert (home / "symptom-intake" / "intake.db").exists()
    assert len(json.loads(cli.run("sessions", "--json", env={"XDG_DATA_HOME": str(home)}).out)) == 1


def test_the_graph_is_printed(cli: Any) -> None:
    assert "guardrail --> deliver" in cli.run("graph").out
