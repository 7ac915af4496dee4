"""The real command line in processes of its own, on real database files."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(sys.executable).with_name("symptom-intake")


class Live:
    """A `chat --jsonl` that is still running: one line in, one line out."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def send(self, message: Mapping[str, Any]) -> dict[str, Any]:
        self.write(message)
        return self.read()

    def write(self, message: Mapping[str, Any]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        assert self.process.stdout
        line: dict[str, Any] = json.loads(self.process.stdout.readline())
        return line

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def finish(self) -> list[dict[str, Any]]:
        out, errors = self.process.communicate(timeout=60)
        assert "Traceback" not in errors, errors
        return [json.loads(line) for line in out.splitlines()]


class Cli:
    """The command line with a database of this test."""

    def __init__(self, folder: Path) -> None:
        self.script, self.folder, self.db = SCRIPT, folder, folder / "intake.db"
        self.env = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "HOME": str(folder)}
        self.live: list[Live] = []

    def run(self, *args: str, stdin: str | bytes = b"", code: int | None = 0, **more: Any) -> "Done":
        data = stdin.encode("utf-8", "surrogatepass") if isinstance(stdin, str) else stdin
        env = self.env | more.pop("env", {})
        done = subprocess.run(
            [SCRIPT, *args], input=data, capture_output=True, timeout=120, cwd=self.folder, env=env, **more
        )
        out, errors = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in errors, errors
        assert code is None or done.returncode == code, (done.returncode, out, errors)
        return Done(done.returncode, out, errors)

    def chat(self, messages: Iterable[str | Mapping[str, Any]], *args: str, code: int = 0) -> list[dict[str, Any]]:
        lines = [json.dumps({"text": each} if isinstance(each, str) else each) for each in messages]
        done = self.run("chat", "--jsonl", "--db", str(self.db), *args, stdin="\n".join(lines) + "\n", code=code)
        return [json.loads(line) for line in done.out.splitlines()]

    def start(self, *args: str) -> Live:
        process = subprocess.Popen(
            [SCRIPT, "chat", "--jsonl", "--db", str(self.db), *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, cwd=self.folder, env=self.env,
        )  # fmt: skip
        self.live.append(Live(process))
        return self.live[-1]

    def interview(
        self, opening: str, answer: Callable[[dict[str, Any]], str], *args: str, limit: int = 40
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Answer until it is over; the replies and the report."""
        live = self.start(*args)
        replies = [live.send({"text": opening})]
        while not replies[-1]["done"] and len(replies) < limit:
            replies.append(live.send({"text": answer(replies[-1])}))
        (last,) = live.finish()
        return replies, last["report"]

    @staticmethod
    def facts(report: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The report's lines by slot, without those that were not asked."""
        lines = [line for section in report["sections"] for line in section["lines"] if line["state"] != "not_asked"]
        return {line["slot"]: line for line in lines}

    def report(self, session: str) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.run("report", session, "--db", str(self.db), "--format", "json").out)
        return report


class Done:
    """What a command left: its status, and what it wrote."""

    def __init__(self, code: int, out: str, errors: str) -> None:
        self.code, self.out, self.errors = code, out, errors


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Cli]:
    made = Cli(tmp_path)
    yield made
    for each in made.live:
        if each.process.poll() is None:
            each.kill()
