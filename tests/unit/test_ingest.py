from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.language.ingest import clean, storable


@given(st.text(st.characters()))
def test_clean_text_can_be_stored_and_cleaning_again_changes_nothing(text: str) -> None:
    once = clean(text)
    once.encode("utf-8")
    assert clean(once) == once


def test_a_lone_surrogate_is_replaced_and_the_rest_is_kept() -> None:
    assert storable("pain \ud83d here") == "pain \ufffd here"
    assert storable("ok 😀") == "ok 😀"


def test_control_characters_and_invisible_marks_go_and_joiners_stay() -> None:
    assert clean("a\x00b\x07c") == "a b c"
    assert clean("chest\u200b pain\ufeff") == "chest pain"
    assert clean("\U0001f468\u200d\U0001f469") == "\U0001f468\u200d\U0001f469"
    assert clean("one\r\ntwo\rthree") == "one\ntwo\nthree"


def test_model_control_tokens_lose_their_brackets() -> None:
    text = clean("<start_of_turn>user <end_of_turn> < BOS > <unused94> 3 < 5")
    assert "<" not in text.replace("3 < 5", "")
    assert "start_of_turn" in text
    assert "3 < 5" in text
