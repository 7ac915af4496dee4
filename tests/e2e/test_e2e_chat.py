"""The interview as a person sees it, at a pseudo-terminal."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from PIL import Image

OPENING = "I have had a headache for two days"


def words_of(screen: str) -> str:
    """What is on the screen without colours, frames and line breaks."""
    return " ".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[│║]", " ", screen).split())


class Terminal:
    """A terminal of 100 columns."""

    def __init__(self, cli: Any, *args: str, db: bool = True, **env: str) -> None:
        arguments = ["chat", *(["--db", str(cli.db)] if db else []), *args]
        self.child = pexpect.spawn(
            str(cli.script), arguments, env={**cli.env, "TERM": "xterm", **env}, encoding="utf-8", timeout=30,
            dimensions=(60, 100), cwd=str(cli.folder), echo=False,
        )  # fmt: skip
        self.seen = ""

    def until(self, words: str) -> str:
        self.child.expect(words)
        part = self.child.before + self.child.after
        self.seen += part
        assert "Traceback" not in self.seen
        return words_of(part)

    def prompt(self) -> str:
        return self.until(r"\n(\x1b\[[0-9;?]*[A-Za-z])*> ")

    def type(self, text: str) -> str:
        self.child.sendline(text)
        return self.prompt()

    def interrupt(self) -> None:
        """Press Ctrl-C until it is noticed: one that arrives just before the line editor starts to wait is not."""
        for _ in range(5):
            self.child.sendintr()
            if self.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=5) == 0:
                return

    def end_of_input(self) -> None:
        self.child.sendeof()

    def end(self) -> str:
        if self.child.after is not pexpect.EOF:
            self.child.expect(pexpect.EOF)
        self.seen += self.child.before
        assert "Traceback" not in self.seen
        self.child.close()
        return words_of(self.child.before)


@pytest.fixture
def terminal(cli: Any) -> Iterator[Any]:
    opened: list[Terminal] = []

    def open_(*args: str, **env: str) -> Terminal:
        opened.append(Terminal(cli, *args, **env))
        return opened[-1]

    yield open_
    for each in opened:
        each.child.close(force=True)


def test_notice_first_then_one_question_a_turn_with_progress(terminal: Any) -> None:
    chat = terminal()
    start = chat.prompt()
    assert start.index("computer program") < start.index("What is the problem")
    answer = chat.type(OPENING)
    assert "1. " in answer and "still to cover" in answer and "noted" in answer
    assert "question 1" in answer


def test_every_command(terminal: Any, cli: Any, tmp_path: Path) -> None:
    Image.new("RGB", (80, 60), "red").save(tmp_path / "a b.png")
    (tmp_path / "no.png").write_bytes(b"no picture")
    chat = terminal()
    chat.prompt()
    assert "no question" in chat.type("/skip")
    assert "nothing to take back" in chat.type("/undo")
    assert "not asking anything" in chat.type("/why")
    assert "not asking anything" in chat.type("  /why")
    assert "There is no such command" in chat.type("/nonsense")
    assert "/attach PATH" in chat.type("/help")
    chat.type(OPENING)
    age = chat.type("none of these")
    assert "How old" in age
    assert "?" not in chat.type("/why")
    assert "no such file" in chat.type("/attach missing.png")
    assert "path of the image" in chat.type("/attach")
    assert "kept" not in chat.type("/attach no.png")
    assert "goes with your next message" in chat.type("/attach 'a b.png'")
    chat.type("34")
    assert "34" in chat.type("/summary")
    undone = chat.type("/undo")
    assert "took back" in undone and "How old" in undone
    assert "34" not in chat.type("/summary")
    assert "How old" not in chat.type("/skip")
    chat.child.sendline("/quit")
    rest = chat.end()
    session = re.search(r"--resume ([0-9a-f]{32})", rest)
    assert session and chat.child.exitstatus == 0
    report = cli.report(session[1])
    assert len(report["images"]) == 1
    assert [turn["text"] for turn in report["transcript"] if turn["taken_back"]] == ["34"]


def test_ctrl_c_and_the_end_of_input_save(terminal: Any) -> None:
    for leave in ("interrupt", "end_of_input"):
        chat = terminal()
        chat.prompt()
        chat.type(OPENING)
        getattr(chat, leave)()
        rest = chat.end()
        assert re.search(r"--resume [0-9a-f]{32} --db ", rest), rest
        assert chat.child.exitstatus == 0


def test_leaving_before_a_word_saves_nothing(terminal: Any, cli: Any) -> None:
    chat = terminal()
    chat.prompt()
    chat.interrupt()
    assert "nothing was saved" in chat.end()
    assert not cli.db.exists()


def test_resume_shows_the_question_that_was_open(terminal: Any, cli: Any) -> None:
    first, second, _ = cli.chat([OPENING, "none of these"])
    chat = terminal("--resume", first["session"])
    shown = chat.prompt()
    assert "computer program" in shown and second["text"].rpartition("\n\n")[2][:40] in shown
    chat.type("34")
    chat.child.sendline("/quit")
    chat.end()
    assert cli.facts(cli.report(first["session"]))["age"]["number"] == 34


@pytest.mark.parametrize("plain", [False, True])
def test_an_emergency_is_unmistakable_and_its_report_is_saved(terminal: Any, cli: Any, plain: bool) -> None:
    env = {"NO_COLOR": "1"} if plain else {"NO_COLOR": ""}
    chat = terminal(**env)
    chat.prompt()
    chat.child.sendline("I am going to kill myself")
    rest = chat.end()
    assert "EMERGENCY" in rest and "Call 911 now." in rest and "988" in rest
    assert ("\x1b[1;31m" in chat.seen or "\x1b[1;37;41m" in chat.seen) is not plain
    (saved,) = cli.folder.glob("*.md")
    assert saved.name in rest
    assert "STOPPED BY AN EMERGENCY" in saved.read_text(encoding="utf-8")
    assert chat.child.exitstatus == 0


def test_at_the_end_the_report_is_shown_and_its_path_printed(terminal: Any, cli: Any) -> None:
    chat = terminal()
    chat.prompt()
    chat.type(OPENING)
    told = {"How old": "34", "sex": "male", "Are you writing": "1", "right?": "yes"}
    for _ in range(40):
        shown = chat.seen[-1500:]
        chat.child.sendline(next((answer for words, answer in told.items() if words in shown), "no"))
        if chat.child.expect([r"\n(?:\x1b\[[0-9;?]*[A-Za-z])*> ", pexpect.EOF]):
            break
        chat.seen += chat.child.before
    rest = chat.child.before
    assert "Patient history" in rest and "Transcript" in rest
    (saved,) = cli.folder.glob("*.md")
    assert saved.name in rest
    assert "The interview was finished" in saved.read_text(encoding="utf-8")


def test_without_a_terminal_it_is_plain_text(cli: Any) -> None:
    done = cli.run("chat", "--db", str(cli.db), stdin=f"{OPENING}\nnone of these\n/quit\n", env={"NO_COLOR": ""})
    assert "\x1b" not in done.out and "╭" not in done.out
    assert "How old" in done.out and "--resume" in done.out


def test_typed_bytes_that_are_no_text_do_not_end_it(cli: Any) -> None:
    done = cli.run("chat", "--db", str(cli.db), stdin=b"my head \xff\xfe aches\n/quit\n")
    assert "--resume" in done.out


def test_an_unknown_region_falls_back_and_says_so(cli: Any) -> None:
    done = cli.run("chat", "--db", str(cli.db), "--region", "atlantis", stdin="")
    assert "atlantis" in done.out and "112" in done.out
