"""Whole interviews with a real small model that talks badly: what it makes up reaches neither report nor patient."""

import pytest

from symptom_intake.agent import IntakeSession, Reply
from symptom_intake.agent.exports.report import Report
from symptom_intake.agent.models.options import ModelOptions

PATIENTS = {
    "headache": (
        "I've had a dull headache at the front for three days and looking at a screen makes it worse, no fever",
        {"age": "I turned 34 last week", "anything_else": "my eyes feel tired and I sleep badly since we moved house"},
    ),
    "back pain": (
        "my lower back has been sore on the right since I lifted a washing machine on Saturday, no numbness",
        {"age": "52", "worry": "I drive a van for work and I am worried about losing shifts"},
    ),
    "a knee": (
        "my knee has been puffy and achy since I went hiking two weeks ago",
        {"age": "61, nearly 62", "medicines": "I take ramipril once a day for blood pressure and nothing else really"},
    ),
}
TYPED = {"choices": "none of these", "age": "45", "severity": "4", "duration": "two days", "text": "nothing"}
KNOWN = {"read_back": "yes", "sex": "male", "reporter": "myself"}


def answer(session: IntakeSession, asked: str, told: dict[str, str]) -> str:
    slot = session.context.content.slots[asked]
    if asked in told:
        return told[asked]
    has_none = any(option.value == "none" for option in slot.options)
    closed = "none" if has_none else slot.options[0].label if slot.options else "no"
    return KNOWN.get(asked) or TYPED.get(slot.kind) or closed


def passes(session: IntakeSession, reply: Reply) -> bool:
    said = [turn.text for turn in session.values["turns"] if turn.role == "patient"]
    return session.context.guardrail.check(reply.text, said=said, facts=session.history.facts).allowed


def every_line_is_quoted(report: Report) -> bool:
    texts = {turn.id: turn.text for turn in report.transcript}
    lines = [line for section in report.sections for line in section.lines if line.state != "not_asked"]
    return all(
        line.quotes and all(texts[each.turn][each.start : each.end] == each.quote for each in line.quotes)
        for line in lines
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", PATIENTS)
def test_a_whole_interview(small_server: str, name: str) -> None:
    opening, told = PATIENTS[name]
    options = ModelOptions(deadline_s=120.0)
    with IntakeSession.open(interviewer=f"openai:smollm2@{small_server}", options=options) as session:
        replies = [session.send(opening)]
        assert passes(session, replies[-1])
        while not replies[-1].done:
            replies.append(session.send(answer(session, str(replies[-1].asked), told)))
            assert passes(session, replies[-1])
            assert len(replies) < 40
        report = session.report()
        assert replies[-1].phase == "done" and report.status == "complete"
        assert Report.model_validate_json(report.model_dump_json()) == report
        assert every_line_is_quoted(report)
        assert sum(reply.calls for reply in replies) >= 2
