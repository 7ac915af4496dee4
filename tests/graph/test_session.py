"""IntakeSession: the facade over real SQLite files."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from symptom_intake.agent import (
    AttachmentError,
    IntakeSession,
    PatientInputError,
    SlotState,
    StorageError,
    UnknownSessionError,
    Urgency,
)
from symptom_intake.agent.history import History
from symptom_intake.agent.interview.protocol import Listening, Reading


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "intake.db")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "brown").save(out, "JPEG")
    return out.getvalue()


def test_the_example_of_the_readme_in_memory() -> None:
    with IntakeSession.open(":memory:") as session:
        assert "911" in session.greeting
        reply = session.send("My chest has felt tight since this morning")
        assert reply.urgency is Urgency.EMERGENCY_NOW
        assert reply.done and reply.phase == "escalated" and reply.asked is None
        assert reply.notice == session.notice


def test_it_goes_on_exactly_where_it_stopped(db: str) -> None:
    with IntakeSession.open(db, region="gb") as session:
        name = session.id
        session.send("I have had a headache for two days")
        reply = session.send("none of these")
        history = session.history
    with IntakeSession.open(db, session=name) as resumed:
        assert resumed.last_reply == reply
        assert resumed.history == history
        assert resumed.context.messages.region == "gb"
        assert resumed.send("34").asked != reply.asked


def test_an_unknown_session_is_an_error_in_words(db: str) -> None:
    with pytest.raises(UnknownSessionError, match="no interview with the id"):
        IntakeSession.open(db, session="nope")


def test_the_same_message_id_gets_the_same_reply(db: str) -> None:
    with IntakeSession.open(db) as session:
        first = session.send("my back hurts", message_id="m1")
        session.send("none of these", message_id="m2")
        turns = len(session.values["turns"])
        again = session.send("my back hurts", message_id="m1")
        assert (again.text, again.asked, again.turn) == (first.text, first.asked, first.turn)
        assert len(session.values["turns"]) == turns


def test_undo_takes_back_the_answer_and_asks_again(db: str) -> None:
    with IntakeSession.open(db) as session:
        session.send("I have had a headache for two days")
        before = session.send("none of these")
        history = session.history
        session.send("99")
        undone = session.undo()
        assert undone is not None and undone.asked == before.asked
        assert session.history == history
        assert undone.text.endswith(before.text.rpartition("\n\n")[2])
        session.send("34")
        assert session.history.number("age") == 34


def test_undo_after_undo_walks_back_to_the_beginning(db: str) -> None:
    with IntakeSession.open(db) as session:
        assert session.undo() is None
        session.send("I have had a headache for two days")
        session.send("none of these")
        assert session.undo() is not None
        assert session.undo() is not None
        assert session.history == History()
        assert session.undo() is None


def test_undo_never_lowers_the_urgency(db: str) -> None:
    with IntakeSession.open(db) as session:
        session.send("I feel down and sometimes I wish I would not wake up")
        level = session.urgency
        assert level.rank >= Urgency.URGENT_24H.rank
        session.undo()
        assert session.urgency is level


def test_skip_is_recorded_as_declined(db: str) -> None:
    with IntakeSession.open(db) as session:
        session.send("I have had a headache for two days")
        asked = session.send("none of these").asked
        session.skip()
        assert asked is not None and session.history.state(asked) is SlotState.DECLINED


def test_why_is_about_the_open_question(db: str) -> None:
    with IntakeSession.open(db) as session:
        before = session.why()
        session.send("I have had a headache for two days")
        assert session.why() != before
        assert session.why() == session.context.content.slots["universal_screen"].why


def test_an_image_is_kept_and_said_to_be_unexamined(db: str) -> None:
    with IntakeSession.open(db) as session:
        session.send("I have a rash on my arm, here is a picture", images=[picture()])
        report = session.report()
        assert [image.status for image in report.images] == ["attached, not examined"]


def test_a_bad_image_takes_nothing_in(db: str) -> None:
    with IntakeSession.open(db) as session:
        with pytest.raises(AttachmentError):
            session.send("see picture", images=[b"not an image"])
        assert not session.values.get("turns")


def test_a_long_gap_brings_the_screen_back(db: str) -> None:
    now = [datetime(2026, 1, 1, 9, tzinfo=UTC)]
    with IntakeSession.open(db, clock=lambda: now[0]) as session:
        session.send("I have had a headache for two days")
        session.send("none of these")
        now[0] += timedelta(hours=3)
        assert session.send("34").asked == "universal_screen"
        assert session.send("none of these").asked != "universal_screen"


def test_async_send_and_stream(db: str) -> None:
    async def run(session: IntakeSession) -> list[str]:
        await session.asend("I have had a headache for two days")
        return [event.kind async for event in session.astream("none of these")]

    with IntakeSession.open(db) as session:
        kinds = asyncio.run(run(session))
    assert kinds[0] == "accepted" and kinds[-1] == "reply" and kinds.count("reply") == 1


class Broken:
    """An interviewer that always fails."""

    name = "broken"

    def read(self, listening: Listening) -> Reading:
        raise RuntimeError("patient text must not be in here")


def test_the_emergency_path_needs_no_interviewer(db: str) -> None:
    with IntakeSession.open(db, interviewer=Broken()) as session:
        reply = session.send("I took the whole bottle of pills and feel drowsy")
        assert reply.urgency is Urgency.EMERGENCY_NOW and reply.done


class Inventor:
    """An interviewer that makes up a fact and a quote."""

    name = "inventor"

    def read(self, listening: Listening) -> Reading:
        from symptom_intake.agent.history import Evidence, Fact

        made_up = Fact(
            id="x.1",
            slot="fever",
            state=SlotState.PRESENT,
            evidence=(Evidence(turn=listening.turn, start=0, end=5, quote="fever"),),
        )
        return Reading(facts=(made_up,), answered=True)


def test_a_fact_without_the_patients_words_is_dropped(db: str) -> None:
    with IntakeSession.open(db, interviewer=Inventor()) as session:
        session.send("my knee aches a little")
        assert session.history.state("fever") is SlotState.NOT_ASKED


class Diagnostician:
    """An interviewer whose wording names a disease."""

    name = "diagnostician"

    def read(self, listening: Listening) -> Reading:
        return Reading(
            answered=True, wording={"universal_screen": "You have pneumonia. Is any of this happening right now?"}
        )


def test_a_wording_that_diagnoses_is_replaced_by_signed_words(db: str) -> None:
    with IntakeSession.open(db, interviewer=Diagnostician()) as session:
        reply = session.send("I cough a lot, and I wonder about pneumonia")
        assert "You have pneumonia" not in reply.text
        assert reply.asked == "universal_screen"
        assert "DX" in session.values["blocked"]


def test_messages_that_come_at_once_are_answered_one_by_one(db: str) -> None:
    async def run(session: IntakeSession) -> None:
        await asyncio.gather(*(session.asend(text) for text in ("my back hurts", "no fever", "since Monday")))

    with IntakeSession.open(db) as session:
        asyncio.run(run(session))
        said = [turn.text for turn in session.values["turns"] if turn.role == "patient"]
        assert sorted(said) == ["my back hurts", "no fever", "since Monday"]
        assert len(session.values["turns"]) == 6


def test_what_is_no_text_is_refused_in_words(db: str) -> None:
    with IntakeSession.open(db) as session, pytest.raises(PatientInputError, match="must be text"):
        session.send(5)  # type: ignore[arg-type]


def test_a_foreign_file_gets_no_records_beside_it(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError):
        IntakeSession.open(str(tmp_path / "x.db"))
    assert not (tmp_path / "x.records.db").exists()


def test_progress_goes_back_with_an_undone_answer(db: str) -> None:
    with IntakeSession.open(db) as session:
        session.send("I have had a headache for two days")
        before = session.send("none of these").progress
        session.send("34")
        undone = session.undo()
        assert undone is not None and undone.progress == before
