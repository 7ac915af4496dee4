"""Grounding: what is not in the patient's words is dropped, whoever read it."""

from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.history import Evidence, Fact, SlotState
from symptom_intake.agent.interview.grounding import ground
from symptom_intake.agent.interview.protocol import Reading

TURNS = {"t1": "I have a fever", "t2": "no rash"}


def fact(*evidence: Evidence) -> Fact:
    return Fact(id="t1.1", slot="fever", state=SlotState.PRESENT, evidence=evidence)


def kept(*evidence: Evidence) -> bool:
    return bool(ground(Reading(facts=(fact(*evidence),)), TURNS).facts)


GOOD = Evidence(turn="t1", start=9, end=14, quote="fever")


def test_a_quote_that_stands_in_its_turn_is_kept() -> None:
    assert kept(GOOD)
    assert kept(GOOD, Evidence(turn="t2", start=3, end=7, quote="rash"))


def test_everything_else_is_dropped() -> None:
    assert not kept()
    assert not kept(Evidence(turn="t1", start=9, end=14, quote="Fever"))
    assert not kept(Evidence(turn="t1", start=8, end=13, quote="fever"))
    assert not kept(Evidence(turn="t9", start=9, end=14, quote="fever"))
    assert not kept(Evidence(turn="t1", start=3, end=3, quote=""))
    assert not kept(Evidence(turn="t1", start=1, end=2, quote=" "))
    assert not kept(Evidence(turn="t1", start=-5, end=14, quote="fever")), "a negative offset counts from the end"
    assert not kept(GOOD, Evidence(turn="t2", start=0, end=2, quote="on")), "one bad quote spoils the fact"


def test_the_rest_of_the_reading_stays() -> None:
    reading = Reading(facts=(fact(GOOD), fact()), complaints=("headache",), answered=True, aside="thanks", calls=1)
    grounded = ground(reading, TURNS)
    assert grounded == reading.model_copy(update={"facts": (fact(GOOD),)})


@given(st.text(min_size=1, max_size=40), st.integers(-5, 45), st.integers(-5, 45), st.text(max_size=5))
def test_only_true_quotes_survive(text: str, start: int, end: int, quote: str) -> None:
    evidence = Evidence(turn="t1", start=start, end=end, quote=quote)
    for each in ground(Reading(facts=(fact(evidence),)), {"t1": text}).facts:
        assert text[each.evidence[0].start : each.evidence[0].end] == each.quote
        assert each.quote in text
