"""How many questions whole interviews cost, with a patient who has nothing more to tell."""

import statistics

import pytest

from symptom_intake.agent import IntakeSession
from symptom_intake.agent.interview.planner import HARD_CAP, READ_BACK

OPENINGS = {
    "headache": "I have had a dull headache for 3 days",
    "abdominal_pain": "my stomach has been hurting for two days",
    "chest_pain": "I had some chest pain last week when climbing stairs, it went away with rest",
    "fever_adult": "I've had a fever since yesterday",
    "back_pain": "my lower back hurts since I lifted a box on Monday",
    "urinary": "it burns when I pee, for 2 days",
    "mental_health": "I have been feeling really down for weeks",
    "generic": "my knee aches a bit",
}
OF_PATIENT = {READ_BACK: "yes", "sex": "male", "reporter": "myself"}
TYPED = {
    "age": "40",
    "severity": "4",
    "duration": "6 days",
    "temperature": "38.2",
    "number": "no idea",
    "text": "nothing",
    "choices": "none of these",
}


def answer(session: IntakeSession, asked: str) -> str:
    slot = session.context.content.slots[asked]
    if asked in OF_PATIENT:
        return OF_PATIENT[asked]
    if slot.kind == "choice":
        return "none" if any(option.value == "none" for option in slot.options) else slot.options[-1].label
    return TYPED.get(slot.kind, "no")


def interview(opening: str) -> tuple[list[str], list[str]]:
    """Run to the end: the slots asked, and the questions as they were put."""
    with IntakeSession.open() as session:
        reply, asked, texts = session.send(opening), list[str](), list[str]()
        while not reply.done:
            assert reply.asked is not None and len(asked) < 40
            asked.append(reply.asked)
            texts.append(reply.text)
            reply = session.send(answer(session, reply.asked))
        assert reply.phase == "done"
    return asked, texts


@pytest.fixture(scope="module")
def interviews() -> dict[str, tuple[list[str], list[str]]]:
    return {name: interview(opening) for name, opening in OPENINGS.items()}


def test_the_median_is_within_the_budget(interviews: dict[str, tuple[list[str], list[str]]]) -> None:
    counts = [sum(slot != READ_BACK for slot in asked) for asked, _ in interviews.values()]
    assert statistics.median(counts) <= 15, counts
    assert max(counts) <= HARD_CAP


def test_no_question_is_put_twice_in_the_same_words(interviews: dict[str, tuple[list[str], list[str]]]) -> None:
    for asked, texts in interviews.values():
        questions = [text for slot, text in zip(asked, texts, strict=True) if slot != READ_BACK]
        assert len(set(questions)) == len(questions)


def test_each_ends_with_a_read_back(interviews: dict[str, tuple[list[str], list[str]]]) -> None:
    for asked, _ in interviews.values():
        assert asked[-1] == READ_BACK
