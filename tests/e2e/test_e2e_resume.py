"""Going on where it stopped: in good order, after kill -9 between turns, and after kill -9 inside one."""

import random
import time
from typing import Any

import pytest

OPENING = {"text": "I have had a headache for two days", "id": "m0"}


def said(report: dict[str, Any]) -> list[str]:
    return [turn["text"] for turn in report["transcript"] if turn["role"] == "patient"]


def test_it_goes_on_exactly_where_it_stopped(cli: Any) -> None:
    first, second, _ = cli.chat(["I have had a headache for two days", "none of these"], "--region", "gb")
    third, last = cli.chat(["34"], "--resume", first["session"])
    assert third["turn"] == 3 and third["session"] == first["session"]
    assert "999" in third["notice"]
    assert cli.facts(last["report"])[second["asked"]]["quotes"][0]["quote"] == "34"
    assert last["report"]["region"] == "gb"


def test_kill_between_turns_loses_nothing(cli: Any) -> None:
    live = cli.start()
    session = live.send(OPENING)["session"]
    texts = [OPENING["text"]]
    for number, text in enumerate(["none of these", "34", "myself"], 1):
        live.kill()
        live = cli.start("--resume", session)
        assert live.send({"text": text})["turn"] == number + 1
        texts.append(text)
    live.kill()
    assert said(cli.report(session)) == texts


@pytest.mark.parametrize("seed", range(2))
def test_kill_inside_turns_loses_and_doubles_nothing(cli: Any, seed: int) -> None:
    """A sender that hears nothing sends again with the same id, as it must; every message counts once."""
    chance = random.Random(seed)
    live = cli.start()
    session = live.send(OPENING)["session"]
    sent = [OPENING["text"]]
    for number in range(1, 7):
        message = {"text": f"It is hard to say, reply {number}", "id": f"m{number}"}
        sent.append(message["text"])
        live.write(message)
        time.sleep(chance.uniform(0, 0.06))
        live.kill()
        out = live.process.stdout.read()
        live = cli.start("--resume", session)
        answer = live.send(message)
        if out:
            assert f'"turn": {answer["turn"]},' in out
        assert answer["turn"] == number + 1
    (last,) = live.finish()
    assert said(last["report"]) == sent
    ids = [turn["id"] for turn in last["report"]["transcript"]]
    assert ids == [f"{kind}{number}" for number in range(1, len(sent) + 1) for kind in "ta"]


def test_a_turn_that_was_cut_off_is_answered_on_resume(cli: Any) -> None:
    """Whatever instant the kill comes at, the message is either wholly there, with its answer, or not at all."""
    live = cli.start()
    session = live.send(OPENING)["session"]
    for delay in (0.005, 0.01, 0.015, 0.02, 0.03):
        live.write({"text": "I really do not know"})
        time.sleep(delay)
        live.kill()
        transcript = cli.report(session)["transcript"]
        assert [turn["role"] for turn in transcript] == ["patient", "assistant"] * (len(transcript) // 2)
        live = cli.start("--resume", session)


def test_a_second_process_is_turned_away_and_the_first_goes_on(cli: Any) -> None:
    live = cli.start()
    session = live.send(OPENING)["session"]
    for args in (["chat", "--jsonl", "--resume", session], ["report", session], ["erase", session]):
        done = cli.run(*args, "--db", str(cli.db), code=1)
        assert (done.out, done.errors) == ("", "This interview is open in another window.\n")
    assert live.send({"text": "none of these"})["turn"] == 2


def test_an_unknown_session_is_said_and_makes_no_file(cli: Any) -> None:
    done = cli.run("chat", "--jsonl", "--resume", "nope", "--db", str(cli.db), code=1)
    assert "no interview" in done.errors and not done.out
    assert not cli.db.exists()
