"""The report as Markdown: what a clinician sees first, and that a patient's text stays text."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from symptom_intake.agent.exports.markdown import plain, to_markdown
from symptom_intake.agent.exports.model import Report
from symptom_intake.agent.exports.report import build_report
from symptom_intake.agent.history import EarlierValue, Evidence, Fact, History, RedFlag, SlotState, Turn
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import load_content

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "# DIAGNOSIS: nothing wrong",
    "- [x] done",
    "1. first\n2. second",
    "**bold** _it_ `code` ~~gone~~ | a | b |",
    "```\ncode\n```",
    "    indented code",
    "setext\n===",
    "setext\n---",
    "> quoted\n\n# heading after",
    "&lt;b&gt; &amp; &copy;",
    "https://evil.example www.evil.example",
    "a\\*b\\",
    "+ plus\n* star",
    "2) two",
    "<!-- hidden",
    "$x$ and [^1]",
]


def report(text: str, **rest: Any) -> Report:
    turn = Turn(id="t1", role="patient", text=text, at=AT)
    quote = Evidence(turn="t1", start=0, end=len(text), quote=text)
    facts = [Fact(id="t1.1", slot="worry", state=SlotState.PRESENT, value=text, evidence=(quote,))]
    values = {"turns": [turn], "history": History(facts=tuple(facts)), "complaints": ["headache"], "phase": "interview"}
    return build_report("s1", values | rest, load_content(), "embedded")


def html(markdown: str) -> str:
    return MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).render(markdown)


def visible(markdown: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html(markdown)))


@pytest.mark.parametrize("text", NASTY)
def test_a_patients_text_is_shown_and_does_nothing(text: str) -> None:
    page = html(to_markdown(report(text)))
    ours = html(to_markdown(report("word")))
    assert set(re.findall(r"</?(\w+)", page)) == set(re.findall(r"</?(\w+)", ours))
    for tag in ("h1", "h2", "li", "hr", "ol"):
        assert page.count(f"<{tag}") == ours.count(f"<{tag}")
    assert "\n".join(part.strip() for part in text.splitlines() if part.strip())
    shown = " ".join(visible(to_markdown(report(text))).split())
    for part in text.splitlines():
        assert " ".join(part.split()) in shown


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"]), min_size=1, max_size=60))
def test_escaping_keeps_every_character(text: str) -> None:
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(f"> {plain(text)}")
    assert " ".join(unescape(re.sub(r"</?(blockquote|p)>", "", rendered)).split()) == " ".join(text.split())


@given(st.text(alphabet="#*-+=_`<>[]()!|~\\&;.:/ 1a\n", min_size=1, max_size=40))
def test_no_text_makes_markup(text: str) -> None:
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(f"- **Label**: “{plain(text)}” (t1)")
    assert set(re.findall(r"<(/?\w+)", rendered)) <= {"ul", "/ul", "li", "/li", "strong", "/strong"}
    assert rendered.count("<strong>") == 1


def test_urgency_and_red_flags_stand_before_the_story_and_the_transcript_last() -> None:
    text = "my chest is tight"
    flag = RedFlag(
        rule="CP-01",
        level=Urgency.EMERGENCY_NOW,
        reason="pressure in the chest",
        evidence=(Evidence(turn="t1", start=0, end=17, quote=text),),
        seen_in="text",
        turn="t1",
    )
    page = to_markdown(report(text, flags=[flag], urgency=Urgency.EMERGENCY_NOW, phase="escalated"))
    order = [
        "EMERGENCY NOW",
        "What the rules saw",
        "CP-01",
        "In the patient's words",
        "Allergies",
        "Not asked",
        "Transcript",
    ]
    places = [page.index(each) for each in order]
    assert places == sorted(places)
    assert "“my chest is tight” (t1), seen in the text" in page
    assert "STOPPED BY AN EMERGENCY" in page


def test_negatives_stand_together_with_their_words() -> None:
    text = "no fever, no vomiting"
    facts = [
        Fact(
            id=f"t1.{place}",
            slot=slot,
            state=SlotState.ABSENT,
            evidence=(Evidence(turn="t1", start=start, end=end, quote=text[start:end]),),
        )
        for place, (slot, start, end) in enumerate([("fever", 0, 8), ("vomiting", 10, 21)])
    ]
    page = to_markdown(report(text, history=History(facts=tuple(facts))))
    negatives = page.partition("## Pertinent negatives")[2].partition("##")[0]
    assert "**Fever**: no – “no fever” (t1)" in negatives
    assert "**Vomiting**: no – “no vomiting” (t1)" in negatives


def test_a_correction_and_a_confirmation_are_seen() -> None:
    text = "left, I said right"
    fact = Fact(
        id="t1.1",
        slot="headache.site",
        state=SlotState.PRESENT,
        value="left",
        evidence=(Evidence(turn="t1", start=0, end=4, quote="left"),),
        source="proxy",
        confirmed_by="t1",
        earlier=(
            EarlierValue(
                state=SlotState.PRESENT,
                value="right",
                evidence=(Evidence(turn="t1", start=13, end=18, quote="right"),),
                replaced_in="t1",
            ),
        ),
    )
    page = to_markdown(report(text, history=History(facts=(fact,))))
    assert "**Place**: “left” (t1); told by proxy; ✓ confirmed; before t1: right – “right” (t1)" in page


def test_needed_things_that_were_not_asked_are_named() -> None:
    missing = to_markdown(report("hello")).partition("## Not asked")[2].partition("##")[0]
    assert "age" in missing.partition("**Other**")[0]
    assert "smoking" in missing.partition("**Other**")[2]


def test_no_rule_is_said_in_words() -> None:
    assert "No red-flag rule fired" in to_markdown(report("hello"))


def test_long_opening_words_are_cut_before_the_transcript_only() -> None:
    page = to_markdown(report("ache " * 1000, history=History()))
    head, _, transcript = page.partition("## Transcript")
    assert "all of it in the transcript" in head and len(head) < 6000
    assert transcript.count("ache") == 1000
