"""What of a model's answer is believed: a table of what a patient said, what a model made of it, and what is kept."""

from datetime import UTC, datetime

import pytest

from symptom_intake.agent.history import Fact, History, SlotState
from symptom_intake.agent.interview.embedded import EmbeddedInterviewer
from symptom_intake.agent.interview.model.answer import ToldFact
from symptom_intake.agent.interview.model.checking import believed, find_quote
from symptom_intake.agent.interview.model.needed import is_plain
from symptom_intake.agent.interview.protocol import Listening
from symptom_intake.prompts import load_content

CONTENT = load_content()
EMBEDDED = EmbeddedInterviewer(CONTENT)
SLOTS = {slot.id: slot for slot in CONTENT.shared} | {
    slot.id: slot for name in ("abdominal_pain", "chest_pain", "generic") for slot in CONTENT.protocols[name].slots
}


def listening(text: str, asked: str | None = None, history: History | None = None) -> Listening:
    return Listening(
        text=text,
        turn="t2",
        asked=SLOTS[asked] if asked else None,
        slots=SLOTS,
        history=history or History(),
        now=datetime(2026, 3, 4, 12, tzinfo=UTC),
        complaints=("abdominal_pain",),
    )


def kept(text: str, *told: ToldFact, asked: str | None = None, history: History | None = None) -> tuple[Fact, ...]:
    """What is kept beside nothing that was heard without the model."""
    return believed(told, (), SLOTS, listening(text, asked, history), EMBEDDED)


def fact(slot: str, quote: str, state: str = "present", value: str | None = None) -> ToldFact:
    return ToldFact(slot=slot, state=state, quote=quote, value=value)


@pytest.mark.parametrize(
    ("text", "told", "state"),
    [
        ("I have been green around the gills", fact("nausea", "green around the gills"), "present"),
        ("I have been GREEN  around the gills", fact("nausea", "green around the gills"), "present"),
        ("my temperature is not up at all", fact("fever", "temperature is not up", "absent"), None),
        ("no chucking up so far", fact("vomiting", "chucking up", "absent"), "absent"),
        ("I can't keep anything down", fact("vomiting", "can't keep anything down"), "present"),
        # what was not said
        ("I feel rotten", fact("fever", "I am burning up"), None),
        ("I feel rotten", fact("fever", "feel  rotten and hot"), None),
        # flipped
        ("no chucking up so far", fact("vomiting", "chucking up"), None),
        ("I keep chucking up", fact("vomiting", "chucking up", "absent"), None),
        # somebody else, or only supposed
        ("my dad had a dodgy ticker", fact("heart_disease", "dodgy ticker"), None),
        ("what if I start chucking up", fact("vomiting", "chucking up"), None),
        # not a slot, or one that code alone fills
        ("I feel rotten", fact("appendicitis", "rotten"), None),
        ("I feel rotten", fact("chief_complaint", "rotten"), None),
        ("I am the mum", fact("reporter", "mum", value="parent"), None),
    ],
)
def test_yes_and_no(text: str, told: ToldFact, state: str | None) -> None:
    facts = kept(text, told)
    assert [each.state.value for each in facts] == ([state] if state else [])
    for each in facts:
        assert text[each.evidence[0].start : each.evidence[0].end] == each.evidence[0].quote


@pytest.mark.parametrize(
    ("text", "told", "number"),
    [
        ("it began three days ago", fact("abdominal_pain.onset_time", "three days ago"), 72.0),
        ("it began three days ago", fact("abdominal_pain.onset_time", "three days ago", value="5 days"), 72.0),
        ("it began with the rain", fact("abdominal_pain.onset_time", "with the rain", value="72"), None),
        ("I had 38.9 on the thermometer", fact("temperature", "38.9 on the thermometer", value="36.5"), 38.9),
    ],
)
def test_numbers_are_read_by_code_from_the_quote(text: str, told: ToldFact, number: float | None) -> None:
    assert [each.number for each in kept(text, told)] == ([number] if number else [])


@pytest.mark.parametrize(
    ("quote", "value", "expected"),
    [
        ("like a vice", None, "tight"),
        ("like a vice", "burning", "tight"),
        ("like an animal gnawing", "heavy", "heavy"),
        ("like an animal gnawing", "appendicitis", None),
        ("like an animal gnawing", None, None),
    ],
)
def test_an_option_is_read_from_the_words_before_it_is_the_models(
    quote: str, value: str | None, expected: str | None
) -> None:
    facts = kept(f"it feels {quote}", fact("chest_pain.quality", quote, value=value))
    assert [each.value for each in facts] == ([expected] if expected else [])


def test_own_words_are_kept_as_they_are() -> None:
    (site,) = kept("it sits by my left hip bone", fact("generic.site", "left hip bone", value="right hip bone"))
    assert site.quote.startswith("left hip")
    assert "right" not in (site.value or "")


def test_what_is_known_is_not_told_anew_by_a_model_but_at_a_read_back() -> None:
    known = kept("I keep chucking up", fact("vomiting", "chucking up"))
    told = fact("vomiting", "chucking up", "absent")
    assert kept("no chucking up", told, history=History(facts=known)) == ()
    (corrected,) = kept("no chucking up", told, asked="read_back", history=History(facts=known))
    assert (corrected.state, corrected.method) == (SlotState.ABSENT, "correction")


def test_what_was_heard_without_the_model_stands() -> None:
    heard = EMBEDDED.read(listening("I have been vomiting since Monday")).facts
    told = (fact("vomiting", "vomiting"), fact("vomiting", "since Monday"))
    assert any(each.slot == "vomiting" for each in heard)
    assert believed(told, heard, SLOTS, listening("I have been vomiting since Monday"), EMBEDDED) == ()


def test_a_quote_with_pattern_characters_is_only_words() -> None:
    assert find_quote("(a+)+$", "it is (a+)+$ bad") == (6, 12)
    assert find_quote("   ", "anything") is None


@pytest.mark.parametrize(
    ("asked", "text", "plain"),
    [
        ("vomiting", "no", True),
        ("vomiting", "yes sadly", True),
        ("age", "I'm 34", True),
        ("universal_screen", "none of these", True),
        ("vomiting", "no but my tummy is as hard as a board", False),
        ("vomiting", "well my sister says I look awful", False),
        ("anything_else", "my eyes feel tired and I have not been sleeping", False),
        (None, "hi", False),
    ],
)
def test_a_plain_answer_needs_no_model(asked: str | None, text: str, plain: bool) -> None:
    heard = EMBEDDED.read(listening(text, asked))
    assert is_plain(listening(text, asked), heard) is plain
