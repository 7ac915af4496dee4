"""The loader: our content is sound, and whatever an author breaks is reported at once, with file and line."""

import shutil
from pathlib import Path

import pytest

from symptom_intake.prompts import ContentError, load_content
from symptom_intake.prompts.conditions import slots_of
from symptom_intake.prompts.layers import content_root


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pack").mkdir()
    return tmp_path / "pack"


def take(pack: Path, name: str) -> Path:
    """Copy one of our files into the pack, to be changed there."""
    path = pack / name
    path.parent.mkdir(exist_ok=True)
    shutil.copy(str(content_root() / name), path)
    return path


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
    assert content.draft and "complaints/chest_pain.yaml" in content.drafts


def test_a_complaints_own_slots_carry_its_name_and_its_rules_refer_to_them() -> None:
    content = load_content()
    for protocol in content.protocols.values():
        for rule in protocol.rules:
            names = set(slots_of(rule.when)) if rule.when else set()
            assert names <= content.slots.keys() | {"critical_unknown"}, rule.id
        assert any(slot.id.startswith(f"{protocol.id}.") for slot in protocol.slots)


def test_faults_of_several_files_come_together_with_their_lines(pack: Path) -> None:
    first = edit(take(pack, "complaints/chest_pain.yaml"), "    reason:", "    raeson:")
    second = edit(take(pack, "universal.yaml"), "level: emergency_now", "level: sometime")
    faults = faults_of(pack)
    chest, universal = pack / "complaints/chest_pain.yaml", pack / "universal.yaml"
    assert any(fault.startswith(f"{chest}:{first}:") and "raeson" in fault for fault in faults)
    assert any(fault.startswith(f"{universal}:{second}:") and "level" in fault for fault in faults)


def test_broken_yaml_names_its_line(pack: Path) -> None:
    path = take(pack, "modifiers.yaml")
    path.write_text(path.read_text(encoding="utf-8") + "\nrules: [unclosed\n", encoding="utf-8")
    assert any(fault.startswith(f"{path}:") and "not YAML" in fault for fault in faults_of(pack))


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("complaints/headache.yaml", "id: HA-02", "id: HA-01", "'HA-01' is used 2 times"),
        ("complaints/headache.yaml", "id: HA-02", "id: CP-01", "'CP-01' is used 2 times"),
        ("complaints/headache.yaml", "id: headache", "id: head_ache", "the file is called 'headache'"),
        (
            "complaints/headache.yaml",
            "level: emergency",
            "also_run: [chest_pian]\n    level: emergency",
            "no complaint",
        ),
        ("complaints/back_pain.yaml", "id: bowel_change", "id: bladder_change", "stands twice in this file"),
        ("complaints/back_pain.yaml", "- use: ", "- use: nonsense_", "no shared slot"),
        ("complaints/back_pain.yaml", "words: [", 'words: ["@nonsense", ', "no vocabulary 'nonsense'"),
        ("complaints/back_pain.yaml", "{value: both,", "{value: one,", "the option 'one' stands 2 times"),
        ("triggers.yaml", "rule: UNI-", "rule: UNX-", "no rule"),
        ("universal.yaml", 'pulse_rate: "140"', 'pulse_rate: "fast"', "'fast' is not a number"),
    ],
)
def test_what_does_not_fit_together_is_found_where_it_stands(
    pack: Path, file: str, old: str, new: str, expected: str
) -> None:
    path = take(pack, file)
    edit(path, old, new)
    faults = [fault for fault in faults_of(pack) if expected in fault]
    assert faults and all(int(fault.removeprefix(f"{path}:").split(":")[0]) > 0 for fault in faults if file in fault)
    assert any(fault.startswith(str(path)) for fault in faults)


RULE = "version: '1'\nrules:\n  - {{id: MOD-X, when: {{{when}}}, level: routine, reason: x{more}}}\n"
EXAMPLES = ", examples: {fires: [{fever: yes}], quiet: [{fever: no}]}"


@pytest.mark.parametrize(
    ("when", "more", "expected"),
    [
        ("no_such_slot: yes", EXAMPLES, "MOD-X: there is no slot 'no_such_slot'"),
        ("'*.no_such_slot': yes", EXAMPLES, "MOD-X: no complaint has a slot 'no_such_slot' of its own"),
        ("sex: purple", EXAMPLES, "MOD-X: sex has no option 'purple'"),
        ("age: '>= 65'", EXAMPLES, "MOD-X: age: '65' needs a unit of time"),
        ("fired: CP-00", EXAMPLES, "MOD-X: there is no rule 'CP-00'"),
        ("fever: yes", "", "MOD-X: it has no examples"),
        ("fever: yes", EXAMPLES.replace("fever: no", "fevre: no"), "MOD-X: an example has the slot 'fevre'"),
        (
            "age: '> 65y'",
            EXAMPLES.replace("fever: no", "age: old"),
            "MOD-X: an example says age: 'old' is not a number",
        ),
    ],
)
def test_a_rule_that_cannot_work(pack: Path, when: str, more: str, expected: str) -> None:
    path = pack / "modifiers.yaml"
    path.write_text(RULE.format(when=when, more=more), encoding="utf-8")
    assert [fault for fault in faults_of(pack) if fault.startswith(f"{path}:3: {expected}")]


def test_the_trigger_of_a_complaint_is_named_in_its_file(pack: Path) -> None:
    path = take(pack, "complaints/back_pain.yaml")
    text = path.read_text(encoding="utf-8").partition("\ntriggers:")[0]
    trigger = '\ntriggers:\n  - {rule: BK-00, phrases: ["@nowhere"], positive: [my back]}\n'
    path.write_text(text + trigger, encoding="utf-8")
    line = text.count("\n") + 3
    assert f"{path}:{line}: the trigger of BK-00: there is no rule 'BK-00'" in faults_of(pack)
    assert f"{path}:{line}: the trigger of BK-00: there is no vocabulary 'nowhere'" in faults_of(pack)


@pytest.mark.parametrize(
    "name", ["complaint/headache.yaml", "complaints/head/headache.yaml", "headache.yaml", "complaints/headache.yml"]
)
def test_a_file_that_nothing_reads_is_a_fault(pack: Path, name: str) -> None:
    path = take(pack, "complaints/headache.yaml")
    wrong = pack / name
    wrong.parent.mkdir(exist_ok=True)
    path.rename(wrong)
    (fault,) = faults_of(pack)
    assert fault.startswith(f"{wrong}:0: nothing reads this file") and "complaints/" in fault


def test_what_belongs_to_other_programs_is_passed_over(pack: Path) -> None:
    for name in (".github/workflows/lint.yaml", "notes.md"):
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text("on: push", encoding="utf-8")
    assert load_content(pack).protocols.keys() == load_content().protocols.keys()


def test_a_pack_that_is_not_there(pack: Path) -> None:
    with pytest.raises(ContentError, match="no such folder"):
        load_content(pack / "nowhere")
