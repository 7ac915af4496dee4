"""`protocols list`, `show`, `new`, `graph` and `try`, as they are typed."""

import json
import re
from pathlib import Path, PurePath
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from symptom_intake.agent.cli import app
from symptom_intake.agent.commands.protocols_words import in_words
from symptom_intake.agent.errors import IntakeError
from symptom_intake.prompts.conditions import parse_condition
from symptom_intake.prompts.layers import Layers
from symptom_intake.prompts.loader import load_content


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def protocols(*args: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["protocols", *args], input=typed)


def output(*args: str) -> str:
    done = protocols(*args)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def refusal(*args: str) -> str:
    done = protocols(*args)
    assert done.exit_code == 1 and isinstance(done.exception, IntakeError)
    return str(done.exception)


def test_list_names_every_complaint_and_whose_it_is() -> None:
    output("new", "hand_injury")
    rows = {row["id"]: row for row in json.loads(output("list", "--json", "--content", "hand_injury"))}
    assert rows.keys() == load_content().protocols.keys() | {"hand_injury"}
    assert rows["hand_injury"] == {
        "id": "hand_injury", "label": "hand injury", "slots": 4, "rules": 3,
        "review": "draft", "version": "0.1.0", "layer": "yours",
    }  # fmt: skip
    assert rows["chest_pain"]["layer"] == "ours"
    assert re.search(
        r"^hand_injury +hand injury +4 +3 +draft +0\.1\.0 +yours", output("list", "--content", "hand_injury"), re.M
    )


def test_show_has_every_question_and_rule() -> None:
    protocol = load_content().protocols["chest_pain"]
    text, data = output("show", "chest_pain"), json.loads(output("show", "chest_pain", "--json"))
    assert [each["id"] for each in data["questions"]] == [slot.id for slot in protocol.slots]
    assert [each["id"] for each in data["rules"]] == [rule.id for rule in protocol.rules]
    for slot in protocol.slots:
        assert slot.question in text
    for rule in protocol.rules:
        assert f"  {rule.id}  {rule.reason}" in text
    assert "DRAFT" in text and "Rules: emergency now" in text
    assert text.index("Rules: emergency now") < text.index("Rules: urgent 24h")


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"fever": "yes"}, "fever"),
        ({"fever": "no"}, "no fever"),
        ({"fever": "unknown"}, "fever not known"),
        ({"age": ">= 65y or unknown"}, "age at least 65 years (or not known)"),
        ({"any": [{"fever": "yes"}, {"faint": "yes", "sex": "male"}]}, "fever or (fainting and sex at birth: male)"),
        ({"at_least": 2, "of": [{"fever": "yes"}, {"faint": "yes"}, {"sex": "male"}]}, "at least 2 of: fever; fainting; sex at birth: male"),
        ({"not": {"fever": "yes"}}, "not (fever)"),
        ({"fired": ["CP-01", "CP-02"]}, "CP-01 or CP-02 has fired"),
        ({"*.severity": ">= 7"}, "of any complaint, severity at least 7"),
    ],
)  # fmt: skip
def test_conditions_in_plain_words(when: dict[str, object], words: str) -> None:
    slots = load_content().slots
    expected = words.replace("fainting", slots["faint"].label).replace("sex at birth", slots["sex"].label)
    assert in_words(parse_condition(when), slots) == expected.replace("fever", slots["fever"].label)


def test_the_same_errors_for_every_command_that_takes_an_id() -> None:
    for command in ("show", "graph", "try"):
        assert refusal(command, "chest_pian") == "There is no complaint 'chest_pian'. Did you mean chest_pain?"
    assert "protocols list" in refusal("show", "zzz")


def test_a_pack_that_is_not_there() -> None:
    assert "There is no folder 'nowhere'." in refusal("list", "--content", "nowhere")
    assert "There is no folder 'nowhere'." in refusal("lint", "nowhere")


def test_new_writes_what_lints_clean_and_says_what_comes_next(here: Path) -> None:
    text = output("new", "hand_injury", "--content", "mine")
    assert (here / "mine/complaints/hand_injury.yaml").is_file() and (
        here / "mine/vignettes/hand_injury.yaml"
    ).is_file()
    commands = re.findall(r"^  symptom-intake protocols (.*)$", text, re.MULTILINE)
    assert len(commands) == 3
    for command in commands[:2]:
        output(*command.split())
    assert "No faults" in output(*commands[0].split())


def test_new_overwrites_nothing_and_takes_no_name_that_is_taken(here: Path) -> None:
    output("new", "hand_injury")
    file = here / "hand_injury/complaints/hand_injury.yaml"
    file.write_text("mine", encoding="utf-8")
    assert "is there already, and nothing was written" in refusal("new", "hand_injury")
    assert file.read_text(encoding="utf-8") == "mine"
    assert "There is a complaint 'chest_pain' already" in refusal("new", "chest_pain")
    for name in ("Hand", "hand injury", "../hand", "1", ""):
        assert "is no id" in refusal("new", name)
    assert [each.name for each in here.iterdir()] == ["hand_injury"]


def test_lint_for_a_program(here: Path) -> None:
    output("new", "hand_injury")
    path = Path("hand_injury/complaints/hand_injury.yaml")
    assert json.loads(output("lint", "hand_injury", "--json")) == {"faults": [], "count": 0, "draft": [str(path)]}
    path.write_text(
        path.read_text(encoding="utf-8").replace("reason: getting", "reason: torsion, getting", 1), encoding="utf-8"
    )
    done = protocols("lint", "hand_injury", "--json")
    (fault,) = json.loads(done.output)["faults"]
    assert done.exit_code == 1 and fault["file"] == str(path) and fault["line"] > 0 and "torsion" in fault["message"]


def test_the_graph_joins_questions_rules_and_levels() -> None:
    output("new", "hand_injury")
    lines = output("graph", "hand_injury", "--content", "hand_injury").splitlines()
    assert lines[0] == "flowchart LR"
    names = dict(re.findall(r'^    (\w+)\["(.*)"\]$', "\n".join(lines), re.MULTILINE))
    arrows = [tuple(names[end] for end in each) for each in re.findall(r"^  (\w+) --> (\w+)$", "\n".join(lines), re.M)]
    rule = "HAND-INJURY-01: getting worse within hours, with fever"
    assert ("Has it become much worse within a few hours?", rule) in arrows
    assert (rule, "emergency department") in arrows
    assert all(start in names.values() and end in names.values() for start, end in arrows)


@pytest.mark.parametrize("protocol", sorted(PurePath(file.name).stem for file in Layers().files_in("complaints")))
def test_every_complaint_can_be_drawn(protocol: str, here: Path) -> None:
    output("graph", protocol, "--out", "x.html")
    page = (here / "x.html").read_text(encoding="utf-8")
    (svg,) = re.findall(r"<svg.*</svg>", page, re.DOTALL)
    drawn = ElementTree.fromstring(svg)
    content = load_content().protocols[protocol]
    assert len(drawn.findall("rect")) > len(content.rules) + len(content.slots)
    assert "http" not in page and "<script" not in page
    output("graph", protocol, "--out", "x.mmd")
    mermaid = (here / "x.mmd").read_text(encoding="utf-8")
    assert all(line.count('"') in (0, 2) for line in mermaid.splitlines())


def test_a_drawing_of_another_kind_or_in_no_folder() -> None:
    assert "ends neither in .html" in refusal("graph", "chest_pain", "--out", "x.pdf")
    assert "could not be written" in refusal("graph", "chest_pain", "--out", "no/such/x.mmd")


def test_try_is_a_chat_about_that_complaint_of_which_nothing_is_kept(here: Path) -> None:
    output("new", "hand_injury")
    typed = "It hurts\nnone of these\n40\nmyself\nmale\nno\nnone of these\nno\n/quit\n"
    done = protocols("try", "hand_injury", "--content", "hand_injury", typed=typed)
    assert done.exit_code == 0
    assert "Has it become much worse within a few hours?" in done.output
    assert done.output.rstrip().endswith("Nothing of this is kept.")
    assert [each.name for each in here.iterdir()] == ["hand_injury"]
