"""Reading single answers: yes and no, numbers, times, ages, temperatures, places, open answers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.ages import read_age
from symptom_intake.agent.interview.readers.amounts import read_severity
from symptom_intake.agent.interview.readers.answer import Answer
from symptom_intake.agent.interview.readers.durations import find_durations, read_duration
from symptom_intake.agent.interview.readers.numbers import find_numbers
from symptom_intake.agent.interview.readers.plain import read_plain
from symptom_intake.agent.interview.readers.replies import read_reply
from symptom_intake.agent.interview.readers.sites import read_site
from symptom_intake.agent.interview.readers.temperatures import find_temperatures, read_temperature
from symptom_intake.agent.interview.readers.words import Said, Words
from symptom_intake.prompts.answers import load_answers

WORDS = Words(load_answers())
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday


def said(text: str) -> Said:
    return Said(text, WORDS, NOW)


def number(answers: list[Answer]) -> float | None:
    return answers[0].number if answers else None


REPLIES = {
    "yes": ["yeah", "yep it does", "kinda", "a bit", "sometimes", "only when I walk", "it does", "she has", "I think so", "👍", "YES", "ok", "uh huh", "yes I do", "mostly"],
    "no": ["nope", "nah", "not that i know", "not that i know of", "I don't think so", "i dont think so", "it doesn't", "no i haven't", "NOPE", "not really", "well, no", "not at all", "👎", "never had it"],
    "unsure": ["idk", "dunno", "no idea", "not sure", "I don't know", "maybe", "hard to say", "um, not sure", "can't remember", "🤷"],
    "declined": ["rather not say", "I'd rather not say", "none of your business", "skip", "pass", "skip this please", "prefer not to say", "no comment"],
    "question": ["why?", "what do you mean?", "why do you ask", "huh?"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REPLIES.items() for text in texts])
def test_replies_as_people_type_them(kind: str, text: str) -> None:
    reply = read_reply(said(text))
    assert reply is not None
    assert reply.kind == kind
    assert text[reply.start : reply.end].strip()


@pytest.mark.parametrize(
    "text",
    ["I have a headache", "right leg is weak", "pass out when I stand", "it started on Tuesday", "", "...", "12"],
)
def test_what_is_no_reply(text: str) -> None:
    assert read_reply(said(text)) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2 or 3", 2, 3),
        ("2-3", 2, 3),
        ("between 6 and 8", 6, 8),
        ("about five", 5, 5),
        ("half a dozen", 6, 6),
        ("a hundred and two", 102, 102),
        ("thirty eight point five", 38.5, 38.5),
        ("38,5", 38.5, 38.5),
        ("1,000", 1000, 1000),
        ("1000", 1000, 1000),
        ("fifty two", 52, 52),
        ("two and a half", 2.5, 2.5),
        ("3 1/2", 3.5, 3.5),
        ("2½", 2.5, 2.5),
    ],
)
def test_numbers_in_figures_and_words(text: str, low: float, high: float) -> None:
    (found,) = find_numbers(said(text))
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("for 3 days", 72),
        ("3d", 72),
        ("2 wks", 336),
        ("a couple of days", 48),
        ("half an hour", 0.5),
        ("an hour and a half", 1.5),
        ("an hour ago", 1),
        ("about 20 minutes ago", 20 / 60),
        ("2 weeks and 3 days", 17 * 24),
        ("a day or two", 48),
        ("2 or 3 weeks", 21 * 24),
        ("the last week", 168),
        ("just now", 0),
        ("this morning", 8),
        ("last night", 19),
        ("since yesterday evening", 19),
        ("yesterday", 24),
        ("since yesterday at 4 pm", 23),
        ("at 10 this morning", 5),
        ("around 7 am", 8),
        ("10:30", 4.5),
        ("since Tuesday", 168),
        ("since Sunday", 48),
        ("SINCE SUNDAY", 48),
        ("on 3 March", 266 * 24),
        ("Nov 3rd", 21 * 24),
        ("13/11/2026", 11 * 24),
        ("2026-11-20", 96),
    ],
)
def test_times_in_hours(text: str, hours: float) -> None:
    assert number(read_duration(said(text))) == pytest.approx(hours)


@pytest.mark.parametrize("text", ["since I was a kid", "for weeks", "always", "03/04/2026"])
def test_a_time_that_cannot_be_counted_is_kept_in_words(text: str) -> None:
    (answer,) = read_duration(said(text))
    assert (answer.state, answer.number) == (SlotState.PRESENT, None)
    assert answer.value


def test_a_range_keeps_both_ends() -> None:
    (answer,) = read_duration(said("2-3 days"))
    assert (answer.number, answer.details) == (72, {"from": "48", "to": "72"})


@pytest.mark.parametrize("text", ["I may have it", "it hurts", "a second opinion maybe"])
def test_words_that_are_no_time(text: str) -> None:
    assert [each for each in find_durations(said(text)) if each.unit != "s"] == []


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("52", 52),
        ("fifty two", 52),
        ("52F", 52),
        ("52 yo", 52),
        ("he's 3", 3),
        ("6 weeks old", 6 * 7 / 365.25),
        ("18 months", 1.5),
        ("10 days", 10 / 365.25),
        ("born in March 2024", 2.73),
        ("1974", 52),
        ("3 and a half", 3.5),
    ],
)
def test_ages_in_years(text: str, years: float) -> None:
    assert number(read_age(said(text))) == pytest.approx(years, abs=0.01)


@pytest.mark.parametrize("text", ["200", "very old", "999 years", "-"])
def test_no_plausible_age(text: str) -> None:
    assert read_age(said(text)) == []


@pytest.mark.parametrize(
    ("text", "celsius"),
    [
        ("101", 38.3),
        ("38,5", 38.5),
        ("a hundred and two", 38.9),
        ("38.5 C", 38.5),
        ("101.3F", 38.5),
        ("39 degrees", 39),
        ("100.4", 38.0),
        ("37.2 this morning and 39 now", 39),
    ],
)
def test_temperatures_in_celsius(text: str, celsius: float) -> None:
    assert number(read_temperature(said(text))) == celsius


@pytest.mark.parametrize("text", ["50", "it was high", "38 F", "101 C", "380", "never over 38"])
def test_an_implausible_temperature_is_asked_again(text: str) -> None:
    assert read_temperature(said(text)) == []


@given(st.floats(35, 42).map(lambda value: round(value, 1)))
def test_either_scale_gives_the_same_temperature(celsius: float) -> None:
    told = [find_temperatures(said(f"{celsius} C")), find_temperatures(said(f"{celsius * 1.8 + 32:.2f} F"))]
    assert [each[0].celsius for each in told] == [celsius, celsius]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("7/10", 7),
        ("8 out of ten", 8),
        ("7", 7),
        ("ten", 10),
        ("7-8", 8),
        ("0", 0),
        ("maybe a 6", 6),
        ("10/10", 10),
        ("somewhere between a five and a six", 6),
    ],
)
def test_severity(text: str, points: float) -> None:
    assert number(read_severity(said(text))) == points


@pytest.mark.parametrize("text", ["pretty bad", "11", "for 3 days", "100"])
def test_no_severity(text: str) -> None:
    assert read_severity(said(text)) == []


def test_the_end_of_the_scale_in_words_gets_no_number() -> None:
    (answer,) = read_severity(said("it is the worst ever"))
    assert (answer.value, answer.number) == ("the worst ever", None)


@pytest.mark.parametrize(
    ("text", "value", "details"),
    [
        ("left upper belly", "left upper belly", {"side": "left", "part": "upper belly"}),
        ("behind my right knee", "behind my right knee", {"side": "right", "part": "knee"}),
        ("lower back on the left", "lower back on the left", {"side": "left", "part": "lower back"}),
        ("my chest", "chest", {"part": "chest"}),
        ("not right, left", "left", {"side": "left"}),
        ("everywhere", "everywhere", {}),
    ],
)
def test_sites_keep_the_side_apart(text: str, value: str, details: dict[str, str]) -> None:
    (answer,) = read_site(said(text))
    assert (answer.value, answer.details) == (value, details)


@given(st.sampled_from(["knee", "lower back", "eye", "upper belly", "shoulder"]), st.sampled_from(["left", "right"]))
def test_changing_the_side_changes_the_side(part: str, side: str) -> None:
    (answer,) = read_site(said(f"in my {side} {part}"))
    assert answer.details == {"side": side, "part": part}


@given(st.integers(1, 400), st.sampled_from([("minutes", 1 / 60), ("hours", 1), ("days", 24), ("weeks", 168)]))
def test_changing_the_number_changes_the_time(count: int, unit: tuple[str, float]) -> None:
    assert number(read_duration(said(f"it began {count} {unit[0]} ago"))) == pytest.approx(count * unit[1])


@pytest.mark.parametrize("text", ["no", "nothing", "no, that's all", "nope nothing else thanks", "None", "I'm done"])
def test_nothing_to_tell(text: str) -> None:
    (answer,) = read_plain(said(text))
    assert answer.state is SlotState.ABSENT


@pytest.mark.parametrize("text", ["my foot hurts", "no but my foot hurts", "not sure, maybe the fish I ate"])
def test_open_answers_are_kept_word_for_word(text: str) -> None:
    (answer,) = read_plain(said(f"  {text} "))
    assert answer.value == text


@pytest.mark.parametrize("text", ["yes", "why?", "?!", ""])
def test_what_answers_no_open_question(text: str) -> None:
    assert read_plain(said(text)) == []
