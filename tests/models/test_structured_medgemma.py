"""The adapter over a model in process: a random Gemma 3 talks nonsense, and yet every answer is of the schema."""

import time
from typing import Annotated, Any, Literal

import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from symptom_intake.agent.models.faults import DeadlineError, TruncatedOutputError
from symptom_intake.agent.models.medgemma import ChatMedGemma
from symptom_intake.agent.models.structured import StructuredModel


class Told(BaseModel):
    model_config = ConfigDict(extra="forbid")

    pain: Annotated[int, Field(ge=0, le=10)]
    side: Literal["left", "right"]
    quote: Annotated[str, StringConstraints(max_length=8)]


class Long(BaseModel):
    model_config = ConfigDict(extra="forbid")

    story: Annotated[str, StringConstraints(min_length=3000, max_length=4000)]


@pytest.fixture
def chat(tiny_text: tuple[Any, Any]) -> ChatMedGemma:
    model, tokenizer = tiny_text
    return ChatMedGemma(model=model, processor=tokenizer, name="tiny")


def test_the_schema_holds_and_tokens_are_counted(chat: ChatMedGemma) -> None:
    model = StructuredModel(chat, "tiny")
    told = [SystemMessage("Be brief."), HumanMessage("My left knee hurts."), HumanMessage("It is 7 of 10.")]
    answer = model.ask(told, Told, 60.0)
    assert answer.calls == 1
    assert answer.usage.prompt_tokens > 10 and answer.usage.completion_tokens > 5


def test_a_limit_and_a_deadline_are_told_apart(chat: ChatMedGemma) -> None:
    told = [HumanMessage("Tell a story.")]
    with pytest.raises(TruncatedOutputError) as caught:
        StructuredModel(chat, "tiny", max_tokens=6).ask(told, Long, 60.0)
    assert caught.value.calls == 2
    begun = time.monotonic()
    with pytest.raises(DeadlineError):
        StructuredModel(chat, "tiny", max_tokens=2000).ask(told, Long, 0.3)
    assert time.monotonic() - begun < 5
