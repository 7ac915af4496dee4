"""The loader: our content is sound, and whatever an author breaks is reported at once, with file and line."""

import shutil
from pathlib import Path

import pytest

import symptom_intake.prompts as prompts
from symptom_intake.prompts import ContentError, load_content
from symptom_intake.prompts.conditions import slots_of

SHIPPED = Path(prompts.__file__).parent


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path / "pack", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "pack"


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence; the line on which it stood."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def faults_of(pack: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_content(pack)
    return [str(fault) for fault in caught.value.faults]


def test_the_shipped_content_is_sound_and_draft() -> None:
    content = load_content()
    assert {"chest_pain", "breathlessness", "headache", "abdominal_pain", "generic"} <= content.protocols.keys()
    assert {"fever_adult", "fever_child", "back_pain", "urinary", "mental_health"} <= content.protocols.keys()
    assert content.draft


def test_a_complaints_own_slots_carry_its_name_and_its_rules_refer_to_them() -> None:
    content = load_content()
    for protocol in content.protocols.values():
        for rule in protocol.rules:
            names = set(slots_of(rule.when)) if rule.when else set()
            assert names <= content.slots.keys() | {"critical_unknown"}, rule.id
        assert any(slot.id.startswith(f"{protocol.id}.") for slot in protocol.slots)


def test_a_copy_elsewhere_loads_alike(pack: Path) -> None:
    assert load_content(pack).version == load_content().version


def test_any_change_changes_the_version(pack: Path) -> None:
    edit(pack / "slots.yaml", "version:", "# a remark\nversion:")
    assert load_content(pack).version != load_content().version


def test_faults_of_several_files_come_together_with_their_lines(pack: Path) -> None:
    first = edit(pack / "complaints/chest_pain.yaml", "reason:", "raeson:")
    second = edit(pack / "universal.yaml", "level: emergency_now", "level: sometime")
    faults = faults_of(pack)
    assert any(fault.startswith("complaints/chest_pain.yaml") and "raeson" in fault for fault in faults)
    assert any(fault.startswith(f"universal.yaml:{second}:") and "level" in fault for fault in faults)
    assert first > 0


def test_broken_yaml_names_its_line(pack: Path) -> None:
    path = pack / "modifiers.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nrules: [unclosed\n", encoding="utf-8")
    assert any(fault.startswith("modifiers.yaml:") and "not YAML" in fault for fault in faults_of(pack))


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("complaints/headache.yaml", "id: HA-02", "id: HA-01", "used 2 times"),
        ("complaints/back_pain.yaml", "- use: ", "- use: nonsense_", "no shared slot"),
        ("triggers.yaml", "rule: UNI-", "rule: UNX-", "no rule"),
    ],
)
def test_references_to_nothing(pack: Path, file: str, old: str, new: str, expected: str) -> None:
    edit(pack / file, old, new)
    assert any(fault.startswith(file) and expected in fault for fault in faults_of(pack))


def test_a_condition_on_a_slot_that_does_not_exist(pack: Path) -> None:
    path = pack / "modifiers.yaml"
    text = path.read_text(encoding="utf-8")
    rule = "  - {id: MOD-X, when: {no_such_slot: yes}, level: routine, reason: x, examples: {fires: [{fever: yes}], quiet: [{fever: no}]}}\n"
    path.write_text(text.rstrip("\n") + "\n" + rule, encoding="utf-8")
    faults = faults_of(pack)
    line = text.rstrip("\n").count("\n") + 2
    assert f"modifiers.yaml:{line}: MOD-X: there is no slot 'no_such_slot'" in faults


def test_a_rule_without_examples_is_refused(pack: Path) -> None:
    path = pack / "modifiers.yaml"
    rule = "  - {id: MOD-X, when: {fever: yes}, level: routine, reason: x}\n"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + rule, encoding="utf-8")
    assert any("MOD-X: it has no examples" in fault for fault in faults_of(pack))


def test_a_new_complaint_needs_no_python(pack: Path) -> None:
    (pack / "complaints/sore_throat.yaml").write_text(
        """
id: sore_throat
version: "0.1.0"
label: sore throat
words: [sore throat, "@throat + @pain"]
slots:
  - use: onset_time
  - id: drooling
    label: drooling
    kind: yes_no
    section: associated
    importance: critical
    question: Is spit running out of your mouth because you cannot swallow it?
    rephrase: Are you able to swallow your own spit?
    proxy: Is spit running out of their mouth because they cannot swallow it?
    proxy_rephrase: Are they able to swallow their own spit?
    why: Trouble swallowing can need care at once.
rules:
  - id: TH-01
    when: {drooling: yes}
    level: emergency_now
    reason: cannot swallow saliva
    examples: {fires: [{drooling: yes}], quiet: [{drooling: no}]}
default: {id: TH-99, level: routine, reason: sore throat}
""",
        encoding="utf-8",
    )
    content = load_content(pack)
    assert content.protocols["sore_throat"].slots[1].id == "sore_throat.drooling"
    assert content.rules["TH-01"].level == "emergency_now"
