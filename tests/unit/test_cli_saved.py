"""The saved report: whole or not at all, and for its owner only."""

from pathlib import Path

import pytest

from symptom_intake.agent.commands.saved import report_path, save_report
from symptom_intake.agent.errors import StorageError


def test_it_lies_beside_the_database(tmp_path: Path) -> None:
    assert report_path(str(tmp_path / "intake.db"), "abc") == tmp_path / "abc.md"
    assert report_path(":memory:", "abc") is None


def test_only_its_owner_can_read_it_and_a_new_one_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "abc.md"
    save_report(path, "one – two")
    save_report(path, "three")
    assert path.read_text(encoding="utf-8") == "three"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_is_said_and_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "abc.md"
    path.write_text("old", encoding="utf-8")
    (tmp_path / "abc.md.part").mkdir()
    with pytest.raises(StorageError, match="could not be saved"):
        save_report(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
