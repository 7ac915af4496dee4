"""The real command line with a model behind a real server, and with settings from everywhere."""

import json
from pathlib import Path
from typing import Any

import pytest

OPENING = "My lower back has hurt on the left since Monday and I feel green around the gills, no fever."
GOOD = {
    "facts": [{"slot": "nausea", "state": "present", "value": None, "quote": "green around the gills"}],
    "complaints": [],
    "paraphrase": "",
    "next": "",
    "question": "",
}


def model_at(server: Any) -> str:
    return f"openai:scripted@{server.url}"


def test_a_model_reads_over_json_lines(cli: Any, model_server: Any) -> None:
    model_server.script(GOOD)
    reply, last = cli.chat([OPENING], "--model", model_at(model_server))
    assert reply["calls"] == 1
    assert cli.facts(last["report"])["nausea"]["method"] == "model"
    assert last["report"]["generator"]["interviewer"] == "scripted"


def test_a_model_from_a_file_of_settings(cli: Any, model_server: Any) -> None:
    model_server.script(GOOD)
    (cli.folder / "symptom-intake.toml").write_text(f'model = "{model_at(model_server)}"', encoding="utf-8")
    reply, _ = cli.chat([OPENING])
    assert reply["calls"] == 1


def test_a_dead_server_costs_a_turn_its_deadline_and_no_more(cli: Any, model_server: Any) -> None:
    model_server.script(model_server.hangs())
    reply, last = cli.chat([OPENING], "--model", model_at(model_server), "--deadline", "0.5")
    assert reply["asked"] == "universal_screen"
    assert "The model failed; the built-in reader alone read t1 (too slow)." in last["report"]["notices"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "gpt"], ["'gpt' names no model"]),
        (["--model", "openai:m@ftp://x"], ["http"]),
        (["--model", "medgemma:"], ["followed by nothing"]),
        (["--image-model", "embedded"], ["names no model for an image reader"]),
        (["--deadline", "0"], ["deadline_s", "greater than 0"]),
        (["--language", "xx"], ["no messages", "en"]),
    ],
)
def test_a_wrong_setting_ends_the_chat_before_its_first_word(cli: Any, arguments: list[str], words: list[str]) -> None:
    done = cli.run("chat", "--db", str(cli.db), *arguments, stdin="hello\n", code=None)
    assert done.code in (1, 2) and done.out == ""
    assert all(word in done.errors for word in words)
    assert not Path(cli.db).exists()


def test_config_says_what_is_in_force_and_never_a_key(cli: Any) -> None:
    env = {"SYMPTOM_INTAKE_REGION": "gb", "SYMPTOM_INTAKE_API_KEY": "sk-secret"}
    done = cli.run("config", env=env)
    assert "environment variable SYMPTOM_INTAKE_REGION" in done.out and "sk-secret" not in done.out
    shown = json.loads(cli.run("config", "--json", env=env).out)
    assert shown["settings"]["region"] == {"value": "gb", "from": "environment variable SYMPTOM_INTAKE_REGION"}
    assert (shown["key"], shown["file"]) == ("set", None)


def test_config_lists_faults_and_fails(cli: Any) -> None:
    done = cli.run("config", env={"SYMPTOM_INTAKE_MODLE": "x"}, code=1)
    assert "did you mean model?" in done.errors
