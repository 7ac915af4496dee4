"""`symptom-intake evaluate` in a process of its own, on cases of this test."""

import json
from pathlib import Path
from typing import Any

CASES = """
version: "1"
vignettes:
  - id: chest
    kind: plain
    level: emergency_now
    patient: {age: 58y, sex: male}
    opening: crushing pain in my chest and my left arm aches
    told: {chest_pain_now: yes, sweating: yes}
  - id: nose
    kind: minor
    level: [routine, urgent_24h]
    patient: {age: 30y, sex: male}
    opening: my nose has been runny for two days
  - id: overstated
    kind: minor
    level: routine
    patient: {age: 58y, sex: male}
    opening: crushing pain in my chest and my left arm aches
"""


def cases(cli: Any) -> str:
    (cli.folder / "cases.yaml").write_text(CASES, encoding="utf-8")
    return "cases.yaml"


def test_a_whole_run_and_a_second_against_it(cli: Any) -> None:
    path = cases(cli)
    done = cli.run("evaluate", "interview", "--cases", path, "--jobs", "2", "--out", "one")
    assert "False emergencies: overstated" in done.out
    assert "keywords" in done.out and "Critical-slot coverage" in done.out
    folder = cli.folder / "one"
    rows = [json.loads(line) for line in (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["chest", "nose", "overstated"]
    assert [row["level"] for row in rows][::2] == ["emergency_now", "emergency_now"]
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["systems"]["symptom-intake"]["caught"]["share"] == 1.0
    assert summary["false_alarms"] == ["overstated"]
    assert "crushing pain" in (folder / "report.html").read_text(encoding="utf-8")

    again = cli.run("evaluate", "interview", "--cases", path, "--against", "one", "--json", "--out", "two")
    compared = json.loads(again.out)["against"]
    assert compared["shared"] == 3 and {each["change"] for each in compared["differences"]} == {0.0}
    assert "Against the earlier run" in (cli.folder / "two" / "report.html").read_text(encoding="utf-8")


def test_the_scan_alone(cli: Any) -> None:
    done = cli.run("evaluate", "screen", "--cases", cases(cli), "--json", "--out", "scan")
    figures = json.loads(done.out)
    assert figures["interviews"] is None
    assert figures["systems"]["symptom-intake"]["alarms"]["count"] == 2


def test_what_cannot_be_evaluated_is_said_in_plain_words(cli: Any) -> None:
    path = cases(cli)
    missing = cli.run("evaluate", "interview", "--cases", "nope.yaml", "--out", "x", code=1)
    assert "nope.yaml:0: there is no such file or folder of cases" in missing.errors
    nothing = cli.run("evaluate", "screen", "--cases", path, "--against", "nowhere", "--out", "x", code=1)
    assert "there are no results of an earlier evaluation" in nothing.errors
    model = cli.run("evaluate", "interview", "--cases", path, "--model", "gpt", "--out", "x", code=1)
    assert "'gpt' names no model" in model.errors
    pack = cli.run("evaluate", "screen", "--cases", path, "--content", "nowhere", "--out", "x", code=1)
    assert "There is no folder 'nowhere'" in pack.errors
    blocked = cli.run("evaluate", "screen", "--cases", path, "--out", f"{path}/deeper", code=1)
    assert "cannot be made" in blocked.errors
    assert not Path(cli.folder / "x").exists()
