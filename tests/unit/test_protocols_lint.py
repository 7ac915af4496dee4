"""`protocols lint`: what is slow to check, and what only trying shows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from symptom_intake.agent.commands.protocols_lint import as_text, linted
from symptom_intake.agent.commands.protocols_new import write_new

Edit = Callable[[str, str], None]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_new("hand_injury", tmp_path / "pack")[0]


@pytest.fixture
def complaint(pack: Path) -> Path:
    return pack / "complaints" / "hand_injury.yaml"


@pytest.fixture
def vignettes(pack: Path) -> Path:
    return pack / "vignettes" / "hand_injury.yaml"


def edit(path: Path, old: str, new: str) -> int:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def faults(pack: Path) -> list[str]:
    return [str(fault) for fault in linted(pack).faults]


def test_a_new_complaint_is_sound_as_it_is(pack: Path) -> None:
    found = linted(pack)
    assert found.faults == []
    assert as_text(found).startswith("No faults in 1 file, 3 rules, 3 written cases.")
    assert found.drafts == [str(pack / "complaints/hand_injury.yaml")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Has it become much worse within a few hours?", "Has considerable deterioration occurred subsequently?", "question reads at grade"),
        ("Has it become much worse within a few hours?", "Is it worse? Since when?", "question is not one question"),
        ("Has it become much worse within a few hours?", "Could it be a fracture?", "question has 'fracture'"),
        ("How fast it changes", "In the ED how fast it changes", "why has 'ED'"),
        ("reason: getting worse within hours, with fever", "reason: sepsis", "the reason has 'sepsis'"),
        ("level: emergency_department", "level: emergency_department\n    template: nothing", "'escalate.nothing' is missing in en/"),
    ],
)  # fmt: skip
def test_wording(pack: Path, complaint: Path, old: str, new: str, expected: str) -> None:
    edit(complaint, old, new)
    (fault,) = [each for each in faults(pack) if expected in each]
    file, line, *_ = fault.split(":")
    assert file == str(complaint) and int(line) > 0


def test_a_message_that_names_a_condition(pack: Path) -> None:
    path = pack / "messages" / "en" / "common.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("version: '1'\ntexts:\n  opening: Hello\n  closing: It may be a stroke.\n", encoding="utf-8")
    assert faults(pack) == [f"{path}:4: closing has 'stroke': no message names a condition"]


def test_a_condition_may_be_named_where_the_past_is_asked(pack: Path, complaint: Path) -> None:
    edit(complaint, "section: hpi", "section: past")
    edit(complaint, "Has it become much worse within a few hours?", "Did a doctor find a fracture?")
    assert faults(pack) == []


def test_questions_that_are_hard_to_read_together(pack: Path, complaint: Path) -> None:
    for wording, text in {
        "question": "Is your daily activity much limited by it?",
        "rephrase": "Is there anything that you cannot do any more?",
        "proxy": "Is their daily activity much limited by it?",
        "proxy_rephrase": "Is there anything that they cannot do any more?",
    }.items():
        lines = complaint.read_text(encoding="utf-8").splitlines()
        line = next(each for each in lines if each.strip().startswith(f"{wording}:"))
        edit(complaint, line, f"    {wording}: {text}")
    (fault,) = faults(pack)
    assert "the questions together read at grade" in fault and "at most 6.0" in fault


def test_every_emergency_rule_needs_three_kinds_of_case(pack: Path, complaint: Path, vignettes: Path) -> None:
    edit(vignettes, "kind: minimised", "kind: plain")
    (fault,) = faults(pack)
    assert fault.startswith(f"{complaint}:") and "HAND-INJURY-01: it has no vignette that is minimised" in fault
    vignettes.unlink()
    assert any("no vignette that is plain, minimised, negated" in each for each in faults(pack))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: hand_injury_minimised", "id: hand_injury_plain", "'hand_injury_plain' is used more than once"),
        ("rule: HAND-INJURY-01", "rule: HAND-00", "there is no rule 'HAND-00'"),
        ("worse_fast: yes", "worse_fats: yes", "there is no slot 'worse_fats'"),
        ("denied: [worse_fast, fever]", "denied: [worse_fast, fevre]", "there is no slot 'fevre'"),
        ("severity: 6", "severity: a lot", "severity: 'a lot' is not a number"),
        ("age: 40y", "age: 40", "'40' needs a unit of time"),
        ("level: emergency_department", "level: hospital", "level"),
        ("worse_fast: yes", "worse_fast: no", "HAND-INJURY-01 does not fire on what is told in this plain case"),
        ("denied: [worse_fast, fever]", "denied: []", None),
        ("told: {severity: 2}\n    denied: [worse_fast, fever]", "told: {worse_fast: yes, fever: yes}", "HAND-INJURY-01 fires on what is told in this negated case"),
    ],
)  # fmt: skip
def test_written_cases(pack: Path, vignettes: Path, old: str, new: str, expected: str | None) -> None:
    edit(vignettes, old, new)
    found = faults(pack)
    assert (
        found == []
        if expected is None
        else any(each.startswith(f"{vignettes}:") and expected in each for each in found)
    )


def test_examples_are_tried(pack: Path, complaint: Path) -> None:
    fires = edit(complaint, "fires: [{worse_fast: yes, fever: yes}]", "fires: [{worse_fast: no}]")
    quiet = edit(complaint, "quiet: [{worse_fast: no, severity: 3}]", "quiet: [{severity: 9}]")
    assert faults(pack) == [
        f"{complaint}:{fires}: HAND-INJURY-01: it does not fire on {{'worse_fast': 'no'}}",
        f"{complaint}:{quiet}: HAND-INJURY-02: it fires on {{'severity': 9}}",
    ]


def test_triggers_are_tried(pack: Path, complaint: Path) -> None:
    trigger = (
        "\ntriggers:\n  - rule: HAND-INJURY-01\n    phrases: [hand is falling off]\n"
        "    positive: [my hand is falling off, my hand is on fire]\n    negative: [my hand is falling off]\n"
    )
    start = complaint.read_text(encoding="utf-8").count("\n") + 2
    complaint.write_text(complaint.read_text(encoding="utf-8") + trigger, encoding="utf-8")
    assert faults(pack) == [
        f"{complaint}:{start + 3}: “my hand is on fire” does not raise HAND-INJURY-01",
        f"{complaint}:{start + 4}: “my hand is falling off” raises HAND-INJURY-01",
    ]


def test_what_cannot_be_loaded_is_told_by_file(pack: Path, complaint: Path) -> None:
    line = edit(complaint, "kind: yes_no", "kind: maybe")
    found = linted(pack)
    text = as_text(found)
    assert text.startswith(f"{complaint}\n  line {line}: ") and "1 fault" in text
