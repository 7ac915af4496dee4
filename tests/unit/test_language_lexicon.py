"""Finding phrases in lay text, and how each find was meant."""

import pytest

from symptom_intake.agent.language.lexicon import Lexicon
from symptom_intake.prompts import load_content

CONCEPTS = load_content().vocabulary.concepts
LEXICON = Lexicon(
    {
        "fever": ["@fever"],
        "cough": ["@cough"],
        "chest pain": ["@chest + @pain"],
        "stroke": ["@stroke"],
        "breath": ["@cannot @breath"],
    },
    CONCEPTS,
)


def asserted(text: str) -> set[str]:
    return {mention.key for mention in LEXICON.find(text) if mention.asserted}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no fever or chills but some cough", {"cough"}),
        ("No fever, no cough.", set()),
        ("denies fever", set()),
        ("I don't have a fever", set()),
        ("without any cough or fever", set()),
        ("fever and cough", {"fever", "cough"}),
        ("never had a fever", set()),
        ("I can't breathe", {"breath"}),
        ("CANT BREATHE", {"breath"}),
        ("my dad had a stroke", set()),
        ("my neighbour has a fever", set()),
        ("my son has a fever", {"fever"}),
        ("my husband is having a stroke", {"stroke"}),
        ("I had a stroke in 2010", set()),
        ("had a fever last night, gone now", {"fever"}),
        ("what if it is a stroke", set()),
        ("my chest hurts", {"chest pain"}),
        ("pain in the middle of my chest", {"chest pain"}),
        ("my chest doesn't hurt", set()),
        ("my chest hurts. no cough", {"chest pain"}),
        ("a feverr and coughng", {"fever", "cough"}),
    ],
)
def test_how_it_was_meant(text: str, expected: set[str]) -> None:
    assert asserted(text) == expected


def test_the_spans_are_of_the_text_as_it_was_given() -> None:
    text = "  Well…  my CHEST really hurts"
    (mention,) = LEXICON.find(text)
    assert [text[start:end] for start, end in mention.spans] == ["CHEST", "hurts"]


@pytest.mark.parametrize("text", ["", " ", "\n", "🙂", "?!", "a" * 5000, "no " * 500])
def test_nothing_in_nothing(text: str) -> None:
    assert LEXICON.find(text) == []
