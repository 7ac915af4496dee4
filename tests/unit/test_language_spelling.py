"""Which vocabulary word a written word stands for."""

import pytest

from symptom_intake.agent.language.lexicon import AS_WRITTEN, Lexicon
from symptom_intake.agent.language.spelling import Speller
from symptom_intake.prompts import load_content

SPELLER = Speller(
    ["breath", "vomiting", "cough", "hurt", "breathe", "stroke", "swollen", "fever", "weak"],
    ["breach", "string", "strike"],
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("breath", ("breath",)),
        ("braeth", ("breath",)),
        ("vomitting", ("vomiting",)),
        ("coughs", ("cough",)),
        ("coughing", ("cough",)),
        ("hurting", ("hurt",)),
        ("breathing", ("breath", "breathe")),
        ("swolen", ("swollen",)),
        ("feverrrr", ("fever",)),
        ("weeeak", ("weak",)),
        ("soon", ()),
        ("sober", ()),
        ("vommiting", ("vomiting",)),
        ("2010", ("2010", "#", "#year")),
        ("14", ("14", "#")),
        ("three", ("#",)),
    ],
)
def test_a_word_is_read_as(written: str, meant: tuple[str, ...]) -> None:
    assert set(SPELLER.forms(written)) == set(meant)


@pytest.mark.parametrize("written", ["breach", "bread", "week", "strike", "cold", "fewer", "string", "xbreath"])
def test_a_word_that_is_another_is_left_alone(written: str) -> None:
    assert SPELLER.forms(written) == ()


def test_a_word_of_the_vocabulary_never_becomes_another() -> None:
    speller = Speller(["chocking", "choking", "chocked"], [])
    assert speller.forms("chocking") == ("chocking",)


@pytest.mark.parametrize(
    ("common", "symptom"),
    [
        ("bread", "@breath"), ("week", "@weak"), ("strike", "@stroke"), ("couch", "@cough"), ("heading", "@head"), ("facing", "@face"), ("backed", "@back"),
        ("cheat", "@chest"), ("throne", "@throat"), ("facts", "@faint"), ("weather", "@breathless"), ("number", "@numb"), ("swelter", "@swollen"), ("father", "@faint"),
        ("paint", "@pain"), ("starving", "@seizure"), ("parents", "@burn"), ("stretch", "@skin"), ("confirmed", "@confused"), ("confess", "@confused"), ("slipping", "@droop"),
    ],
)  # fmt: skip
def test_everyday_words_are_no_symptoms(common: str, symptom: str) -> None:
    lexicon = Lexicon({"found": [symptom]}, load_content().vocabulary.concepts)
    assert lexicon.find(f"about the {common} I saw") == []


def test_the_words_to_take_as_written_are_in_the_content() -> None:
    assert len(load_content().vocabulary.concepts[AS_WRITTEN]) > 100
