"""The command `guard` on the real command line."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[2] / "docs" / "guardrail.md").read_text(encoding="utf-8")
DRAFT = "You said your right knee hurts. It is gout."


def test_a_blocked_draft_is_shown_with_what_is_wrong_and_fails(cli: Any) -> None:
    done = cli.run("guard", "--text", DRAFT, "--said", "my left knee hurts", "--said", "since Monday", code=1)
    first, draft, head, *rows = done.out.splitlines()
    assert (first, draft) == ("blocked", DRAFT) and head.split() == ["class", "at", "words", "reason"]
    found = [re.fullmatch(r"([A-Z]+) +(\d+)-(\d+) +(\S.*)", row) for row in rows]
    assert all(found) and {"FAB", "DX"} <= {match[1] for match in found if match}
    for match in found:
        assert match and match[4].startswith(DRAFT[int(match[2]) : int(match[3])])
    assert done.errors == ""


def test_an_allowed_draft_succeeds(cli: Any) -> None:
    done = cli.run("guard", "--text", "You said your left knee hurts.", "--said", "my left knee hurts")
    assert done.out == "allowed\n"


def test_an_emergency_wants_its_template(cli: Any) -> None:
    assert "ESC" in cli.run("guard", "--text", "When did it start?", "--urgency", "emergency_now", code=1).out


def test_nothing_in_a_draft_reaches_the_terminal_as_a_command(cli: Any) -> None:
    draft = "You have \x1b[2J[bold]gout[/bold]\u202e\u200b."
    done = cli.run("guard", "--text", draft, code=1, env={"FORCE_COLOR": "1", "TERM": "xterm"})
    assert "\x1b[2J" not in done.out and "\u202e" not in done.out
    assert "[bold]" in cli.run("guard", "--text", draft, code=1).out


def test_an_empty_draft_is_blocked(cli: Any) -> None:
    assert "is empty" in cli.run("guard", "--text", "", code=1).out


def test_options_for_one_draft_want_one(cli: Any) -> None:
    for option in (["--said", "x"], ["--urgency", "routine"]):
        assert "goes with --text" in cli.run("guard", *option, code=2).errors
    assert cli.run("guard", "--text", "x", "--urgency", "soon", code=2).out == ""


def test_lines_go_on_as_they_were(cli: Any) -> None:
    lines = [{"draft": DRAFT, "said": ["my left knee hurts"]}, {"draft": "When did it start?"}, {"draft": 3}]
    done = cli.run("guard", stdin="".join(json.dumps(each) + "\n" for each in lines), code=1)
    first, second, third = map(json.loads, done.out.splitlines())
    assert first["allowed"] is False and {each["class"] for each in first["violations"]} >= {"FAB", "DX"}
    assert second == {"allowed": True, "violations": []} and list(third) == ["error"]


def test_the_pages_commands_run(cli: Any) -> None:
    table, lines = re.findall(r"^    (.*symptom-intake guard.*)$", PAGE, re.MULTILINE)
    _, *args = shlex.split(table)
    assert cli.run(*args, code=1).out.startswith("blocked")
    (draft,) = re.findall(r"^echo '(.*)' \| symptom-intake guard$", lines)
    assert json.loads(cli.run("guard", stdin=draft + "\n").out)["allowed"] is False


def test_help_tells_how(cli: Any) -> None:
    shown = cli.run("guard", "--help").out
    assert all(each in shown for each in ("--text", "--said", "--urgency", "Status 0", "Example:"))
