import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.safety.normalise import shadow
from symptom_intake.prompts.disguises import load_disguises


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
        "sıʇıɔıpuǝddɐ",
        "ᴀᴘᴘᴇɴᴅɪᴄɪᴛɪs",
        "ＡＰＰＥＮＤＩＣＩＴＩＳ",
        "αρρεηδιcιτιѕ".replace("η", "n").replace("δ", "d"),
        "Ꭺppendicitis",
        "app€nd!citi$",
        "a+p+p+e+n+d+i+c+i+t+i+s",
        "a\np\np\ne\nn\nd\ni\nc\ni\nt\ni\ns",
        "a - p - p - e - n - d - i - c - i - t - i - s",
        "a\u034fppendi\u2060citi\u2064s",
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


@pytest.mark.parametrize(
    "dress", ["👨\u200d👩\u200d👧", "🙂", "👍🏽", "❤️", "🌙", "✅", "🏴\U000e0067\U000e0062\U000e007f"]
)
def test_a_picture_that_only_dresses_a_reply_says_nothing(dress):
    assert shadow(dress).text.strip() == ""


@pytest.mark.parametrize(
    ("picture", "words"),
    [("🫁", "lungs"), ("💊", "pill"), ("🎗", "cancer"), ("⚰️", "death"), ("🩼", "crutch"), ("🍌", "banana")],
)
def test_a_picture_that_says_something_is_read_as_words(picture, words):
    assert shadow(picture).text.split() == words.split()


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("ʞɔɐʇʇɐ ʇɹɐǝɥ", "heart attack"),
        ("٣ days", "3 days"),
        ("Ⓗⓞⓦ are you？", "how are you?"),
        ("“quoted” ‘words’", '"quoted" words'),
        ("b12 and h2o", "b12 and h2o"),
        ("€50 or £3", "€50 or £3"),
        ("U.S.A.", "usa."),
        ("take 5 or 6, or 7", "take 5 or 6, or 7"),
        ("you're he's Anna's", "you are he is annas"),
    ],
)
def test_what_a_text_says_is_what_is_left(disguised, plain):
    assert " ".join(shadow(disguised).text.split()) == plain


def test_the_letters_of_the_table_are_plain_and_hold_no_plain_source():
    letters, symbols = load_disguises()
    assert all(re.fullmatch("[a-z0-9]{1,2}", each) for each in letters.letters().values())
    assert not any(char.isascii() for char in letters.letters())
    assert not set(symbols.words) & set(symbols.dress)


def test_another_script_stays_visible():
    assert any(not char.isascii() for char in shadow("головная боль").text)


@given(st.text(max_size=80))
def test_any_text_has_a_shadow_whose_offsets_lie_in_it(text):
    plain = shadow(text)
    for place in range(len(plain.text)):
        start, end = plain.span(place, place + 1)
        assert 0 <= start < end <= len(text)
    assert plain.original == text


@given(st.text(alphabet=st.sampled_from("ab i.-\n'&#3;0ɐɔǝʇ\u200b👍🫀é½ﬁа"), max_size=40))
def test_the_offsets_of_a_shadow_never_run_backwards(text):
    plain = shadow(text)
    spans = [plain.span(place, place + 1) for place in range(len(plain.text))]
    assert all(one[0] <= two[0] and one[1] <= two[1] for one, two in itertools.pairwise(spans))
    assert all(plain.span(0, end + 1) == (spans[0][0], spans[end][1]) for end in range(len(spans)))


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_a_shadow_does_not_depend_on_case(text):
    assert shadow(text.upper()).text == shadow(text.lower()).text
