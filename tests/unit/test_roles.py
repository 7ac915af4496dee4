"""The prompts of the models: valid, stamped, and every fault named at once."""

from pathlib import Path

import pytest

from symptom_intake.prompts import roles
from symptom_intake.prompts.errors import ContentError
from symptom_intake.prompts.roles import load_role

NAMES = [path.stem for path in (Path(roles.__file__).parent / "roles").glob("*.md")]
FRONT = "---\nid: a\nversion: '1'\nvariables: [facts]\n---\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_loads_and_fills(name: str) -> None:
    role = load_role(name)
    filled = role.render(dict.fromkeys(role.variables, "VALUE"))
    assert filled.count("VALUE") >= len(role.variables)
    assert role.stamp.startswith(f"{name} {role.version} ")


def test_braces_that_are_no_variable_stay() -> None:
    assert '{"sentences"' in load_role("narrator").render({"facts": "x"})


def test_what_fills_a_variable_is_not_filled_again(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"{FRONT}Facts: {{facts}}", encoding="utf-8")
    assert load_role("a", tmp_path).render({"facts": "{facts}"}) == "Facts: {facts}"


def test_a_changed_prompt_has_another_stamp(tmp_path: Path) -> None:
    stamps = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "a.md").write_text(f"{FRONT}{number} {{facts}}", encoding="utf-8")
        stamps.append(load_role("a", folder).stamp)
    assert stamps[0] != stamps[1]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (None, ["cannot be read"]),
        ("no front matter", ["front matter"]),
        ("---\nid: [\n---\nx", ["no YAML"]),
        ("---\nversion: '1'\nextra: 1\n---\nx", ["id", "extra"]),
        ("---\nid: b\nversion: '1'\nvariables: [one]\n---\n{two}", ["'b'", "'one'", "'two'"]),
    ],
)
def test_faults_are_named_at_once(tmp_path: Path, text: str | None, faults: list[str]) -> None:
    if text is not None:
        (tmp_path / "a.md").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_role("a", tmp_path)
    assert all(fault in str(caught.value) for fault in faults)
