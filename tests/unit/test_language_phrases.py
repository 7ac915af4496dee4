"""The phrase grammar, on small vocabularies of its own."""

import pytest

from symptom_intake.agent.language.lexicon import Lexicon

CONCEPTS = {
    "chest": ["chest", "breastbone"],
    "pain": ["pain", "hurt"],
    "sweat": ["sweaty", "cold sweat"],
    "cannot": ["can not", "barely"],
    "stuck": ["@cannot move"],
    "cue_filler": ["really", "even"],
    "cue_scope_end": ["but"],
    "cue_joiner": ["and"],
    "cue_subject": ["my", "i"],
}


def found(phrase: str, text: str) -> list[str]:
    """Of each mention, the words that it covers."""
    mentions = Lexicon({"key": [phrase]}, CONCEPTS).find(text)
    return [" | ".join(text[start:end] for start, end in mention.spans) for mention in mentions]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("sore throat", "a SORE   throat!", ["SORE   throat"]),
        ("sore throat", "throat sore", []),
        ("sore throat", "sore red throat", []),
        ("@cannot breathe", "I can't really even breathe", ["can't really even breathe"]),
        ("@cannot breathe", "barely breathing", ["barely breathing"]),
        ("@chest + @pain", "it hurts across the chest", ["hurts | chest"]),
        ("@chest + @pain", "my chest is fine but my foot hurts", []),
        ("@chest + @pain", "my chest is fine. it hurts", []),
        ("@chest + @pain", "my chest is fine, my foot hurts", []),
        ("@chest + @pain & @sweat", "Cold sweat since noon. My breastbone hurts.", ["Cold sweat | breastbone | hurts"]),
        ("@chest + @pain & @sweat", "My breastbone hurts.", []),
        ("@stuck", "cannot move", ["cannot move"]),
        ("# years ago", "12 years ago", ["12 years ago"]),
        ("in #year", "in 2010 and in 31", ["in 2010"]),
        ("chest", "chest, chest", ["chest", "chest"]),
    ],
)
def test_a_phrase_finds(phrase: str, text: str, expected: list[str]) -> None:
    assert found(phrase, text) == expected


def test_overlapping_finds_of_a_key_are_one() -> None:
    lexicon = Lexicon({"key": ["chest pain", "pain", "@chest + @pain"]}, CONCEPTS)
    assert len(lexicon.find("chest pain")) == 1


def test_keys_do_not_merge() -> None:
    lexicon = Lexicon({"a": ["chest pain"], "b": ["pain"]}, CONCEPTS)
    assert [mention.key for mention in lexicon.find("chest pain")] == ["a", "b"]


def test_terms_far_apart_are_not_put_together() -> None:
    assert found("@chest + @pain", f"chest {'word ' * 20} pain") == []
