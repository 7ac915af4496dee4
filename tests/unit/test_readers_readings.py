"""Readings taken at home: which number is what, in which unit, and which number is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.interview.readers.readings import find_readings, read_glucose
from symptom_intake.agent.interview.readers.words import Said, Words
from symptom_intake.prompts.answers import load_answers

WORDS = Words(load_answers())


def said(text: str) -> Said:
    return Said(text, WORDS, datetime(2026, 11, 24, tzinfo=UTC))


def told(text: str, about_sugar: bool = False) -> list[tuple[str, float | None]]:
    return [(each.slot, each.answer.number) for each in find_readings(said(text), about_sugar)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "my pulse is 140 and oxygen 88, bp 90/60",
            [("pulse_rate", 140), ("oxygen_level", 88), ("upper_pressure", 90), ("lower_pressure", 60)],
        ),
        ("BP 165 over 112 just now", [("upper_pressure", 165), ("lower_pressure", 112)]),
        ("heart rate 45 bpm", [("pulse_rate", 45)]),
        ("she takes 30 breaths a minute", [("breath_rate", 30)]),
        ("ketones 3.2", [("ketones", 3.2)]),
        ("my sugar is 400", [("glucose", 22.2)]),
        ("glucose 2.9", [("glucose", 2.9)]),
        ("blood sugar 320 mg/dl", [("glucose", 17.8)]),
        ("sugars were 28 mmol", [("glucose", 28)]),
        ("sugar is 28", [("glucose_unclear", None)]),
        ("2 spoons of sugar in my tea", []),
        ("my pulse is 900", []),
        ("oxygen for 3 days at home", []),
        ("I was born 12/3 and my shoe size is 44", []),
    ],
)
def test_readings(text: str, expected: list[tuple[str, float | None]]) -> None:
    assert told(text) == expected


def test_sugar_that_was_asked_for_needs_no_name() -> None:
    assert told("28", about_sugar=True) == [("glucose_unclear", None)]
    assert read_glucose(said("28")) == []
    assert [answer.number for answer in read_glucose(said("5.4"))] == [5.4]


@given(st.integers(min_value=36, max_value=700))
def test_milligrams_need_no_unit_above_35(value: int) -> None:
    assert told(f"my sugar is {value}") == told(f"my sugar is {value} mg/dl") == [("glucose", round(value / 18, 1))]


@given(st.integers(min_value=20, max_value=35))
def test_between_the_units_a_bare_number_is_never_taken_for_one(value: int) -> None:
    assert told(f"blood sugar {value}") == [("glucose_unclear", None)]
    assert told(f"blood sugar {value} mmol/l") == [("glucose", float(value))]
