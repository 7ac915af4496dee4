"""The report: every line sourced, nothing left blank, nothing concluded."""

import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from symptom_intake.agent.exports.model import Line, Report
from symptom_intake.agent.exports.report import build_report
from symptom_intake.agent.exports.schema import schema_text
from symptom_intake.agent.history import (
    Attachment,
    EarlierValue,
    Evidence,
    Fact,
    History,
    RedFlag,
    Settings,
    SlotState,
    Turn,
)
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import Content, load_content

ROOT = Path(__file__).parents[2]
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PRESENT, ABSENT = SlotState.PRESENT, SlotState.ABSENT


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


class Interview:
    """A state as the graph leaves it, one answer after the other."""

    def __init__(self, *complaints: str, opening: str = "my head hurts", phase: str = "interview") -> None:
        self.turns: list[Turn] = []
        self.facts: list[Fact] = []
        self.rest: dict[str, Any] = {"complaints": list(complaints), "phase": phase, "settings": Settings()}
        self.say(opening)

    def say(self, text: str, asked: str | None = None) -> str:
        number = len(self.turns) // 2 + 1
        at = START + timedelta(minutes=number)
        self.turns.append(Turn(id=f"t{number}", role="patient", text=text, at=at))
        self.turns.append(
            Turn(id=f"a{number}", role="assistant", text="Next?", at=at, asked=asked or "age", phase="interview")
        )
        return f"t{number}"

    def tell(self, slot: str, words: str, state: SlotState = PRESENT, **more: Any) -> "Interview":
        turn = self.say(words)
        evidence = (Evidence(turn=turn, start=0, end=len(words), quote=words),)
        self.facts.append(Fact(id=f"{turn}.{len(self.facts)}", slot=slot, state=state, evidence=evidence, **more))
        return self

    def values(self) -> dict[str, Any]:
        return self.rest | {"turns": self.turns, "history": History(facts=tuple(self.facts))}

    def report(self, content: Content) -> Report:
        return build_report("s1", self.values(), content, "embedded")


def lines(report: Report) -> list[Line]:
    return [line for section in report.sections for line in section.lines]


def line(report: Report, slot: str) -> Line:
    (found,) = [each for each in lines(report) if each.slot == slot]
    return found


def headache() -> Interview:
    return (
        Interview("headache", opening="I have had a headache for three days")
        .tell("age", "34", number=34.0)
        .tell("sex", "woman", value="female")
        .tell("headache.onset_time", "three days", number=72.0)
        .tell("headache.severity", "about a 7", number=7.0)
        .tell("vomiting", "no", ABSENT)
        .tell("medicines", "ramipril 5 mg once a day", value="ramipril", details={"dose": "5 mg"})
        .tell("allergies", "don't know", SlotState.UNKNOWN)
        .tell("worry", "rather not say", SlotState.DECLINED)
    )


def test_the_five_states_are_all_printed(content: Content) -> None:
    report = headache().report(content)
    told = {
        slot: line(report, slot).text for slot in ("headache.severity", "vomiting", "allergies", "worry", "reporter")
    }
    assert told == {
        "headache.severity": "7 out of 10",
        "vomiting": "no",
        "allergies": "patient does not know",
        "worry": "declined to answer",
        "reporter": "not asked",
    }


def test_every_line_has_words_of_the_patient_or_was_not_asked(content: Content) -> None:
    report = headache().report(content)
    texts = {turn.id: turn.text for turn in report.transcript}
    for each in lines(report):
        assert bool(each.quotes) != (each.state is SlotState.NOT_ASKED)
        assert all(texts[quote.turn][quote.start : quote.end] == quote.quote for quote in each.quotes)


def test_every_critical_or_required_slot_has_a_line_or_is_ruled_out(content: Content) -> None:
    report = headache().report(content)
    printed = {each.slot for each in lines(report)}
    needed = {
        slot.id for slot in content.protocols["headache"].slots if slot.importance != "useful" and slot.ask_if is None
    }
    assert needed
    assert needed <= printed
    assert {"reporter", "age", "sex", "medicines", "allergies"} <= printed


def test_what_else_was_not_asked_is_named_and_nothing_twice(content: Content) -> None:
    report = headache().report(content)
    assert "smoking" in report.not_asked
    assert not {each.label for each in lines(report)} & set(report.not_asked)
    assert len(set(report.not_asked)) == len(report.not_asked)


def test_what_was_ruled_out_is_not_called_not_asked(content: Content) -> None:
    woman = headache().report(content)
    man = Interview("headache").tell("age", "34", number=34.0).tell("sex", "man", value="male").report(content)
    assert line(woman, "pregnancy").state is SlotState.NOT_ASKED
    assert "pregnancy" not in {each.slot for each in lines(man)} | set(man.not_asked)


def test_sections_stand_in_clinical_order(content: Content) -> None:
    names = [section.id for section in headache().report(content).sections]
    order = ["subject", "complaint", "hpi", "associated", "safety", "past", "medicines", "allergies", "family"]
    order += ["social", "pregnancy", "function", "concerns"]
    assert [name for name in order if name in names] == list(dict.fromkeys(names))


def test_two_complaints_have_a_history_each_and_no_label_is_ambiguous(content: Content) -> None:
    interview = Interview("headache", "chest_pain", opening="my head and my chest hurt")
    interview.tell("headache.severity", "8", number=8.0).tell("chest_pain.severity", "2", number=2.0)
    report = interview.report(content)
    hpi = {section.complaint: section for section in report.sections if section.id == "hpi"}
    assert list(hpi) == ["headache", "chest_pain"]
    assert [each.text for each in hpi["headache"].lines if each.slot == "headache.severity"] == ["8 out of 10"]
    assert [each.text for each in hpi["chest_pain"].lines if each.slot == "chest_pain.severity"] == ["2 out of 10"]
    slots = [each.slot for each in lines(report)]
    assert len(slots) == len(set(slots))


def test_facts_of_a_table_that_is_no_longer_in_play_are_still_printed(content: Content) -> None:
    report = Interview("headache").tell("chest_pain.severity", "2", number=2.0).report(content)
    assert line(report, "chest_pain.severity").text == "2 out of 10"


def test_a_slot_that_the_content_no_longer_has_is_still_printed(content: Content) -> None:
    report = Interview("headache").tell("headache.old_thing", "it hums", value="hums").report(content)
    assert (line(report, "headache.old_thing").label, line(report, "headache.old_thing").text) == ("old thing", "hums")


def test_a_fact_without_its_words_in_the_turn_is_not_printed(content: Content) -> None:
    interview = headache()
    (fact,) = [each for each in interview.facts if each.slot == "vomiting"]
    wrong = fact.model_copy(update={"evidence": (fact.evidence[0].model_copy(update={"quote": "yes"}),)})
    for broken in (wrong, fact.model_copy(update={"evidence": ()})):
        interview.facts[interview.facts.index(fact)] = broken
        found = [each for each in lines(interview.report(content)) if each.slot == "vomiting"]
        assert all(each.state is SlotState.NOT_ASKED for each in found)
        interview.facts[interview.facts.index(broken)] = fact


def test_a_correction_keeps_what_was_said_before(content: Content) -> None:
    interview = headache()
    first = Evidence(turn="t1", start=24, end=36, quote=interview.turns[0].text[24:36])
    interview.tell(
        "headache.site",
        "no, the left",
        value="left",
        earlier=(EarlierValue(state=PRESENT, value="right", evidence=(first,), replaced_in="t10"),),
    )
    (before,) = line(interview.report(content), "headache.site").earlier
    assert (before.text, before.replaced_in, before.quotes) == ("right", "t10", (first,))


def test_the_opening_words_end_where_the_questions_begin(content: Content) -> None:
    report = headache().report(content)
    assert [each.quote for each in report.opening] == ["I have had a headache for three days"]


@pytest.mark.parametrize(
    ("phase", "status"),
    [("interview", "incomplete"), ("read_back", "incomplete"), ("done", "complete"), ("escalated", "escalated")],
)
def test_status_follows_the_phase(content: Content, phase: str, status: str) -> None:
    assert Interview("headache", phase=phase).report(content).status == status


def test_before_the_first_word_it_is_an_incomplete_report(content: Content) -> None:
    report = build_report("s1", {}, content, "embedded")
    assert (report.status, report.created, report.opening) == ("incomplete", None, ())
    assert line(report, "age").text == "not asked"


def test_the_notices_say_what_it_is(content: Content) -> None:
    notices = " ".join(headache().report(content).notices)
    assert "No clinician has verified" in notices
    assert "no assessment and no plan" in notices
    assert ("not been signed" in notices) == content.draft


def test_what_the_rules_saw_comes_most_urgent_first(content: Content) -> None:
    interview = headache()
    words = Evidence(turn="t1", start=0, end=6, quote="I have")
    interview.rest["flags"] = [
        RedFlag(rule="X-1", level=Urgency.URGENT_24H, reason="a", turn="t1"),
        RedFlag(rule="X-2", level=Urgency.EMERGENCY_NOW, reason="b", evidence=(words,), seen_in="text", turn="t2"),
    ]
    interview.rest["urgency"] = Urgency.EMERGENCY_NOW
    report = interview.report(content)
    assert [(flag.rule, flag.quotes, flag.seen_in) for flag in report.red_flags] == [
        ("X-2", (words,), "text"),
        ("X-1", (), "facts"),
    ]
    assert report.urgency is Urgency.EMERGENCY_NOW


def test_images_say_that_nobody_looked(content: Content) -> None:
    interview = headache()
    interview.rest["attachments"] = [Attachment(id="i1", sha256="0", kind="png", width=2, height=3, turn="t2")]
    (image,) = interview.report(content).images
    assert image.status == "attached, not examined"


# Metamorphic: how the report must move when one thing that was told moves.


def changed(one: Report, two: Report) -> set[str]:
    def keyed(report: Report) -> dict[str, Any]:
        return {each.slot: each.model_dump(exclude={"quotes"}) for each in lines(report)}

    left, right = keyed(one), keyed(two)
    return {slot for slot in left.keys() | right.keys() if left.get(slot) != right.get(slot)}


def base() -> Interview:
    return Interview("headache").tell("headache.severity", "7", number=7.0)


@pytest.mark.parametrize("slot", ["vomiting", "neck_stiff", "confusion"])
def test_negating_a_fact_changes_its_line_and_no_other(content: Content, slot: str) -> None:
    yes, no = base().tell(slot, "yes").report(content), base().tell(slot, "no", ABSENT).report(content)
    assert changed(yes, no) == {slot}
    assert (line(yes, slot).text, line(no, slot).text) == ("yes", "no")


def test_changing_the_side_changes_its_line_and_no_other(content: Content) -> None:
    left = base().tell("headache.site", "left temple", value="left temple").report(content)
    right = base().tell("headache.site", "right temple", value="right temple").report(content)
    assert changed(left, right) == {"headache.site"}
    assert (line(left, "headache.site").text, line(right, "headache.site").text) == ("left temple", "right temple")


@pytest.mark.parametrize(
    ("slot", "one", "two"),
    [("headache.severity", 8.0, 9.0), ("headache.onset_time", 72.0, 96.0), ("temperature", 38.1, 39.1)],
)
def test_changing_a_number_changes_its_line_and_no_other(content: Content, slot: str, one: float, two: float) -> None:
    first = Interview("headache").tell(slot, "n", number=one).report(content)
    second = Interview("headache").tell(slot, "n", number=two).report(content)
    assert changed(first, second) == {slot}
    assert line(first, slot).text != line(second, slot).text


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_telling_changes_no_line(content: Content, seed: int) -> None:
    def told(order: Iterable[int]) -> list[dict[str, Any]]:
        interview = headache()
        interview.facts = [interview.facts[place] for place in order]
        return [each.model_dump() for each in lines(interview.report(content))]

    places = list(range(len(headache().facts)))
    shuffled = random.Random(seed).sample(places, len(places))
    assert told(places) == told(shuffled)


# The schema.


def test_the_schema_file_is_the_one_of_the_code() -> None:
    held = (ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8")
    assert held == schema_text(), (
        "write it anew: symptom_intake.agent.exports.schema.write_schema(Path('docs/report.schema.json'))"
    )


def test_a_report_comes_back_from_its_json(content: Content) -> None:
    report = headache().report(content)
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert json.loads(report.model_dump_json())["schema_version"] == "1.2"


def test_nothing_in_the_schema_concludes() -> None:
    names = set(json.loads(schema_text())["properties"])
    assert not names & {"assessment", "plan", "diagnosis", "impression", "differential"}
