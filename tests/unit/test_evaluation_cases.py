"""Reading cases: vignettes, lay complaints and DDXPlus, and what is said of files that cannot be read."""

import json
from pathlib import Path
from typing import Any

import pytest

from symptom_intake.agent.errors import ContentError
from symptom_intake.agent.evaluation.cases import is_held_out, load_cases
from symptom_intake.agent.evaluation.first_person import CHILD, SELF, in_first_person
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import load_content

EVIDENCES = {
    "E_91": ("Do you have a fever (either felt or measured with a thermometer)?", {}),
    "E_201": ("Do you have a cough?", {}),
    "E_97": ("Do you have a sore throat?", {}),
    "E_30": ("Do you feel your abdomen is bloated or distended (swollen due to pressure from inside)?", {}),
    "E_53": ("Do you have pain somewhere, related to your reason for consulting?", {}),
    "E_55": ("Do you feel pain somewhere?", {"V_1": "lower chest", "V_2": "flank(R)", "V_0": "nowhere"}),
    "E_54": ("Characterize your pain:", {"V_3": "burning", "V_4": "a knife stroke"}),
    "E_56": ("How intense is the pain?", {}),
    "E_57": ("Does the pain radiate to another location?", {"V_1": "lower chest", "V_0": "nowhere"}),
    "E_124": ("Do you have asthma or have you ever had to use a bronchodilator in the past?", {}),
    "E_79": ("Do you smoke cigarettes?", {}),
}
CONDITIONS = {"Asthma": {"severity": 3}, "Heart": {"severity": 1}, "Cold": {"severity": 5}}


@pytest.fixture
def ddxplus(tmp_path: Path) -> Path:
    raw = {
        code: {
            "question_en": question,
            "value_meaning": {key: {"en": value} for key, value in values.items()},
            "possible-values": list(values) or (list(range(11)) if code == "E_56" else []),
        }
        for code, (question, values) in EVIDENCES.items()
    }
    (tmp_path / "release_evidences.json").write_text(json.dumps(raw), encoding="utf-8")
    (tmp_path / "release_conditions.json").write_text(json.dumps(CONDITIONS), encoding="utf-8")
    return tmp_path


def patients(folder: Path, *rows: str) -> Path:
    file = folder / "patients_dev.csv"
    head = "AGE,DIFFERENTIAL_DIAGNOSIS,SEX,PATHOLOGY,EVIDENCES,INITIAL_EVIDENCE"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file


HEART = """58,[],M,Heart,"['E_53', 'E_55_@_V_1', 'E_55_@_V_2', 'E_54_@_V_4', 'E_56_@_8', 'E_57_@_V_0', 'E_79']",E_53"""
CHILD_COUGH = """4,[],F,Asthma,"['E_201', 'E_124']",E_201"""


def said(case: Any, slot: str) -> str:
    text: str = case.patient.answer(load_content().slots[slot]).text
    return text


def test_ddxplus_patients_answer_by_their_evidences(ddxplus: Path) -> None:
    patients(ddxplus, HEART, CHILD_COUGH)
    heart, child = load_cases(ddxplus)
    assert heart.opening == "I have pain: lower chest and right side below the ribs."
    assert (heart.want, child.want) == ("emergency", None)
    assert Urgency.EMERGENCY_DEPARTMENT in heart.expected and not child.expected
    assert heart.classes == {"severity of the condition": "1", "condition": "Heart"}
    assert said(heart, "chest_pain_now") == "yes"
    assert said(heart, "chest_pain.quality") == "sharp or stabbing"
    assert said(heart, "generic.severity") == "8 out of 10"
    assert said(heart, "generic.site") == "lower chest and right side below the ribs"
    assert said(heart, "chest_pain.spread") == "it stays in one place"
    assert said(heart, "smoking") == "smokes now"
    assert said(heart, "fever") == "no"
    assert said(heart, "age") == "58"


def test_ddxplus_patients_do_not_know_what_nothing_matches(ddxplus: Path) -> None:
    patients(ddxplus, HEART, CHILD_COUGH)
    heart, child = load_cases(ddxplus)
    assert said(heart, "worry") == "I don't know"
    assert said(heart, "prior_same" if "prior_same" in load_content().slots else "generic.prior_same") == "I don't know"
    assert child.patient.truth(load_content().slots["worry"]).present is None
    assert heart.patient.truth(load_content().slots["fever"]).present is False


def test_a_parent_writes_for_a_child(ddxplus: Path) -> None:
    patients(ddxplus, CHILD_COUGH)
    (child,) = load_cases(ddxplus / "patients_dev.csv")
    assert child.opening == "My child has a cough."
    assert said(child, "reporter") == "my child"
    assert said(child, "lung_disease") == "asthma"


def test_words_match_a_question_only_when_it_is_about_the_same(ddxplus: Path) -> None:
    patients(ddxplus, HEART)
    (heart,) = load_cases(ddxplus)
    book = heart.patient.book  # type: ignore[attr-defined]
    assert book.about("sore throat") == {"E_97"}
    assert book.about("bloated belly") == {"E_30"}
    assert book.about("coughing") == {"E_201"}
    assert book.about("pain too bad to move or cough") == frozenset(), "one of two things is not both"
    assert book.about("pain") == frozenset(), "too common to stand for anything"


@pytest.mark.parametrize(
    ("row", "line"),
    [("old,[],M,Heart,[],E_53", 2), ("58,[],M,Unheard of,[],E_53", 2), ("58,[],M,Heart,nonsense(,E_53", 2)],
)
def test_a_row_that_is_no_patient_is_named_by_its_line(ddxplus: Path, row: str, line: int) -> None:
    patients(ddxplus, row)
    with pytest.raises(ContentError, match=rf"patients_dev\.csv:{line}: this row is no patient"):
        load_cases(ddxplus)


def test_ddxplus_without_its_questions(ddxplus: Path) -> None:
    file = patients(ddxplus, HEART)
    (ddxplus / "release_conditions.json").write_text('{\n"a": ,\n}', encoding="utf-8")
    with pytest.raises(ContentError, match=r"release_conditions\.json:2: not JSON"):
        load_cases(file)
    (ddxplus / "release_conditions.json").unlink()
    with pytest.raises(ContentError, match="there is no such file"):
        load_cases(file)


@pytest.mark.parametrize(
    ("question", "own", "of_child"),
    [
        ("Have you been coughing up blood?", "I have been coughing up blood.", "My child has been coughing up blood."),
        (
            "Are you feeling nauseous or do you feel like vomiting?",
            "I am feeling nauseous or I feel like vomiting.",
            "My child is feeling nauseous or they feel like vomiting.",
        ),
        ("Do you have any pain in your jaw?", "I have pain in my jaw.", "My child has pain in their jaw."),
    ],
)
def test_questions_in_the_first_person(question: str, own: str, of_child: str) -> None:
    assert in_first_person(question, SELF) == own
    assert in_first_person(question, CHILD) == of_child


SCENARIO = {
    "chief_complaint": "My husband has had a seizure and won't stop bleeding",
    "vitals": {"temp": 38.1, "hr": 99, "bp_sys": 80},
    "history": {"age": 60, "gender": "male", "relevant PMH": "asthma", "time course": "10 minutes ago"},
}


def lay(folder: Path, **levels: Any) -> Path:
    file = folder / "scenarios.json"
    file.write_text(json.dumps({name.removeprefix("m"): each for name, each in levels.items()}), encoding="utf-8")
    return file


def test_lay_complaints_tell_what_a_person_can_know(tmp_path: Path) -> None:
    (case,) = load_cases(lay(tmp_path, m2=[SCENARIO]))
    assert case.opening == (
        "My husband has had a seizure and won't stop bleeding They are 60 years old, male. 10 minutes ago. "
        "They have a history of asthma. Their temperature is 38.1 C. Their pulse is 99."
    )
    assert case.want == "emergency" and case.classes == {"Manchester level": "2"}
    assert said(case, "reporter") == "someone else I care for"
    assert said(case, "age") == "60"
    assert said(case, "universal_screen") == "a fit or seizure and heavy bleeding that will not stop"
    assert said(case, "cough") == "no"
    assert said(case, "generic.site") == "I don't know"


def test_lay_complaints_without_words_for_it_tick_nothing(tmp_path: Path) -> None:
    plain = SCENARIO | {"chief_complaint": "I have a runny nose, no seizure"}
    (case,) = load_cases(lay(tmp_path, m5=[plain]))
    assert case.want == "harmless"
    assert said(case, "universal_screen") == "none of these"
    assert said(case, "reporter") == "myself"


def test_a_faulty_scenario_is_named_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "scenarios.json"
    file.write_text('{"1": [\n{"chief_complaint": "ill",\n "history": {"age": "old"}}]}', encoding="utf-8")
    with pytest.raises(ContentError, match=r"scenarios\.json:3: .*age"):
        load_cases(file)
    with pytest.raises(ContentError, match="'9' is no Manchester level"):
        load_cases(lay(tmp_path, m9=[]))


VIGNETTES = "version: '1'\nvignettes:\n" + "".join(
    f"  - {{id: v{number}, level: routine, opening: my toe itches}}\n" for number in range(90)
)


def test_parts_are_thirds_that_share_no_case(tmp_path: Path) -> None:
    file = tmp_path / "v.yaml"
    file.write_text(VIGNETTES, encoding="utf-8")
    held, tune = ({case.id for case in load_cases(file, part)} for part in ("held-out", "tune"))
    assert not held & tune
    assert held | tune == {case.id for case in load_cases(file)}
    assert 18 <= len(held) <= 42
    assert all(is_held_out(name) for name in held)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no such file or folder"):
        load_cases(tmp_path / "nope.yaml")
    (tmp_path / "bad.yaml").write_text("version: '1'\nvignettes:\n  - {id: a, level: soon, opening: ill}\n", "utf-8")
    with pytest.raises(ContentError, match=r"bad\.yaml:3: vignettes\.0\.level"):
        load_cases(tmp_path / "bad.yaml")
    (tmp_path / "notes.txt").write_text("ill", "utf-8")
    with pytest.raises(ContentError, match="cases are YAML"):
        load_cases(tmp_path / "notes.txt")
    (tmp_path / "empty.yaml").write_text("version: '1'\nvignettes: []\n", "utf-8")
    with pytest.raises(ContentError, match="no cases in it"):
        load_cases(tmp_path / "empty.yaml")
