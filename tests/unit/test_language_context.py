"""Denial and its scope, people, time, supposition: how a find was meant."""

import pytest

from symptom_intake.agent.language.lexicon import Lexicon
from symptom_intake.prompts import load_content

LEXICON = Lexicon(
    {
        "fever": ["@fever"],
        "cough": ["@cough"],
        "chest pain": ["@chest + @pain"],
        "stroke": ["@stroke"],
        "vomiting": ["@vomit"],
        "headache": ["@headache"],
        "faint": ["@faint"],
        "rash": ["@rash"],
    },
    load_content().vocabulary.concepts,
)


def asserted(text: str) -> set[str]:
    return {mention.key for mention in LEXICON.find(text) if mention.asserted}


def found(text: str) -> set[str]:
    return {mention.key for mention in LEXICON.find(text)}


@pytest.mark.parametrize(
    ("text", "denied", "said"),
    [
        ("no fever, cough or chest pain but a headache", {"fever", "cough", "chest pain"}, {"headache"}),
        ("no nausea vomiting or cough", {"vomiting", "cough"}, set()),
        ("I don't have chest pain, just a headache", {"chest pain"}, {"headache"}),
        ("it's not a headache, it's chest pain", {"headache"}, {"chest pain"}),
        ("No fever and my chest hurts", {"fever"}, {"chest pain"}),
        ("no fever my chest hurts", {"fever"}, {"chest pain"}),
        ("no, I have a fever", set(), {"fever"}),
        ("nope no fever", {"fever"}, set()),
        ("no allergies, crushing chest pain", set(), {"chest pain"}),
        ("no meds, fever since monday", set(), {"fever"}),
        ("fever? no. cough? yes", {"fever"}, {"cough"}),
        ("chest pain - none, fever: no", {"chest pain", "fever"}, set()),
        ("no cough yes fever", {"cough"}, {"fever"}),
        ("neither fever nor cough", {"fever", "cough"}, set()),
        ("not without a fever", set(), {"fever"}),
        ("I can't deny I have a fever", set(), {"fever"}),
        ("not only a fever but also a cough", set(), {"fever", "cough"}),
        ("I'm not sure if it's chest pain", set(), {"chest pain"}),
        ("no change in the cough", set(), {"cough"}),
        ("can't stop vomiting", set(), {"vomiting"}),
        ("hasn't stopped vomiting", set(), {"vomiting"}),
        ("the fever is not going away", set(), {"fever"}),
        ("no longer have a headache", {"headache"}, set()),
        ("hasn't had any vomiting", {"vomiting"}, set()),
        ("I do not think I have a fever", {"fever"}, set()),
        ("denies fever however a bad cough", {"fever"}, {"cough"}),
    ],
)
def test_a_denial_reaches_as_far_as_it_should(text: str, denied: set[str], said: set[str]) -> None:
    assert {mention.key for mention in LEXICON.find(text) if mention.negated} >= denied
    assert asserted(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "my dad had a stroke",
        "my mother died of a stroke",
        "stroke runs in my family",
        "my neighbour had a stroke",
        "my friend has a rash",
        "my husband had a stroke in 2012",
        "my grandmother had a cough once",
        "My dad was ill. He had a stroke.",
    ],
)
def test_said_of_somebody_else(text: str) -> None:
    assert found(text) and not asserted(text)


@pytest.mark.parametrize(
    "text",
    [
        "my son has a fever",
        "my son had a fever last night",
        "my husband fainted",
        "my wife has chest pain",
        "my mum has a fever",
        "my friend just collapsed, help",
        "my dad had a stroke an hour ago",
        "somebody hit me and I fainted",
    ],
)
def test_said_of_the_one_who_is_ill_whoever_types(text: str) -> None:
    assert asserted(text)


def test_each_clause_has_its_own_person() -> None:
    assert asserted("my dad had a stroke and I have chest pain") == {"chest pain"}
    assert asserted("my dad had a stroke, my chest hurts") == {"chest pain"}


@pytest.mark.parametrize(
    "text",
    [
        "I had a stroke in 2010",
        "as a child I had a rash",
        "I fainted last year",
        "I used to faint",
        "rash when I was 12",
        "fainted as a teenager, fine now",
    ],
)
def test_long_past(text: str) -> None:
    assert all(mention.past for mention in LEXICON.find(text)) and found(text)


@pytest.mark.parametrize(
    "text",
    [
        "had chest pain earlier today, gone now",
        "I fainted last night",
        "cough since 2019",
        "vomiting for two months",
        "chest pain two days ago",
        "the cough I had last year is back again",
    ],
)
def test_recent_or_still_there(text: str) -> None:
    assert asserted(text)


def test_a_past_of_its_own_clause_only() -> None:
    assert asserted("I fainted 3 years ago but today my chest hurts") == {"chest pain"}


@pytest.mark.parametrize(
    "text",
    [
        "what if I get a rash",
        "should I worry about a stroke",
        "could it be a stroke",
        "symptoms of stroke",
        "the leaflet says it may cause vomiting",
        "> my chest hurts",
    ],
)
def test_supposed_or_quoted(text: str) -> None:
    assert found(text) and not asserted(text)


@pytest.mark.parametrize(
    "text",
    [
        "is this rash serious",
        "if my chest hurts should I come in",
        "I'm worried about my chest pain",
        "is it a stroke if my head hurts, headache all day",
    ],
)
def test_a_question_about_what_is_there(text: str) -> None:
    assert asserted(text)


@pytest.mark.parametrize(
    "text",
    [
        "passed out flyers all day",
        "a stroke of luck",
        "sick and tired of the bus",
        "this weight is off my chest and it hurts",
    ],
)
def test_a_figure_of_speech_is_no_find(text: str) -> None:
    assert not asserted(text)


def test_a_figure_within_a_longer_find_does_not_hide_it() -> None:
    lexicon = Lexicon({"pills": ["blood pressure pills"]}, load_content().vocabulary.concepts)
    assert lexicon.find("he got into my blood pressure pills")


def test_a_figure_does_not_cross_a_full_stop() -> None:
    assert asserted("I passed out. The bus was late.") == {"faint"}
