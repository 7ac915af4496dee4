"""The formulas of school grades, against counts made by hand."""

import pytest

from symptom_intake.prompts.readability import grade, smog, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [("pain", 1), ("belly", 2), ("table", 2), ("time", 1), ("the", 1), ("abdominal", 4), ("see", 1), ("breathe", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_grade_is_the_formula() -> None:
    # 5 words, 1 sentence, 6 syllables
    assert grade(["Does your belly hurt now?"]) == pytest.approx(0.39 * 5 + 11.8 * 6 / 5 - 15.59)


def test_smog_counts_long_words_a_sentence() -> None:
    assert smog(["It hurts.", "Abdominal pain."]) == pytest.approx(3.1291 + 1.043 * (30 * 1 / 2) ** 0.5)


def test_longer_words_and_sentences_are_harder() -> None:
    plain, hard = "Does it hurt when you pee?", "Do you experience considerable discomfort during urination?"
    assert grade([plain]) + 5 < grade([hard])
    assert smog([plain]) < smog([hard])


def test_nothing_to_read_is_no_error() -> None:
    assert grade([]) < 0 and smog([""]) > 0
