"""Numbers as a clinician reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.exports.amounts import amount, span
from symptom_intake.prompts.quantities import parse_quantity


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("15min", "15 minutes"),
        ("1h", "1 hour"),
        ("36h", "36 hours"),
        ("3d", "3 days"),
        ("1wk", "1 week"),
        ("1mo", "1 month"),
        ("18mo", "18 months"),
        ("2y", "2 years"),
        ("40s", "40 seconds"),
    ],
)
def test_a_length_of_time_is_told_in_the_unit_that_was_used(written: str, read: str) -> None:
    assert span(parse_quantity(written, "hours")) == read


@pytest.mark.parametrize(
    ("years", "read"), [("24d", "24 days"), ("5mo", "5 months"), ("34y", "34 years"), ("104y", "104 years")]
)
def test_an_age(years: str, read: str) -> None:
    assert amount("age", parse_quantity(years, "years")) == read


def test_what_is_not_whole_says_about() -> None:
    assert span(1000.3) == "about 1.4 months"


def test_other_kinds() -> None:
    assert amount("temperature", 38.5) == "38.5 °C"
    assert amount("severity", 7.0) == "7 out of 10"
    assert amount("number", 96.0) == "96"


@given(st.floats(1 / 3600, 9e5))
def test_it_is_never_off_by_more_than_rounding(hours: float) -> None:
    count, unit = span(hours).removeprefix("about ").split()
    suffix = {"year": "y", "month": "mo", "week": "wk", "day": "d", "hour": "h", "minute": "min", "second": "s"}
    again = parse_quantity(count + suffix[unit.removesuffix("s")], "hours")
    assert again == pytest.approx(hours, rel=0.051)
