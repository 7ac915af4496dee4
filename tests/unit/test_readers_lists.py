"""Reading lists: medicines, allergies, illnesses in the family."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.allergies import read_allergies
from symptom_intake.agent.interview.readers.family import read_family
from symptom_intake.agent.interview.readers.medicines import read_medicines
from symptom_intake.agent.interview.readers.words import Said, Words
from symptom_intake.prompts.answers import load_answers

WORDS = Words(load_answers())


def said(text: str) -> Said:
    return Said(text, WORDS, datetime(2026, 11, 24, 15, 0, tzinfo=UTC))


MEDICINES = {
    "metformin 500 mg twice a day and ramipril": [("metformin", {"dose": "500 mg", "frequency": "twice a day"}), ("ramipril", {})],
    "metformin, 500 mg, twice a day\nasprin 75mg od": [("metformin", {"dose": "500 mg", "frequency": "twice a day"}), ("asprin", {"dose": "75mg", "frequency": "od"})],
    "I take warfarin, 5mg daily, last took it yesterday": [("warfarin", {"dose": "5mg", "frequency": "daily", "last_taken": "last took it yesterday"})],
    "insulin 10 units at night plus 2 puffs of ventolin when needed": [("insulin", {"dose": "10 units", "frequency": "at night"}), ("ventolin", {"dose": "2 puffs", "frequency": "when needed"})],
    "ramipril 5mg but I missed it yesterday": [("ramipril", {"dose": "5mg", "missed": "missed it"})],
    "calpol every 4 hours": [("calpol", {"frequency": "every 4 hours"})],
    "ramipril, just that": [("ramipril", {})],
    "a blood pressure pill": [("blood pressure pill", {})],
    "no, just paracetamol": [("paracetamol", {})],
    "I don't take anything except vitamin d": [("vitamin d", {})],
}  # fmt: skip


@pytest.mark.parametrize("text", MEDICINES)
def test_medicines(text: str) -> None:
    assert [(each.value, each.details) for each in read_medicines(said(text))] == MEDICINES[text]


@pytest.mark.parametrize("text", ["none", "nothing", "no", "I don't take anything", "not on any medication", "No meds"])
def test_no_medicines(text: str) -> None:
    (answer,) = read_medicines(said(text))
    assert answer.state is SlotState.ABSENT


def test_a_bare_yes_names_no_medicine() -> None:
    assert read_medicines(said("yes")) == []


@given(st.integers(1, 2000), st.sampled_from(["once a day", "twice a day", "at night", "as needed"]))
def test_dose_and_frequency_are_as_told(dose: int, often: str) -> None:
    (answer,) = read_medicines(said(f"ramipril {dose} mg {often}"))
    assert (answer.value, answer.details) == ("ramipril", {"dose": f"{dose} mg", "frequency": often})


ALLERGIES = {
    "penicillin": [("penicillin", None)],
    "penicillin and latex": [("penicillin", None), ("latex", None)],
    "penicillin gives me a rash": [("penicillin", "rash")],
    "penicillin, I got a rash": [("penicillin", "rash")],
    "yes penicillin, it gave me hives": [("penicillin", "hives")],
    "I came out in hives with ibuprofen": [("ibuprofen", "hives")],
    "penicillin rash, aspirin wheezing": [("penicillin", "rash"), ("aspirin", "wheezing")],
    "I can't take codeine, it makes me sick": [("codeine", "sick")],
    "eggs make him come out in hives": [("eggs", "hives")],
    "as I said penicillin": [("penicillin", None)],
    "none that I know of": [(None, None)],
    "actually I don't take any medicines": [],
    "penicillin, no others": [("penicillin", None)],
    "I'm allergic to nuts, they make my throat swell": [("nuts", "my throat swell")],
    "penicillin (rash), latex": [("penicillin", "rash"), ("latex", None)],
    "penicillin: hives and swelling": [("penicillin", "hives and swelling")],
    "aspirin - wheeze": [("aspirin", "wheeze")],
    "yes penicillin": [("penicillin", None)],
}


@pytest.mark.parametrize("text", ALLERGIES)
def test_allergies(text: str) -> None:
    assert [(each.value, each.details.get("reaction")) for each in read_allergies(said(text))] == ALLERGIES[text]


@pytest.mark.parametrize(
    "text", ["nkda", "none", "no allergies", "not that I know of", "nothing", "no known allergies"]
)
def test_no_allergies(text: str) -> None:
    (answer,) = read_allergies(said(text))
    assert answer.state is SlotState.ABSENT


FAMILY = {
    "dad had a heart attack at 50, mum is diabetic": [("heart attack", {"relation": "dad", "age": "50"}), ("diabetic", {"relation": "mum"})],
    "my brother died of a stroke": [("stroke", {"relation": "brother"})],
    "my father had bowel cancer in his 50s and high blood pressure": [("bowel cancer", {"relation": "father", "age": "50"}), ("high blood pressure", {"relation": "father"})],
    "both parents have high blood pressure": [("high blood pressure", {"relation": "both parents"})],
    "heart disease": [("heart disease", {})],
    "gran had breast cancer when she was 60": [("breast cancer", {"relation": "gran", "age": "60"})],
}  # fmt: skip


@pytest.mark.parametrize("text", FAMILY)
def test_family(text: str) -> None:
    assert [(each.value, each.details) for each in read_family(said(text))] == FAMILY[text]


def test_nothing_in_the_family_and_not_knowing() -> None:
    assert [read_family(said(text))[0].state for text in ("none", "no family history", "I'm adopted")] == [
        SlotState.ABSENT,
        SlotState.ABSENT,
        SlotState.UNKNOWN,
    ]


@pytest.mark.parametrize("read", [read_medicines, read_allergies, read_family])
def test_not_knowing_and_not_saying(read) -> None:
    assert read(said("I don't know"))[0].state is SlotState.UNKNOWN
    assert read(said("rather not say"))[0].state is SlotState.DECLINED
