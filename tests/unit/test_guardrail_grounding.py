import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.model import AsideFile, RuleFile, TongueFile, TriggerFile, Vocabulary
from symptom_intake.prompts.templates import load_messages

_RULES = RuleFile(version="1", rules=())
GUARD = Guardrail(
    Content(
        {},
        (),
        _RULES,
        _RULES,
        TriggerFile(version="1", triggers=()),
        Vocabulary(version="1", concepts={}),
        AsideFile(version="1", asides=()),
        TongueFile(version="1", tongues={}),
        "x",
    ),
    load_messages(),
)


def fabricated(draft, *said):
    return "FAB" in {each.cls.value for each in GUARD.check(draft, said=said).violations}


@pytest.mark.parametrize(
    ("said", "right", "wrong"),
    [
        ("my left knee hurts", "You said your left knee hurts.", "You said your right knee hurts."),
        ("cough for 3 days", "You have had a cough for three days.", "You have had a cough for 4 days."),
        ("it began on tuesday", "You said it began on Tuesday.", "You said it began on Wednesday."),
        ("no fever or chills", "You have had no chills.", "You have had chills."),
        ("I fainted", "You fainted.", "You did not faint."),
        ("my dad had a stroke", "Your father had a stroke.", "You had a stroke."),
        ("my sister has epilepsy", "You told me your sister has epilepsy.", "You told me your brother has epilepsy."),
        ("I have gout", "You told me you have gout.", "You told me you have lupus."),
        ("is it gout?", "You wonder whether it is gout.", "You told me you have gout."),
        ("I am worried it is cancer", "You are worried that it is cancer.", "You have cancer."),
        ("took ibuprofen 400 at 8am", "You took 400 mg of ibuprofen at 8.", "You took 600 mg of ibuprofen at 8."),
        ("my belly aches", "I noted: my belly aches.", "I noted: my belly aches; vomiting blood."),
        ("pain is like a knife", "You called it “like a knife”.", "You called it “like a burning rope”."),
        ("my right arm is weak", "Is your right arm weaker now?", "Is your left arm weaker now?"),
    ],
)
def test_one_changed_fact_makes_it_a_fabrication(said, right, wrong):
    assert GUARD.check(right, said=[said]).allowed
    assert fabricated(wrong, said)


def test_what_was_never_said_cannot_be_attributed():
    assert fabricated("You told me you have asthma.")
    assert fabricated("You fell.", "my back aches")


@pytest.mark.parametrize(
    "service",
    ["You can skip this.", "You do not have to answer.", "Your care team will read it.", "You are not alone.",
     "Everything you told me goes to your care team.", "I am passing on what you told me."],
)  # fmt: skip
def test_talk_about_the_interview_needs_no_source(service):
    assert GUARD.check(service, said=["my back aches"]).allowed


@given(st.integers(1, 30), st.integers(1, 30))
def test_a_number_must_be_the_patients(told, drafted):
    assert fabricated(f"You said you coughed for {drafted} days.", f"I coughed for {told} days") == (told != drafted)


@pytest.mark.parametrize("quote", ["tight since  this MORNING", "Tight since this morning"])
def test_a_quote_is_matched_whatever_its_spaces_and_case(quote):
    assert GUARD.check(f"I noted: chest (“{quote}”).", said=["my chest is tight since this morning"]).allowed


def test_a_quoted_name_does_not_turn_into_a_claim():
    assert not GUARD.check("This is “lupus”.", said=["is it lupus?"]).allowed
    assert GUARD.check("I noted: “is it lupus”.", said=["is it lupus?"]).allowed
