"""Words of a text: one spelling, and offsets that slice the text as it was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.language.tokens import quoted_lines, spell, tokenize, words_of


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Can't", ("can", "not")),
        ("can’t", ("can", "not")),
        ("cant", ("can", "not")),
        ("CANNOT", ("can", "not")),
        ("won't", ("will", "not")),
        ("hasnt", ("has", "not")),
        ("I'm", ("i", "am")),
        ("im", ("i", "am")),
        ("she's", ("she", "is")),
        ("baby's", ("baby",)),
        ("they've", ("they", "have")),
        ("sooooo", ("sooo",)),
        ("opresión", ("opresion",)),
        ("38.5", ("38.5",)),
    ],
)
def test_one_spelling(written: str, words: tuple[str, ...]) -> None:
    assert spell(written) == words


def test_both_halves_of_a_contraction_share_their_place() -> None:
    text = "I CAN’T breathe"
    assert [text[token.start : token.end] for token in tokenize(text)] == ["I", "CAN’T", "CAN’T", "breathe"]


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("chest pain", [0, 0]),
        ("pain, fever", [0, 1]),
        ("pain. fever", [0, 2]),
        ("pain... fever", [0, 1]),
        ("pain\nfever", [0, 2]),
    ],
)
def test_what_stands_between_two_words(text: str, gaps: list[int]) -> None:
    assert [token.gap for token in tokenize(text)] == gaps


def test_hyphens_part_words() -> None:
    assert words_of("left-sided") == ["left", "sided"]


def test_a_line_marked_as_quoted() -> None:
    text = "this came in:\n> I cannot breathe\nodd"
    quoted = {
        token.word
        for token, is_quoted in zip(tokenize(text), quoted_lines(text, tokenize(text)), strict=True)
        if is_quoted
    }
    assert quoted == {"i", "can", "not", "breathe"}


@given(st.text(max_size=200))
def test_offsets_rise_and_slice_words_out_of_any_text(text: str) -> None:
    tokens = tokenize(text)
    assert all(0 <= token.start < token.end <= len(text) and token.word for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
