import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.safety.normalise import shadow


@pytest.mark.parametrize(
    "disguised",
    [
        "app\u200ben\u200bdicitis",
        "app\u00adendi\u00adcitis",
        "\U000e0041appendicitis",
        "appendicitis\ufe0f",
        "\u202eappendicitis\u202c",
        "аppеndісіtіs",
        "ａｐｐｅｎｄｉｃｉｔｉｓ",
        "𝒶𝓅𝓅𝑒𝓃𝒹𝒾𝒸𝒾𝓉𝒾𝓈",
        "ⓐⓟⓟⓔⓝⓓⓘⓒⓘⓣⓘⓢ",
        "🅰🅿🅿🅴🅽🅳🅸🅲🅸🆃🅸🆂",
        "ᴀppendicitis",
        "áppéndicïtis",
        "a\u0336p\u0336p\u0336endicitis",
        "app&#101;ndicitis",
        "**app**endicitis",
        "appen-\ndicitis",
        "a p p e n d i c i t i s",
        "a.p.p.e.n.d.i.c.i.t.i.s",
        "a-p-p-e-n-d-i-c-i-t-i-s",
        "4ppend1c1t1s",
        "app3nd1citis",
        "APPENDICITIS",
    ],
)
def test_a_disguised_word_reads_as_itself_and_maps_back(disguised):
    text = f"This is {disguised}, I say"
    plain = shadow(text)
    at = plain.text.find("appendicitis")
    assert at >= 0
    start, end = plain.span(at, at + len("appendicitis"))
    assert start <= text.index(disguised[-3:]) and end <= text.index(", I say")
    assert text[start:end].strip() and start >= len("This is ")


@pytest.mark.parametrize("kept", ["400mg", "8am", "covid19", "b12", "3weeks", "10ml", "38.5", "7/10"])
def test_numbers_and_units_are_no_disguise(kept):
    assert kept in shadow(f"it was {kept} then").text


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("it's", "it is"),
        ("don’t", "do not"),
        ("can't", "can not"),
        ("cannot", "can not"),
        ("isnt", "is not"),
        ("you've", "you have"),
        ("I'm", "i am"),
        ("won't", "will not"),
        ("Crohn's", "crohns"),
        ("gonna", "going to"),
    ],
)
def test_contractions_are_written_out(short, long):
    assert shadow(f"so {short} here").text == f"so {long} here"


def test_an_emoji_is_read_by_its_name():
    assert "heart attack" in " ".join(shadow("a 🫀 attack").text.split())


def test_an_emoji_family_holds_no_word_of_an_illness():
    assert shadow("👨\u200d👩\u200d👧").text.split() == ["man", "woman", "girl"]


def test_another_script_stays_visible():
    assert any(not char.isascii() for char in shadow("головная боль").text)


@given(st.text(max_size=80))
def test_any_text_has_a_shadow_whose_offsets_lie_in_it(text):
    plain = shadow(text)
    for place in range(len(plain.text)):
        start, end = plain.span(place, place + 1)
        assert 0 <= start < end <= len(text)
    assert plain.original == text


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_a_shadow_does_not_depend_on_case(text):
    assert shadow(text.upper()).text == shadow(text.lower()).text
