"""`chat --jsonl`: the contract that programs build on."""

import json
from pathlib import Path
from typing import Any

from PIL import Image

KEYS = {"session", "turn", "text", "urgency", "phase", "asked", "rules", "done", "calls"}


def test_each_line_gets_one_object_and_the_last_is_the_report(cli: Any) -> None:
    first, second, last = cli.chat(["I have had a headache for two days", "none of these"])
    assert set(first) == KEYS | {"notice"}
    assert set(second) == KEYS
    assert "computer program" in first["notice"] and "911" in first["notice"]
    assert (first["turn"], second["turn"]) == (1, 2)
    assert first["session"] == second["session"] == last["report"]["session"]
    assert list(last) == ["report"] and last["report"]["status"] == "incomplete"
    assert isinstance(first["rules"], list) and first["calls"] == 0 and first["done"] is False
    assert first["asked"] and second["asked"] and first["asked"] != second["asked"]


def test_nothing_comes_before_the_first_line_and_each_answer_at_once(cli: Any) -> None:
    live = cli.start()
    first = live.send({"text": "I have had a headache for two days"})
    assert first["turn"] == 1
    assert live.send({"text": "none of these"})["turn"] == 2
    (last,) = live.finish()
    assert "report" in last


def test_no_line_at_all_is_an_empty_report(cli: Any) -> None:
    (only,) = cli.chat([])[-1:]
    assert only["report"]["status"] == "incomplete" and only["report"]["transcript"] == []


def test_bad_lines_get_errors_and_the_interview_goes_on(cli: Any) -> None:
    lines = ["not json", "[]", '{"txt": "x"}', '{"text": 4}', "", json.dumps({"text": "I have a headache"})]
    done = cli.run("chat", "--jsonl", "--db", str(cli.db), stdin="\n".join(lines) + "\n")
    *errors, good, last = [json.loads(line) for line in done.out.splitlines()]
    assert len(errors) == 5 and all(list(each) == ["error"] for each in errors)
    assert good["turn"] == 1 and "notice" in good
    assert last["report"]["transcript"][0]["text"] == "I have a headache"


def test_the_same_id_gets_the_same_answer_once(cli: Any) -> None:
    message = {"text": "I have had a headache for two days", "id": "m1"}
    first, again, second, last = cli.chat([message, message, {"text": "none of these", "id": "m2"}])
    assert {key: first[key] for key in KEYS} == again
    assert second["turn"] == 2
    assert len([turn for turn in last["report"]["transcript"] if turn["role"] == "patient"]) == 2


def test_images_travel_by_path_and_nobody_is_said_to_have_looked(cli: Any, tmp_path: Path) -> None:
    Image.new("RGB", (80, 60), "red").save(tmp_path / "rash.jpg")
    (tmp_path / "fake.png").write_bytes(b"this is no picture")
    answers = cli.chat(
        [
            {"text": "I have a rash", "images": ["fake.png"]},
            {"text": "I have a rash", "images": ["missing.png"]},
            {"text": "I have a rash", "images": ["rash.jpg"]},
        ]
    )
    fake, missing, good, last = answers
    assert list(fake) == list(missing) == ["error"]
    assert good["turn"] == 1
    (image,) = last["report"]["images"]
    assert image["status"] == "attached, not examined"
    assert (image["width"], image["height"]) == (80, 60)


def test_after_an_emergency_every_further_line_gets_the_same_message(cli: Any) -> None:
    *turns, last = cli.chat(["I am going to kill myself", "never mind", "my toe hurts"])
    assert len({turn["text"] for turn in turns}) == 1
    assert all(turn["phase"] == "escalated" and turn["done"] for turn in turns)
    assert last["report"]["status"] == "escalated"


def test_output_is_ascii_in_any_locale(cli: Any) -> None:
    line = json.dumps({"text": "J’ai… I have had a headache – for 2 days"}) + "\n"
    done = cli.run("chat", "--jsonl", "--db", str(cli.db), stdin=line, env={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert done.out.isascii() and len(done.out.splitlines()) == 2
