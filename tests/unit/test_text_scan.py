"""The raw-text scanner: every example of the content, and what must not change its mind."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symptom_intake.agent.history import Evidence, Fact, History, SlotState
from symptom_intake.agent.safety.text_scan import TextScanner
from symptom_intake.prompts import load_content
from symptom_intake.prompts.model import Trigger, TriggerFile

CONTENT = load_content()
SCANNER = TextScanner(CONTENT)
TRIGGERS = CONTENT.triggers.triggers
POSITIVE = [(trigger.rule, text) for trigger in TRIGGERS for text in trigger.positive]
NEGATIVE = [(trigger.rule, text) for trigger in TRIGGERS for text in trigger.negative]
UNRELATED = ("The bus was late.", "I live on the third floor.", "My insurance card is blue.", "It rained on Tuesday.")


def rules(text: str) -> set[str]:
    return {hit.rule.id for hit in SCANNER.scan(text)}


@pytest.mark.parametrize(("rule", "text"), POSITIVE)
def test_positive_example(rule: str, text: str) -> None:
    assert rule in rules(text)


@pytest.mark.parametrize(("rule", "text"), NEGATIVE)
def test_negative_example(rule: str, text: str) -> None:
    assert rule not in rules(text)


def test_every_trigger_has_enough_examples() -> None:
    assert all(len(each.positive) >= 5 and len(each.negative) >= 5 for each in TRIGGERS)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(POSITIVE), st.sampled_from(["upper", "bare", "curly", "spaced", "full stop"]))
def test_the_way_of_typing_does_not_matter(example: tuple[str, str], way: str) -> None:
    rule, text = example
    typed = {
        "upper": text.upper(),
        "bare": text.replace("'", ""),
        "curly": text.replace("'", "’"),
        "spaced": text.replace(" ", "   "),
        "full stop": f"{text}.",
    }[way]
    assert rule in rules(typed)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(POSITIVE), st.sampled_from(UNRELATED), st.booleans())
def test_an_unrelated_sentence_removes_nothing(example: tuple[str, str], other: str, first: bool) -> None:
    rule, text = example
    assert rule in rules(f"{other} {text}" if first else f"{text}. {other}")


@pytest.mark.parametrize(("rule", "text"), POSITIVE)
def test_a_relative_playing_it_down_removes_nothing(rule: str, text: str) -> None:
    assert rule in rules(f"My husband says it's nothing. {text}")
    assert rule in rules(f"{text}. My wife thinks it is just stress.")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_scanned_and_every_span_is_of_it(text: str) -> None:
    for hit in SCANNER.scan(text):
        assert hit.spans
        assert all(text[start:end].strip() for start, end in hit.spans)


@given(st.sampled_from(POSITIVE))
def test_the_same_text_gets_the_same_answer(example: tuple[str, str]) -> None:
    assert SCANNER.scan(example[1]) == SCANNER.scan(example[1])


def test_a_very_long_message_is_scanned_in_bounded_time() -> None:
    text = "my knee aches and the weather is bad and " * 1220 + "I can't breathe"
    start = time.perf_counter()
    found = rules(text)
    assert "UNI-04" in found
    assert time.perf_counter() - start < 5, "a generous bound: it only has to end"


def aged(years: float) -> History:
    quote = Evidence(turn="t1", start=0, end=1, quote="x")
    return History(facts=(Fact(id="t1.1", slot="age", state=SlotState.PRESENT, number=years, evidence=(quote,)),))


@pytest.mark.parametrize(("history", "raised"), [(None, True), (aged(70), True), (aged(30), False)])
def test_a_trigger_for_an_age_counts_until_the_age_is_known(history: History | None, raised: bool) -> None:
    trigger = Trigger.model_validate(
        {"rule": "CP-10", "phrases": ["odd feeling"], "when": {"age": ">= 65y"}, "positive": ["odd feeling"]}
    )
    scanner = TextScanner(replace(CONTENT, triggers=TriggerFile(version="1", triggers=(trigger,))))
    assert bool(scanner.scan("an odd feeling", history)) is raised


@pytest.mark.parametrize(
    "text",
    [
        "asking for a friend, what if I kill myself",
        "what if I took the whole bottle of pills",
        "is it normal that I can't breathe",
    ],
)
def test_what_is_strict_counts_in_questions_and_suppositions(text: str) -> None:
    assert rules(text)


def test_naming_a_method_never_lowers_what_is_raised() -> None:
    without = {hit.rule.level for hit in SCANNER.scan("I am going to kill myself")}
    with_method = {hit.rule.level for hit in SCANNER.scan("I am going to kill myself with pills tonight")}
    assert max(level.rank for level in with_method if level) >= max(level.rank for level in without if level)
