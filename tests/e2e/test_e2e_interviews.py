"""Whole interviews through the real command line: from the first complaint to the report."""

from collections.abc import Callable
from typing import Any

import pytest

Answer = Callable[[dict[str, Any]], str]
PERSON = {
    "universal_screen": "none of these",
    "reporter": "myself",
    "anything_else": "nothing else",
    "medicines": "ramipril 5 mg once a day",
    "allergies": "penicillin gives me a rash",
    "worry": "that it comes back",
    "read_back": "yes",
}


def answers(told: dict[str, str]) -> Answer:
    """What the patient says when asked for a slot; no to the rest, and not sure where no is no answer."""
    asked: list[str] = []

    def answer(reply: dict[str, Any]) -> str:
        slot = str(reply["asked"])
        asked.append(slot)
        known = {**PERSON, **told}
        return known.get(slot) or known.get(slot.rpartition(".")[2]) or ("no" if asked.count(slot) == 1 else "not sure")

    return answer


def check(replies: list[dict[str, Any]], report: dict[str, Any]) -> None:
    """What holds for every interview that ran to its end."""
    assert replies[-1]["phase"] == "done" and replies[-1]["done"] and replies[-1]["asked"] is None
    assert report["status"] == "complete"
    asked = [reply["text"].rpartition("\n\n")[2] for reply in replies if reply["asked"] not in (None, "read_back")]
    assert len(asked) <= 25
    assert sum(reply["calls"] for reply in replies) == 0
    texts = {turn["id"]: turn["text"] for turn in report["transcript"]}
    lines = [line for section in report["sections"] for line in section["lines"]]
    for line in lines:
        assert bool(line["quotes"]) != (line["state"] == "not_asked")
        assert all(texts[each["turn"]][each["start"] : each["end"]] == each["quote"] for each in line["quotes"])
    assert [turn["text"] for turn in report["transcript"] if turn["role"] == "assistant"] == [
        reply["text"] for reply in replies
    ]


def test_chest_pain_on_effort_that_is_gone(cli: Any) -> None:
    replies, report = cli.interview(
        "Last week I had an ache in my chest when I walked uphill. It went away with rest.",
        answers(
            {
                "age": "52",
                "sex": "male",
                "chest_pain_now": "no",
                "last_felt": "six days ago",
                "onset_time": "a week ago",
                "onset_speed": "over minutes",
                "quality": "dull",
                "spread": "none of these",
                "severity": "4",
                "smoking": "never",
            }
        ),
    )
    check(replies, report)
    assert len(replies) >= 12
    assert not any(reply["urgency"].startswith("emergency") for reply in replies)
    assert [each["id"] for each in report["chief_complaints"]] == ["chest_pain"]
    facts = cli.facts(report)
    assert facts["age"]["number"] == 52
    assert facts["sex"]["value"] == "male"
    assert facts["chest_pain_now"]["state"] == "absent"
    assert facts["medicines"]["value"] == "ramipril"
    assert facts["allergies"]["value"] == "penicillin"
    assert "uphill" in report["opening"][0]["quote"]


def test_a_headache(cli: Any) -> None:
    replies, report = cli.interview(
        "I have had a headache for three days, it comes and goes",
        answers(
            {"age": "34", "sex": "female", "pregnancy": "not pregnant", "severity": "5", "onset_time": "three days"}
        ),
    )
    check(replies, report)
    assert len(replies) >= 10
    assert [each["id"] for each in report["chief_complaints"]] == ["headache"]
    assert not report["urgency"].startswith("emergency")
    assert cli.facts(report)["headache.onset_time"]["number"] == 72


def test_an_adult_fever(cli: Any) -> None:
    replies, report = cli.interview(
        "I have a fever since yesterday, 38.6 C, and I feel achy",
        answers({"age": "41", "sex": "male", "temperature": "38.6", "onset_time": "since yesterday"}),
    )
    check(replies, report)
    assert report["chief_complaints"][0]["id"].startswith("fever")
    facts = cli.facts(report)
    assert facts["temperature"]["number"] == pytest.approx(38.6)
    assert facts["temperature"]["text"] == "38.6 °C"


def test_a_suicidal_person_gets_the_crisis_message_and_no_further_question(cli: Any) -> None:
    replies = cli.chat(["I do not want to live any more. I am going to kill myself tonight.", "yes", "why?"])
    *turns, last = replies
    assert len(turns) == 3
    for turn in turns:
        assert (turn["phase"], turn["done"], turn["urgency"], turn["asked"]) == (
            "escalated",
            True,
            "emergency_now",
            None,
        )
        assert "911" in turn["text"] and "988" in turn["text"]
        assert turn["text"] == turns[0]["text"]
    report = last["report"]
    assert report["status"] == "escalated"
    assert any("kill myself" in quote["quote"] for flag in report["red_flags"] for quote in flag["quotes"])


@pytest.mark.parametrize(("region", "number"), [("us", "911"), ("gb", "999"), ("eu", "112"), ("atlantis", "112")])
def test_the_emergency_number_is_the_regions(cli: Any, region: str, number: str) -> None:
    first, *_ = cli.chat(["crushing chest pain and I am sweating, my left arm is heavy"], "--region", region)
    assert first["phase"] == "escalated"
    assert first["text"].startswith(f"Call {number} now.")
    assert number in first["notice"]
    assert ("atlantis" in first["notice"]) == (region == "atlantis")


# Metamorphic: one word changes, and so does what the clinician reads.


def opened(cli: Any, text: str) -> dict[str, Any]:
    *_, last = cli.chat([text])
    return cli.facts(last["report"])


def test_negating_a_symptom_turns_its_line(cli: Any) -> None:
    with_it = opened(cli, "I have had a headache for two days and I have been vomiting")
    without = opened(cli, "I have had a headache for two days and I have not been vomiting")
    assert (with_it["vomiting"]["state"], without["vomiting"]["state"]) == ("present", "absent")


def test_changing_a_number_changes_its_line(cli: Any) -> None:
    two = opened(cli, "I have had a headache for two days")
    nine = opened(cli, "I have had a headache for nine days")
    assert (two["headache.onset_time"]["text"], nine["headache.onset_time"]["text"]) == ("2 days", "9 days")
