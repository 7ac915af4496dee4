"""What is shown where no terminal is: plain lines, whole paths, and an emergency that cannot be missed."""

import pytest

from symptom_intake.agent.commands.card import Card
from symptom_intake.agent.commands.view import EMERGENCY, View
from symptom_intake.agent.reply import Progress


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    out = capsys.readouterr().out
    assert "\x1b" not in out
    return out


def test_answers_are_numbered(capsys: pytest.CaptureFixture[str]) -> None:
    View().reply(Card("What does it feel like?", ("sharp", "dull")))
    out = shown(capsys)
    assert "What does it feel like?" in out and "1. sharp\n2. dull" in out


def test_an_emergency_is_framed_and_its_words_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    words = "Call 911 now. " + "Do not wait for this chat. " * 8
    View().emergency(words)
    out = shown(capsys)
    assert EMERGENCY in out and words in out


def test_markup_in_what_was_typed_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    View().say("[bold red]hello[/] :smile:")
    assert "[bold red]hello[/] :smile:" in shown(capsys)


def test_a_path_is_never_broken(capsys: pytest.CaptureFixture[str]) -> None:
    path = "/somewhere/" + "very_" * 60 + "deep/abc.md"
    View().path("The report is saved in", path)
    assert path in shown(capsys)


@pytest.mark.parametrize(("remaining", "words"), [
    ((), "nothing left to cover"),
    (("age", "sex"), "still to cover: age, sex"),
    (("a", "b", "c", "d", "e"), "still to cover: a, b, c and 2 more"),
])  # fmt: skip
def test_progress_names_what_is_left(
    capsys: pytest.CaptureFixture[str], remaining: tuple[str, ...], words: str
) -> None:
    View().progress(Progress(asked=4, limit=25, covered=3, remaining=remaining))
    assert f"3 noted · question 4 · {words}" in shown(capsys)
