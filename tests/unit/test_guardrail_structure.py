import pytest

from symptom_intake.agent.safety.checks import structure
from symptom_intake.agent.safety.checks.reader import Reader
from symptom_intake.agent.safety.checks.said import Said
from symptom_intake.agent.safety.checks.subject import Paragraph, Subject, split
from symptom_intake.prompts.guard_content import load_guard_content

CONTENT = load_guard_content()


def found(draft, origin="draft", audience="patient"):
    paragraphs = tuple(Paragraph(text, start, origin) for start, text in split(draft))
    said = Said(Reader(CONTENT.grounding, CONTENT.talk.alike), (), (), {})
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
        ("Say it *out loud*.", "STYLE", "*out loud*"),
        ("While you _paint_?", "STYLE", "_paint_"),
        ("So far:\n• cough\n• fever.", "STYLE", "• c"),
        ("1. Mornings\n2. Nights.", "STYLE", "1. M"),
        ("> it hurts\n\nI see.", "STYLE", "> i"),
        ("Thank you, [BODY PART] noted.", "STYLE", "[BODY PART]"),
        ("About undefined then.", "STYLE", "undefined"),
        ("Hello {{name}}.", "LEAK", "{{"),
        ("See prompts/gi.md there.", "LEAK", "prompts/gi.md"),
        ("[INFO] turn done.", "LEAK", "[INFO]"),
        ("On session 7f3a-22c9-e1 again.", "LEAK", "7f3a-22c9-e1"),
        ("When did <!-- ask --> it start?", "LEAK", "<!--"),
        ("As rule 7 says.", "LEAK", "rule 7"),
        ("...", "STYLE", "..."),
        ("\u200b\u200b", "STYLE", "\u200b\u200b"),
        ("I would like to know how long it", "STYLE", "t"),
        ("So that I can, and also,", "STYLE", ","),
        ("So far I have:", "STYLE", ":"),
        ("Thank you for that that that that.", "STYLE", "that that that that"),
    ],
)
def test_what_has_no_place_in_a_reply_is_found_where_it_stands(draft, cls, words):
    assert (cls, words) in found(draft)


@pytest.mark.parametrize(
    "draft",
    [
        "When did it start?",
        "So far I have:\n\nCough for 3 weeks.",
        "You wrote: “my knee hurts”",
        "Take your time...",
        "No, no, no. I see.",
        "Thank you! 🙂",
        "You take Tylenol #3.",
        "The mole's size is 3 * 4 mm.",
        "It is well-known - or so I hear.",
        "It was 38.5°C at 8:30, 7/10.",
        "McDonald's, iPhone, and COVID-19.",
        "The flag 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f waves.",
        "“Is it bad?” you asked. When did it start?",
        "What is it?? Tell me.",
    ],
)
def test_plain_text_is_left_alone(draft):
    assert found(draft) == []


@pytest.mark.parametrize(
    ("draft", "more"),
    [
        ("How often does it skip, and do you drink coffee?", 1),
        ("When did it start and how long does it last?", 1),
        ("Is it thick or thin, and is it there every day?", 1),
        ("Is it the left or the right?", 0),
        ("Is it the left one, or is it the right one?", 0),
        ("Is it closer to spinning, feeling faint, or being unsteady on your feet?", 0),
        ("Have you done a test, and if so, was it positive?", 0),
        ("You told me it hurts, and did it start on Monday?", 0),
        ("I'm sorry it hurts, and that it keeps you up. Do you know when it began and what you were doing?", 0),
        ("Tell me when it came up. Also tell me whether it itches.", 1),
        ("When did it start? Please also tell me whether it itches.", 1),
        ("Tell me in your own words how it is. When did it begin?", 0),
        ("Please tell me which creams you use, how often, and where.", 1),
        ("“When? Where?” you asked. When did it start?", 0),
    ],
)
def test_each_thing_asked_is_counted(draft, more):
    asked = [cls for cls, _ in found(draft) if cls == "STYLE"]
    assert len(asked) == more


def test_a_signed_message_is_not_counted_and_a_question_of_the_content_counts_once():
    assert found("One? Two?\n\nThree?", origin="message") == []
    assert found("One? Two?", origin="content") == []
    assert [cls for cls, _ in found("One?\n\nTwo?", origin="content")] == ["STYLE"]


def test_length_counts_our_words_and_not_the_patients():
    assert [cls for cls, _ in found(" ".join(f"Here is word {number}." for number in range(80)))] == ["STYLE"]
    assert found(f"I noted: “{'word ' * 300}”.") == []


def test_a_report_for_a_clinician_may_be_long_and_marked_up():
    assert found("# Report\n\n" + "**a** <b>? ?\n\n" * 200, audience="clinician") == []
