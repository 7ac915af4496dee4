"""Invented and flipped facts: what counts as untrue to a case."""

from typing import Any

from symptom_intake.agent.evaluation.facts import Untrue, untrue_facts
from symptom_intake.agent.evaluation.vignette_patient import VignettePatient
from symptom_intake.agent.history import Evidence, Fact, SlotState
from symptom_intake.prompts.loader import load_content
from symptom_intake.prompts.vignettes import Vignette

TOLD = {
    "fever": "yes",
    "nausea": "no",
    "chest_pain.quality": "pressure",
    "chest_pain.onset_time": "2d",
    "severity": "7",
}
PATIENT = VignettePatient(
    Vignette.model_validate(
        {
            "id": "v",
            "level": "routine",
            "opening": "ill",
            "told": TOLD,
            "denied": ["vomiting"],
            "patient": {"age": "40y"},
        }
    )
)


def check(slot: str, turn: str = "t3", **more: Any) -> Untrue:
    evidence = (Evidence(turn=turn, start=0, end=1, quote="x"),)
    fact = Fact(id="f", slot=slot, evidence=evidence, **({"state": SlotState.PRESENT} | more))
    return untrue_facts([fact], load_content().slots, PATIENT, frozenset({"t1"}))


def test_what_the_case_bears_out_is_true() -> None:
    assert check("fever") == Untrue((), ())
    assert check("nausea", state=SlotState.ABSENT) == Untrue((), ())
    assert check("chest_pain.quality", value="pressure") == Untrue((), ())
    assert check("age", number=40.0) == Untrue((), ())
    assert check("cough", state=SlotState.ABSENT) == Untrue((), ())
    assert check("chest_pain.onset_time", number=30.0) == Untrue((), ()), "times are told roughly"


def test_the_opposite_of_what_is_told_is_flipped_whatever_it_was_read_from() -> None:
    assert check("fever", state=SlotState.ABSENT).flipped == ("fever: absent",)
    assert check("nausea").flipped == ("nausea: present",)
    assert check("vomiting").flipped == ("vomiting: present",)
    assert check("vomiting", turn="t1").flipped == ("vomiting: present",)


def test_what_the_case_does_not_tell_is_invented_unless_its_own_words_or_another_fact_say_so() -> None:
    assert check("cough").invented == ("cough: present",)
    assert check("cough", turn="t1") == Untrue((), ())
    assert check("cough", method="linked") == Untrue((), ())


def test_another_value_or_number_is_invented() -> None:
    assert check("chest_pain.quality", value="sharp").invented == ("chest_pain.quality: sharp",)
    assert check("age", number=14.0).invented == ("age: 14",)
    assert check("generic.severity", turn="t1", number=2.0).invented == ("generic.severity: 2",)
    assert check("chest_pain.onset_time", number=500.0).invented == ("chest_pain.onset_time: 500",)


def test_unknown_facts_and_ordinary_answers_are_not_judged_as_present() -> None:
    assert check("cough", state=SlotState.UNKNOWN) == Untrue((), ())
    assert check("immune", value="none") == Untrue((), ())
    assert check("chief_complaint", value="ill") == Untrue((), ())
