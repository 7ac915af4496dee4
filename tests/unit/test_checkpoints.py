"""What checkpoints read back: our own values as they were, foreign and hostile ones as plain data or not at all."""

import inspect
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import ormsgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from symptom_intake.agent import history
from symptom_intake.agent.checkpoints import CHECKPOINT_TYPES, StrictSerializer
from symptom_intake.agent.errors import StorageError
from symptom_intake.agent.history import (
    Ask,
    Attachment,
    Draft,
    EarlierValue,
    Evidence,
    Fact,
    History,
    ImageDescription,
    Paragraph,
    RedFlag,
    Sentence,
    Settings,
    SlotState,
    Turn,
    Value,
)
from symptom_intake.agent.interview.protocol import Narrative, Reading
from symptom_intake.agent.state import IntakeState
from symptom_intake.prompts.levels import Urgency

WORDS = Evidence(turn="t1", start=0, end=2, quote="My")
FACT = Fact(
    id="t1.1",
    slot="chest_pain.onset",
    state=SlotState.PRESENT,
    number=3.0,
    details={"dose": "5 mg"},
    evidence=(WORDS,),
    earlier=(EarlierValue(state=SlotState.ABSENT, evidence=(WORDS,), replaced_in="t2"),),
)
VALUES: tuple[Value | Enum, ...] = (
    WORDS,
    FACT,
    FACT.earlier[0],
    History(facts=(FACT,)),
    RedFlag(rule="r", level=Urgency.EMERGENCY_NOW, reason="x", evidence=(WORDS,), turn="t1"),
    Attachment(id="i", sha256="0", kind="png", width=32, height=32, turn="t1"),
    Turn(
        id="t1", role="patient", text="My", at=datetime(2026, 11, 24, tzinfo=UTC), urgency=Urgency.ROUTINE, rules=("r",)
    ),
    Ask(slot="s"),
    Paragraph(text="x", kind="question"),
    Draft(paragraphs=(Paragraph(text="x", kind="template"),), ask=Ask(slot="s", wording=1)),
    Settings(region="gb"),
    Reading(facts=(FACT,), complaints=("chest_pain",), answered=True, wording={"s": "x"}),
    Sentence(text="x", facts=("t1.1",)),
    Narrative(sentences=(Sentence(text="x", facts=("t1.1",)),), calls=1),
    ImageDescription(
        kind="photo", body_site="hand", side="left", features=("red",), quality="usable", text_seen=None, disputed=()
    ),
    *SlotState,
    *Urgency,
)


class Foreign(Value):
    """A value that is not on the list."""

    text: str


@dataclass
class ForeignData:
    text: str


class ForeignKind(Enum):
    ONE = 1


@pytest.fixture
def serde() -> StrictSerializer:
    return StrictSerializer()


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_each_of_our_values_comes_back_as_it_was(serde: StrictSerializer, value: Value | Enum) -> None:
    back = serde.loads_typed(serde.dumps_typed(value))
    assert back == value and type(back) is type(value)
    assert serde.loads_typed(serde.dumps_typed({"k": [value]})) == {"k": [value]}


def test_the_list_is_exactly_the_values_of_a_session() -> None:
    ours = {each for each in vars(history).values() if inspect.isclass(each) and each.__module__ == history.__name__}
    assert set(CHECKPOINT_TYPES) == ours | {Narrative, Reading, Urgency}
    assert {type(value) for value in VALUES} == set(CHECKPOINT_TYPES) - {Value}


def classes_in(annotation: Any) -> set[type]:
    if get_origin(annotation) is Annotated:
        return classes_in(get_args(annotation)[0])
    if inspect.isclass(annotation) and issubclass(annotation, (Value, Enum)):
        fields = getattr(annotation, "model_fields", {}).values()
        return {annotation}.union(*(classes_in(field.annotation) for field in fields))
    return set().union(*(classes_in(each) for each in get_args(annotation)))


def test_every_class_that_a_channel_can_hold_is_on_the_list() -> None:
    channels = inspect.get_annotations(IntakeState, eval_str=True) | IntakeState.__annotations__
    held = set().union(*(classes_in(channel) for channel in channels.values()))
    assert {History, Reading, Urgency, SlotState} <= held <= set(CHECKPOINT_TYPES)


def test_messages_come_back_whole(serde: StrictSerializer) -> None:
    for message in (
        HumanMessage("hi", id="m1", additional_kwargs={"symptom_intake_attachments": [{"id": "i"}]}),
        HumanMessage([{"type": "text", "text": "hi"}], id="m2"),
        AIMessage("hello", id="m3"),
    ):
        assert serde.loads_typed(serde.dumps_typed([message])) == [message]


@pytest.mark.parametrize("foreign", [Foreign(text="x"), ForeignData(text="x")])
def test_a_foreign_value_comes_back_as_plain_data(serde: StrictSerializer, foreign: Any) -> None:
    assert serde.loads_typed(serde.dumps_typed([foreign])) == [{"text": "x"}]
    assert serde.loads_typed(serde.dumps_typed([ForeignKind.ONE])) == [1]


def hostile(code: int, *call: Any) -> bytes:
    return bytes(ormsgpack.packb({"k": ormsgpack.Ext(code, ormsgpack.packb(call))}))


@pytest.mark.parametrize(
    "payload",
    [
        lambda target: hostile(0, "os", "system", f"touch {target}"),
        lambda target: hostile(1, "os", "system", [f"touch {target}"]),
        lambda target: hostile(2, "subprocess", "run", {"args": ["touch", target]}),
        lambda target: hostile(2, "builtins", "open", {"file": target, "mode": "w"}),
        lambda target: hostile(3, "pathlib", "Path", target, "touch"),
        lambda target: hostile(4, "subprocess", "run", {"args": ["touch", target]}),
        lambda target: hostile(5, "subprocess", "run", {"args": ["touch", target]}, "model_validate_json"),
        lambda target: hostile(0, "builtins", "eval", f"open({target!r}, 'w')"),
        lambda target: hostile(0, "symptom_intake.agent.history", "__builtins__", target),
    ],
)
def test_hostile_bytes_run_no_code(serde: StrictSerializer, tmp_path: Path, payload: Any) -> None:
    target = tmp_path / "ran"
    data = payload(str(target))
    serde.loads_typed(("msgpack", data))
    assert not target.exists()


def test_hostile_bytes_would_run_code_under_the_library_default(tmp_path: Path) -> None:
    target = tmp_path / "ran"
    JsonPlusSerializer(allowed_msgpack_modules=True).loads_typed(("msgpack", hostile(0, "os", "mkdir", str(target))))
    assert target.exists()


def test_formats_that_we_never_write_are_refused(serde: StrictSerializer) -> None:
    call = {"lc": 2, "type": "constructor", "id": ["os", "mkdir"], "args": ["x"]}
    secret = {"lc": 1, "type": "secret", "id": ["HOME"]}
    prompt = {
        "lc": 1,
        "type": "constructor",
        "id": ["langchain_core", "messages", "HumanMessage"],
        "kwargs": {"content": "x"},
    }
    for body in (call, secret, prompt):
        with pytest.raises(StorageError, match="did not write"):
            serde.loads_typed(("json", json.dumps(body).encode()))
    for form in ("pickle", "msgpack+aes", ""):
        with pytest.raises(StorageError, match="did not write"):
            serde.loads_typed((form, b"\x80\x04."))


@given(st.binary(max_size=200))
def test_damaged_bytes_are_a_storage_error_or_plain_data(data: bytes) -> None:
    try:
        StrictSerializer().loads_typed(("msgpack", data))
    except StorageError as error:
        assert "damaged" in str(error)


def test_refusals_are_logged_without_a_word_of_the_value(
    serde: StrictSerializer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    serde.loads_typed(serde.dumps_typed([Foreign(text="CANARY"), ForeignData(text="CANARY")]))
    serde.loads_typed(("msgpack", hostile(1, "symptom_intake.agent.history", "SlotState", ["CANARY"])))
    assert "CANARY" not in caplog.text


def test_a_lone_surrogate_is_saved_as_a_question_mark(serde: StrictSerializer) -> None:
    said = Paragraph(text="it hurts \ud83d here", kind="template")
    assert serde.loads_typed(serde.dumps_typed(said)) == Paragraph(text="it hurts ? here", kind="template")
    (back,) = serde.loads_typed(serde.dumps_typed([HumanMessage("\ud83d!", id="m")]))
    assert back.content == "?!"
