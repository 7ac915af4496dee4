"""The words of answers: the content file is whole, and faults in it are told with their place."""

from pathlib import Path

import pytest

from symptom_intake.prompts import ContentError
from symptom_intake.prompts.answers import load_answers
from symptom_intake.prompts.layers import content_root

SHIPPED = content_root() / "answers.yaml"


def test_every_named_list_exists() -> None:
    answers = load_answers()
    named = {
        word[1:]
        for phrases in answers.phrases().values()
        for each in phrases
        for word in each.split()
        if word[0] == "@"
    }
    assert named
    assert named <= answers.lists.keys()


def test_every_number_of_a_hundred_can_be_said() -> None:
    assert set(load_answers().numbers) == {*range(21), *range(30, 101, 10)}


def test_a_fault_names_the_file_and_the_line(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace("\n  wk: [", "\n  moon: [", 1)
    (tmp_path / "answers.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_answers(tmp_path)
    (fault,) = caught.value.faults
    assert fault.file == "answers.yaml"
    assert text.splitlines()[fault.line - 2].startswith("units:")
    assert "moon" in fault.message


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        load_answers(tmp_path)
