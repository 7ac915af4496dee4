"""Content that was found sound is not parsed twice, and a cache that is of no use changes nothing."""

from pathlib import Path

import pytest
import yaml

from symptom_intake.prompts import ContentError
from symptom_intake.prompts.cache import KEPT
from symptom_intake.prompts.loader import Content, read_content


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "symptom-intake"


def parts(content: Content) -> tuple[object, ...]:
    return content.protocols, content.shared, content.universal, content.modifiers, content.triggers, content.version


def no_yaml(*_: object, **__: object) -> None:
    raise AssertionError("YAML is parsed")


def test_the_second_time_no_yaml_is_parsed_and_the_content_is_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_content()
    assert len(list(folder.glob("*.json"))) == 1
    monkeypatch.setattr(yaml, "load", no_yaml)
    assert parts(read_content()) == parts(first)


@pytest.mark.parametrize(
    "spoil", [lambda text: b"", lambda text: text[:-20], lambda text: text.replace(b"fever", b"fevre")]
)
def test_a_damaged_cache_is_passed_over_and_made_again(folder: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    first = read_content()
    (file,) = folder.glob("*.json")
    sound = file.read_bytes()
    file.write_bytes(spoil(sound))
    assert parts(read_content()) == parts(first)
    assert file.read_bytes() == sound


def test_a_cache_that_cannot_be_written_is_no_matter(folder: Path) -> None:
    folder.parent.write_text("a file where the folder would be", encoding="utf-8")
    assert read_content().protocols


def test_faulty_content_is_never_kept(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "universal.yaml").write_text("version: '1'\nrules: [{id: X, reason: x}]\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ContentError, match="X: it needs a level"):
            read_content(tmp_path / "pack")
    assert not folder.exists()


def test_a_date_which_json_cannot_hold_is_parsed_each_time(folder: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    (pack / "complaints").mkdir(parents=True)
    example = "examples: {fires: [{fever: yes}], quiet: [{fever: 2026-01-01}]}"
    (pack / "universal.yaml").write_text(
        f"version: '1'\nrules: [{{id: X, level: routine, when: {{fever: yes}}, reason: x, {example}}}]\n",
        encoding="utf-8",
    )
    assert "X" in read_content(pack).rules and "X" in read_content(pack).rules
    assert not list(folder.glob("*.json"))


def test_only_some_versions_are_kept(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    for number in range(KEPT + 2):
        (tmp_path / "pack" / "asides.yaml").write_text(f"version: '{number}'\nasides: []\n", encoding="utf-8")
        read_content(tmp_path / "pack")
    assert len(list(folder.iterdir())) == KEPT
