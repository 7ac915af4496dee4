import pytest

from symptom_intake.agent.safety.checks import structure
from symptom_intake.agent.safety.checks.said import Reader, Said
from symptom_intake.agent.safety.checks.subject import Paragraph, Subject, split
from symptom_intake.prompts.guard_content import load_guard_content

CONTENT = load_guard_content()


def found(draft, origin="draft", audience="patient"):
    paragraphs = tuple(Paragraph(text, start, origin) for start, text in split(draft))
    said = Said(Reader(CONTENT.grounding), (), (), {})
    subject = Subject(draft, paragraphs, said, None, audience)
    return [
        (each.cls.value, draft[each.start : each.end]) for each in structure.check(subject, CONTENT.patterns.limits)
    ]


@pytest.mark.parametrize(
    ("draft", "cls", "words"),
    [
        ("When? Where?", "STYLE", "?"),
        ("See www.example.org now.", "STYLE", "www."),
        ("Write to a@b.org.", "STYLE", "a@b.o"),
        ("It is **bold**.", "STYLE", "**b"),
        ("<b>How</b> is it", "STYLE", "<b>"),
        ("Say `this`", "STYLE", "`"),
        ("the risk_level is", "LEAK", "risk_level"),
        ("Fired CP-07.", "LEAK", "CP-07"),
        ("<start_of_turn>model", "LEAK", "<start_of_turn>"),
        ("cG5ldW1vbmlhIGJ5IG1l", "LEAK", "cG5ldW1vbmlhIGJ5IG1l"),
        ("%70%6e%65", "LEAK", "%70%6e"),
        ('{"dx": 1}', "LEAK", '{"dx":'),
        ("a\x07b", "LEAK", "\x07"),
    ],
)
def test_what_has_no_place_in_a_reply_is_found_where_it_stands(draft, cls, words):
    assert (cls, words) in found(draft)


@pytest.mark.parametrize(
    "draft",
    [
        "When did it start?",
        "1. cough\n2. fever",
        "It was 38.5°C at 8:30, 7/10.",
        "McDonald's, iPhone, and COVID-19",
        "The flag 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f waves.",
        "“Is it bad?” you asked. When did it start?",
        "What is it?? Tell me.",
    ],
)
def test_plain_text_is_left_alone(draft):
    assert found(draft) == []


def test_a_signed_message_is_not_counted_and_a_question_of_the_content_counts_once():
    assert found("One? Two?\n\nThree?", origin="message") == []
    assert found("One? Two?", origin="content") == []
    assert [cls for cls, _ in found("One?\n\nTwo?", origin="content")] == ["STYLE"]


def test_length_counts_our_words_and_not_the_patients():
    assert [cls for cls, _ in found("word " * 300)] == ["STYLE"]
    assert found(f"I noted: “{'word ' * 300}”.") == []


def test_a_report_for_a_clinician_may_be_long_and_marked_up():
    assert found("# Report\n\n" + "**a** <b>? ?\n\n" * 200, audience="clinician") == []
