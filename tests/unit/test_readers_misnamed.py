"""Words that name something else where they stand, labels given back, and times, numbers and persons of other things."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from symptom_intake.agent.history import History, SlotState
from symptom_intake.agent.interview.embedded import EmbeddedInterviewer
from symptom_intake.agent.interview.protocol import Listening, Reading
from symptom_intake.prompts import load_content
from symptom_intake.prompts.model import Slot

CONTENT = load_content()
EMBEDDED = EmbeddedInterviewer(CONTENT)
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def read(text: str, asked: str | None = None, *complaints: str) -> Reading:
    slots = _in_play(complaints or ("generic",))
    question = slots[asked] if asked else None
    return EMBEDDED.read(
        Listening(text=text, turn="t2", asked=question, slots=slots, history=History(), now=NOW, complaints=complaints)
    )


def _in_play(complaints: tuple[str, ...]) -> Mapping[str, Slot]:
    own = {slot.id: slot for name in complaints for slot in CONTENT.protocols[name].slots}
    return own | {slot.id: slot for slot in CONTENT.shared if slot.scope == "patient"}


def values(reading: Reading, slot: str) -> list[str | None]:
    return [fact.value for fact in reading.facts if fact.slot == slot and fact.state is SlotState.PRESENT]


def states(reading: Reading) -> dict[str, SlotState]:
    return {fact.slot: fact.state for fact in reading.facts}


@pytest.mark.parametrize(
    ("text", "slot", "expected"),
    [
        ("low down in the middle, since this morning", "abdominal_pain.area", "lower_middle"),
        ("i think small cuts or holes or scratches, not sure", "bites_stings.wound", "small"),
        ("sore calf or thigh, on the left", "leg.trouble", "calf_pain"),
    ],
)
def test_a_label_within_an_answer_picks_its_own_option_alone(text: str, slot: str, expected: str) -> None:
    assert values(read(text, slot, slot.partition(".")[0]), slot) == [expected]


def test_a_choice_named_in_other_words_may_still_be_several() -> None:
    assert values(read("sweating and I felt faint", "chest_pain.came_with", "chest_pain"), "chest_pain.came_with") == [
        "sweating",
        "faint",
    ]


@pytest.mark.parametrize("text", ["I have pain in the back of my neck", "the back of my left knee hurts"])
def test_the_back_of_another_part_is_no_back_pain(text: str) -> None:
    reading = read(text)
    assert "back_pain" not in reading.complaints
    assert "back_pain" not in states(reading)


@pytest.mark.parametrize("text", ["my back hurts, and the back of my neck", "pain in my lower back"])
def test_the_back_itself_still_is(text: str) -> None:
    assert "back_pain" in read(text).complaints


def test_an_urge_to_vomit_is_no_vomiting() -> None:
    assert "vomiting" not in states(read("I feel like vomiting"))
    assert states(read("I feel like vomiting"))["nausea"] is SlotState.PRESENT
    assert states(read("I felt like throwing up, then I vomited"))["vomiting"] is SlotState.PRESENT


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("i stopped the warfarin years ago, nothing now", False),
        ("i stopped the warfarin last week", True),
        ("i am on warfarin", True),
    ],
)
def test_a_medicine_of_years_ago_is_not_taken(text: str, present: bool) -> None:
    assert bool(values(read(text, "blood_thinner"), "blood_thinner")) is present
    assert bool(values(read(text, "medicines"), "medicines")) is present


def test_a_new_pain_in_the_hip_is_no_new_hip() -> None:
    assert values(read("i have a new hip pain"), "implant") == []
    assert values(read("i have a new hip"), "implant") == ["joint"]


@pytest.mark.parametrize(
    "text",
    [
        "we came back from Kenya two weeks ago and I have a fever",
        "two weeks ago I gave birth, I have a fever",
        "I had a baby six weeks ago and now I have a fever",
        "I get dizzy for a few seconds",
    ],
)
def test_the_time_of_something_else_is_no_onset(text: str) -> None:
    assert not [slot for slot in states(read(text)) if slot.endswith("onset_time")]


def test_a_time_told_of_the_complaint_beside_an_event_is_its_onset() -> None:
    reading = read("I gave birth in May and have had a fever for 2 days")
    assert {fact.number for fact in reading.facts if fact.slot == "fever_adult.onset_time"} == {48}


@pytest.mark.parametrize(
    ("text", "glucose"),
    [
        ("type 1, blood sugar 15 mmol/l and blood ketones 1.8", 15),
        ("blood ketones 1.8 and blood sugar 15 mmol/l", 15),
        ("ketones 1.8, sugar 15", 15),
        ("15", 15),
    ],
)
def test_blood_sugar_is_the_number_that_is_called_so(text: str, glucose: float) -> None:
    reading = read(text, "glucose", "diabetes")
    assert [fact.number for fact in reading.facts if fact.slot == "glucose"] == [glucose]


@pytest.mark.parametrize("slot", ["fever_child.alertness", "fever_child.feeding", "young_infant.feeding"])
def test_an_answer_to_one_closed_question_answers_no_other(slot: str) -> None:
    reading = read("oh, about as usual", slot, "fever_child", "young_infant")
    assert set(states(reading)) == {slot}


@pytest.mark.parametrize(
    "text", ["it burns when I pee, for 2 days", "chest hurts when i breathe", "the cough wakes me up"]
)
def test_what_only_the_patient_feels_is_told_by_the_patient(text: str) -> None:
    assert values(read(text), "reporter") == ["self"]


@pytest.mark.parametrize(
    "text",
    [
        "tummy hurts when I press on it",
        "fever and a rash, I noticed it when I changed him",
        "my son coughs, it wakes me up",
        "fever 39, what should I do",
    ],
)
def test_who_writes_of_another_or_may_do_so_is_no_patient(text: str) -> None:
    assert "self" not in values(read(text), "reporter")


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("I have not been stung", "rash_allergy.exposure"),
        ("No, throat and tongue are normal", "bites_stings.where"),
        ("nothing black", "abdominal_pain.stool"),
        ("nothing red or black", "burns.depth"),
    ],
)
def test_what_is_denied_or_normal_picks_no_option(text: str, slot: str) -> None:
    assert values(read(text, slot, slot.partition(".")[0]), slot) == []


def test_a_word_beside_what_is_normal_still_counts() -> None:
    reading = read("my tongue is normal but my face is swollen", "rash_allergy.with_it", "rash_allergy")
    assert any(fact.state is SlotState.PRESENT for fact in reading.facts if fact.slot == "rash_allergy.with_it")
