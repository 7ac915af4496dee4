"""The shipped English templates: complete in every region, short, plain, and with the right numbers in them."""

import re

import pytest

from symptom_intake.prompts import load_content, load_messages

REGIONS = {"us": "911", "gb": "999", "eu": "112", "au": "000", "ca": "911"}
CRISIS_LINES = {
    "us": ("988",),
    "gb": ("116 123", "85258", "111"),
    "eu": ("116 123", "112"),
    "au": ("13 11 14",),
    "ca": ("9-8-8",),
}
SESSION_VALUES = {
    "ack.noted": {"facts"},
    "ack.corrected": {"facts"},
    "options": {"options"},
    "region_fallback": {"asked_region"},
}
ESCALATIONS = tuple(
    f"escalate.{family}"
    for family in ("emergency_now", "emergency_department", "crisis", "in_danger", "overdose", "eye_chemical")
)
REQUIRED = {
    *ESCALATIONS,
    *SESSION_VALUES,
    *(
        "notice",
        "opening",
        "closing",
        "safety_net",
        "done.already",
        "safe_fallback",
        "support.crisis",
        "support.overdose",
    ),
    *("ack.skip", "ack.undo", "summary.nothing", "why.nothing", "image.not_examined"),
    *(f"read_back.{name}" for name in ("intro", "more")),
    *(f"problem.{name}" for name in ("empty", "too_long", "not_text", "language", "image", "failed")),
    *(
        f"aside.{name}"
        for name in ("diagnosis", "advice", "person", "urgent", "injection", "who", "distress", "thanks")
    ),
}
LONG = ("notice", *ESCALATIONS)
WORDS = re.compile(r"[A-Za-z][A-Za-z'’]*")


def filled(region: str, key: str) -> str:
    return load_messages("en", region).text(key, facts="cough", options="yes, no", asked_region="atlantis")


def every_text(region: str) -> dict[str, str]:
    names = load_messages("en", region).keys()
    return {key: filled(region, key) for key in names}


def syllables(word: str) -> int:
    """A count as readability formulas take it: groups of vowels, without a silent e at the end."""
    bare = re.sub(r"(?<![aeiouyl])e(?:s|d)?$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def grade(text: str) -> float:
    """School grade after Flesch and Kincaid."""
    sentences = [part for part in re.split(r"[.?!]+\s", f"{text} ") if WORDS.search(part)]
    words = WORDS.findall(text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("region", REGIONS)
def test_every_template_is_there_and_filled_but_for_the_sessions_own_values(region: str) -> None:
    messages = load_messages("en", region)
    names = messages.keys()
    assert set(names) >= REQUIRED
    assert {key: messages.placeholders(key) for key in names if messages.placeholders(key)} == SESSION_VALUES
    for key, text in every_text(region).items():
        assert text and not re.search(r"[{}]", text), key


@pytest.mark.parametrize("region", REGIONS)
def test_an_escalation_starts_with_what_to_do_and_holds_the_regions_number(region: str) -> None:
    others = set(REGIONS.values()) - {REGIONS[region]}
    for key in ESCALATIONS:
        text = filled(region, key)
        first = text.split(".")[0]
        assert REGIONS[region] in text
        assert not any(re.search(rf"\b{number}\b", text) for number in others), key
        assert first.startswith(("Call ", "Go to the nearest ")) and "now" in first, key


@pytest.mark.parametrize("key", ["escalate.crisis", "support.crisis"])
@pytest.mark.parametrize("region", REGIONS)
def test_a_crisis_message_names_the_lines_and_is_warm(region: str, key: str) -> None:
    text = filled(region, key)
    assert all(number in text for number in (*CRISIS_LINES[region], REGIONS[region]))
    assert "thank you for telling me" in text.lower()


def test_the_crisis_message_asks_only_whether_someone_is_there() -> None:
    assert [part for part in filled("us", "escalate.crisis").split("\n\n") if "?" in part] == ["Is someone with you?"]


@pytest.mark.parametrize("region", REGIONS)
def test_texts_are_short_with_one_question_at_most(region: str) -> None:
    for key, text in every_text(region).items():
        assert text.count("?") <= 1, key
        assert key in LONG or len(text) <= 300, f"{key} has {len(text)} characters"
        assert all(part.strip() and part[0].isupper() for part in text.split("\n\n")), key


@pytest.mark.parametrize("region", REGIONS)
def test_texts_read_easily(region: str) -> None:
    texts = every_text(region)
    assert grade(" ".join(text if text.endswith((".", "?")) else f"{text}." for text in texts.values())) <= 6
    assert {key: round(grade(text), 1) for key, text in texts.items() if grade(text) > 8} == {}


def test_the_measure_of_ease_tells_easy_from_hard() -> None:
    assert grade("Please tell me what to change.") < 3
    assert (
        grade("Individuals experiencing deterioration should immediately communicate with appropriate personnel.") > 12
    )


@pytest.mark.parametrize("region", REGIONS)
def test_the_notice_says_what_this_is_and_what_to_do_in_an_emergency(region: str) -> None:
    text = filled(region, "notice")
    for words in (
        "computer program",
        "not a person",
        "not a doctor",
        "cannot tell you what is wrong",
        "mistakes",
        "kept",
    ):
        assert words in text
    assert REGIONS[region] in text


def test_an_unknown_region_falls_back_to_112_and_keeps_what_was_asked_for() -> None:
    messages = load_messages("en", "atlantis")
    assert (messages.region, messages.asked_region) == ("eu", "atlantis")
    text = messages.text("region_fallback", asked_region=messages.asked_region)
    assert "atlantis" in text and "112" in text


@pytest.mark.parametrize("region", REGIONS)
def test_what_the_content_refers_to_exists(region: str) -> None:
    content, messages = load_content(), load_messages("en", region)
    assert all(aside.message in messages for aside in content.asides.asides)
    for rule in content.rules.values():
        if rule.template and rule.level:
            family = "escalate" if rule.level.is_emergency else "support"
            assert f"{family}.{rule.template}" in messages, rule.id


@pytest.mark.parametrize("region", REGIONS)
def test_regions_differ_where_numbers_and_places_do(region: str) -> None:
    mine, rest = every_text(region), [every_text(other) for other in REGIONS if REGIONS[other] != REGIONS[region]]
    differing = {key for key in mine if all(mine[key] != other[key] for other in rest)}
    assert {"safety_net", *ESCALATIONS} <= differing
