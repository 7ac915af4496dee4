import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.prompts.quantities import HOURS, parse_quantity


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("7", None, 7),
        ("38.0", "celsius", 38.0),
        ("38.5C", "celsius", 38.5),
        ("90min", "hours", 1.5),
        ("3d", "hours", 72),
        ("2wk", "hours", 336),
        ("52y", "years", 52),
        ("24mo", "years", 2),
    ],
)
def test_reads_a_number_in_the_unit_of_the_slot(text: str, unit: str | None, expected: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("soon", None), ("7d", None), ("12", "hours"), ("12", "years"), ("3d", "celsius"), ("", None)],
)
def test_refuses_what_does_not_fit(text: str, unit: str | None) -> None:
    with pytest.raises(ValueError, match=r"unit|number"):
        parse_quantity(text, unit)


@given(st.integers(0, 10_000), st.sampled_from(sorted(HOURS)))
def test_years_and_hours_agree(number: int, suffix: str) -> None:
    hours = parse_quantity(f"{number}{suffix}", "hours")
    years = parse_quantity(f"{number}{suffix}", "years")
    assert hours == pytest.approx(years * HOURS["y"])
