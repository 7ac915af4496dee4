"""The command line as a whole: what it imports, and how it fails."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from symptom_intake.agent.cli import app

HEAVY = {"langgraph", "langchain_core", "sqlite_utils", "dateparser", "PIL", "pydicom", "rapidfuzz", "ahocorasick"}


def python(code: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=os.environ | env, check=False
    )


def test_notice_and_opening_question_come_before_anything_heavy_is_imported() -> None:
    done = python(
        "import sys, builtins\n"
        "import symptom_intake.agent.commands.talk as talk\n"
        "talk.get_ready = lambda *_: None\n"
        "def typed(prompt): raise EOFError\n"
        "builtins.input = typed\n"
        "import symptom_intake.agent.cli as cli\n"
        "sys.argv[1:] = ['chat']\n"
        "try: cli.main()\n"
        "finally: sys.stderr.write(' '.join(sys.modules))\n"
    )
    assert "I am a computer program" in done.stdout and "What is the problem" in done.stdout
    assert not {name.partition(".")[0] for name in done.stderr.split()} & HEAVY


def test_the_rest_is_imported_while_the_person_types() -> None:
    done = python(
        "import sys, threading\n"
        "from symptom_intake.agent.commands.opening import get_ready\n"
        "from symptom_intake.agent.config import Config\n"
        "get_ready(Config())\n"
        "[each.join() for each in threading.enumerate() if each is not threading.main_thread()]\n"
        "sys.stdout.write(str('symptom_intake.agent.session' in sys.modules))\n"
    )
    assert (done.stdout, done.stderr) == ("True", "")


def failing(statement: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return python(
        "import symptom_intake.agent.cli as cli\n"
        "from symptom_intake.agent.errors import StorageError\n"
        f"def app(): {statement}\n"
        "cli.app = app\n"
        "cli.main()\n",
        **env,
    )


def test_an_error_of_ours_is_its_sentence() -> None:
    done = failing("raise StorageError('The disk is full.')")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "The disk is full.\n")


def test_any_other_error_is_one_plain_sentence_with_no_patient_text() -> None:
    done = failing("raise ValueError('my chest hurts')")
    assert done.returncode == 70
    assert done.stderr.count("\n") == 1 and "What was saved is saved" in done.stderr
    assert "chest" not in done.stderr and "Traceback" not in done.stderr


def test_whoever_mends_the_program_can_see_the_traceback() -> None:
    assert "ValueError" in failing("raise ValueError", SYMPTOM_INTAKE_DEBUG="1").stderr


def test_a_reader_that_went_away_is_no_news() -> None:
    done = failing("raise BrokenPipeError")
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_an_output_that_is_full_is_said() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "symptom_intake.agent.cli", "graph"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "The output could not be written: No space left on device. What was saved is saved.\n"


@pytest.mark.parametrize("command", ["chat", "report", "sessions", "erase", "graph", "screen", "guard", "protocols"])
def test_every_command_has_help(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert command in done.output


@pytest.mark.parametrize(
    "args",
    [["nonsense"], ["report"], ["chat", "--nonsense"], ["report", "x", "--format", "pdf"], ["screen", "no/such/file"]],
)
def test_wrong_usage_is_status_2(args: list[str]) -> None:
    assert CliRunner().invoke(app, args).exit_code == 2


def test_a_language_without_messages_is_a_wrong_setting() -> None:
    done = CliRunner().invoke(app, ["chat", "--language", "xx"])
    assert done.exit_code == 1 and "there are: en" in str(done.exception)


def test_the_graph_is_mermaid() -> None:
    done = CliRunner().invoke(app, ["graph"])
    assert done.exit_code == 0
    for node in ("receive", "screen", "listen", "assess", "guardrail", "deliver", "escalate"):
        assert node in done.output
    assert "graph TD" in done.output
