"""`symptom-intake config` in a process of its own, and a chat that has a model but was told nothing."""

from typing import Any

import pytest

NOBODY = "openai:scripted@http://127.0.0.1:9/v1"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("MODEL", "gpt", "model (environment variable SYMPTOM_INTAKE_MODEL): 'gpt' names no model"),
        ("IMAGE_MODEL", "embedded", "names no model for an image reader"),
        ("LANGUAGE", "xx", "There are no messages in the language 'xx'; there are: en."),
        ("MODEL", "openai:m@http://joe:hunter2@h/v1", "holds a password"),
    ],
)
def test_what_the_chat_would_refuse_config_refuses(cli: Any, variable: str, value: str, words: str) -> None:
    done = cli.run("config", env={f"SYMPTOM_INTAKE_{variable}": value}, code=1)
    assert words in done.errors and done.out == ""
    assert "hunter2" not in done.errors


def test_a_file_that_is_no_toml_does_not_hide_other_faults(cli: Any) -> None:
    (cli.folder / "symptom-intake.toml").write_text("region = \n", encoding="utf-8")
    done = cli.run("config", env={"SYMPTOM_INTAKE_REGOIN": "gb", "SYMPTOM_INTAKE_MODEL": "gpt"}, code=1)
    assert all(
        words in done.errors for words in ("is no TOML", "line 1", "did you mean region?", "'gpt' names no model")
    )


def test_a_wrong_type_does_not_hide_a_wrong_name(cli: Any) -> None:
    (cli.folder / "symptom-intake.toml").write_text('deadline_s = "soon"\nregion = 3\nmodel = "gpt"', encoding="utf-8")
    done = cli.run("config", code=1)
    assert all(f"- {name} (file symptom-intake.toml): " in done.errors for name in ("deadline_s", "region", "model"))


def test_a_chat_with_a_model_that_is_told_nothing_saves_nothing(cli: Any) -> None:
    done = cli.run("chat", "--db", str(cli.db), "--model", NOBODY, stdin="/quit\n")
    assert "Nothing was said, so nothing was saved." in done.out
    assert not cli.db.exists()


def test_a_model_that_cannot_be_loaded_ends_the_chat_before_it_asks(cli: Any) -> None:
    done = cli.run("chat", "--db", str(cli.db), "--model", "medgemma:/nowhere/at/all", stdin="My knee hurts.\n", code=1)
    assert "What is the problem" in done.out and "> " not in done.out
    assert done.errors.count("\n") == 1 and not cli.db.exists()


def test_going_on_later_is_told_the_model_again(cli: Any) -> None:
    done = cli.run("chat", "--db", str(cli.db), "--model", NOBODY, "--deadline", "0.5", stdin="My knee hurts.\n/quit\n")
    assert f"--db {cli.db} --model {NOBODY}" in done.out
