"""docs/write-a-protocol.md as it stands: every file of it is written, every command of it run, in order."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "write-a-protocol.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELIDED = "..."


def blocks() -> list[tuple[str, str]]:
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def commands(block: str) -> list[tuple[str, str]]:
    """Each command of a console block, with what it prints."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def expected(shown: str) -> re.Pattern[str]:
    """What is shown as a pattern: what is typed is not printed, and `...` stands for any lines."""
    lines = re.sub(r"^> .*\n?", "> ", shown, flags=re.MULTILINE).rstrip().split("\n")
    pattern = "".join(r"(?:.*\n)*?" if line == ELIDED else re.escape(line.rstrip()) + r"\n" for line in lines)
    return re.compile(pattern)


def run(command: str, shown: str, cli: Any) -> str:
    typed = "".join(f"{line}\n" for line in re.findall(r"^> (.*)$", shown, re.MULTILINE))
    env = cli.env | {"PATH": f"{cli.script.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        command, shell=True, input=typed, capture_output=True, text=True, timeout=120, cwd=cli.folder, env=env, check=False
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return re.sub(r"[ \t]+$", "", done.stdout + done.stderr, flags=re.MULTILINE).rstrip() + "\n"


@pytest.mark.timeout(600)
def test_the_page_can_be_followed(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {kind for kind, _ in blocks()}
    assert kinds == {"console", "yaml", "python"}
    monkeypatch.chdir(cli.folder)
    for kind, block in blocks():
        if kind == "yaml":
            path = cli.folder / block.splitlines()[0].removeprefix("# ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block, encoding="utf-8")
        elif kind == "python":
            exec(compile(block, str(PAGE), "exec"), {})
        else:
            for command, shown in commands(block):
                printed = run(command, shown, cli)
                assert expected(shown).fullmatch(printed), f"$ {command}\n{printed}"


def test_what_the_page_says_of_the_exit_status(cli: Any) -> None:
    cli.run("protocols", "new", "hand_injury")
    assert "No faults" in cli.run("protocols", "lint", "hand_injury").out
    file = cli.folder / "hand_injury/complaints/hand_injury.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("kind: yes_no", "kind: yes_or_no"), encoding="utf-8")
    assert "line 23: " in cli.run("protocols", "lint", "hand_injury", code=1).out


def test_every_command_runs_on_a_pack(cli: Any) -> None:
    cli.run("protocols", "new", "hand_injury")
    pack = ("--content", "hand_injury")
    reply, report = cli.chat(["I have a hand injury"], *pack)
    (complaint,) = report["report"]["chief_complaints"]
    assert complaint["label"] == "hand injury"
    page = cli.run("report", reply["session"], "--db", str(cli.db), *pack).out
    assert "hand injury" in page and "have not been signed by a clinician" in page
    assert "hand_injury" not in cli.run("config").out
    assert "hand_injury  (environment variable" in cli.run("config", env={"SYMPTOM_INTAKE_CONTENT": "hand_injury"}).out
    draft = '{"draft": "Has it become much worse within a few hours?"}'
    assert '"allowed": true' in cli.run("guard", *pack, stdin=draft).out
    left = cli.run("chat", "--db", str(cli.db), *pack, stdin="it hurts\n/quit\n").out
    assert left.rstrip().endswith("--content hand_injury")
