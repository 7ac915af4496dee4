"""The scripted patient of a vignette, on the package's own slots."""

from typing import Any

import pytest

from symptom_intake.agent.evaluation.case import Truth, Words
from symptom_intake.agent.evaluation.vignette_patient import VignettePatient, case_of
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import load_content
from symptom_intake.prompts.vignettes import Vignette

TOLD = {
    "chest_pain_now": "yes",
    "lasted": {"value": "30min", "says": "going on half an hour"},
    "chest_pain.onset_time": "30min",
    "chest_pain.quality": "pressure",
    "chest_pain.spread": ["arm", "jaw"],
    "severity": "7",
    "sweating": "yes",
    "fever": "no",
    "temperature": "38.5C",
    "medicines": "aspirin",
}


def vignette(**changed: Any) -> Vignette:
    raw = {
        "id": "v1", "level": "emergency_now", "opening": "it hurts", "told": TOLD, "denied": ["leg_swelling"],
        "patient": {"age": "5mo", "sex": "female", "reporter": "parent"},
    }  # fmt: skip
    return Vignette.model_validate(raw | changed)


def answer(slot: str, **changed: Any) -> Words:
    return VignettePatient(vignette(**changed)).answer(load_content().slots[slot])


def truth(slot: str, **changed: Any) -> Truth:
    return VignettePatient(vignette(**changed)).truth(load_content().slots[slot])


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        ("chest_pain_now", "yes"),
        ("chest_pain.onset_time", "about 30 minutes"),
        ("chest_pain.quality", "pressing"),
        ("chest_pain.spread", "arm or shoulder and jaw or teeth"),
        ("generic.severity", "7 out of 10"),
        ("temperature", "38.5 C"),
        ("medicines", "aspirin"),
        ("fever", "no"),
        ("leg_swelling", "no"),
        ("age", "5 months"),
        ("sex", "female"),
        ("reporter", "my child"),
        ("anything_else", "no, that's all"),
        ("read_back", "yes"),
        ("worry", "I don't know"),
        ("universal_screen", "none of these"),
    ],
)
def test_typed_values_are_put_into_words(slot: str, words: str) -> None:
    assert answer(slot) == Words(words)


def test_the_case_s_own_words_are_used_and_marked() -> None:
    assert answer("chest_pain.lasted") == Words("going on half an hour", own=True, plain="about 30 minutes")
    assert answer("chief_complaint") == Words("it hurts", own=True)


def test_what_is_not_listed_is_denied_or_not_known() -> None:
    assert answer("cough").text == "no"
    assert answer("immune").text == "none"
    assert answer("fever_child.feeding").text == "as usual"
    assert answer("generic.site").text == "I don't know"
    assert answer("fever", told={"fever": "unknown"}).text == "I don't know"


def test_a_card_gets_the_symptoms_that_are_told_on_their_own() -> None:
    assert answer("chest_pain.came_with").text == "cold sweat"
    assert answer("chest_pain.came_with", told={}).text == "none of these"
    assert answer("universal_screen", told={"universal_screen": ["seizure"]}).text == "a fit or seizure"


def test_told_of_one_complaint_it_answers_for_another() -> None:
    assert answer("headache.onset_time").text == "about 30 minutes"
    assert answer("headache.came_with").text == "none of these"


def test_the_truth_of_a_slot() -> None:
    assert truth("chest_pain_now") == Truth(True)
    assert truth("fever") == Truth(False)
    assert truth("leg_swelling") == Truth(False)
    assert truth("cough") == Truth()
    assert truth("chest_pain.quality") == Truth(True, frozenset({"pressure"}))
    assert truth("chest_pain.lasted").number == 0.5
    assert truth("age").number == pytest.approx(5 / 12, abs=0.001)
    assert truth("immune", told={"immune": "none"}) == Truth(False)


@pytest.mark.parametrize(
    ("level", "want"),
    [
        ("emergency_now", "emergency"),
        (["emergency_now", "emergency_department"], "emergency"),
        (["routine", "urgent_24h"], "harmless"),
        (["urgent_24h", "emergency_department"], None),
    ],
)
def test_what_a_case_wants(level: str | list[str], want: str | None) -> None:
    case = case_of(vignette(level=level, kind="minor", group="chest"))
    assert case.want == want
    assert case.expected == tuple(Urgency(each) for each in ([level] if isinstance(level, str) else level))
    assert case.classes == {"expected level": case.expected[0].value, "kind": "minor", "group": "chest"}
    assert (case.sex, case.age) == ("female", pytest.approx(5 / 12, abs=0.001))
