"""What was computed for a prompt serves the next one that begins the same, and changes no answer."""

from collections.abc import Callable
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage

from symptom_intake.agent.models.chat_template import ChatTemplate
from symptom_intake.agent.models.medgemma import ChatMedGemma
from symptom_intake.agent.models.prefix_cache import PrefixCache

INSTRUCTIONS = "Read the last message and say what it tells. Never name a cause. " * 4
SAID = {"anna": ["My head hurts.", "Since Monday.", "It is 7 of 10."], "ben": ["I cough.", "For 3 weeks.", "No fever."]}


def prompt(session: str, turn: int) -> list[HumanMessage]:
    """Instructions, then a conversation that grows, then a line that is another one each time."""
    return [HumanMessage("\n".join([INSTRUCTIONS, *SAID[session][:turn], f"Just asked: {session} {turn}"]))]


def in_common(one: list[int], other: list[int]) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


@pytest.fixture
def chat(tiny_text: tuple[Any, Any]) -> Callable[[int], ChatMedGemma]:
    model, tokenizer = tiny_text
    return lambda entries: ChatMedGemma(
        model=model, processor=tokenizer, name="tiny", max_tokens=20, prefix_entries=entries
    )


def test_sessions_share_what_they_can_and_answers_stay_the_same(chat: Callable[[int], ChatMedGemma]) -> None:
    with_it, without = chat(8), chat(0)
    template = ChatTemplate(with_it.processor)
    assert with_it.model.config.sliding_window < len(template.read(prompt("anna", 1))[0]) / 4
    read: list[list[int]] = []
    for turn in (1, 2, 3):
        for session in SAID:
            told = prompt(session, turn)
            answer, plain = with_it.invoke(told), without.invoke(told)
            assert answer.text == plain.text != ""
            assert plain.response_metadata["cached_tokens"] == 0
            ids = template.read(told)[0]
            shared = max((in_common(ids, earlier) for earlier in read), default=0)
            assert answer.response_metadata["cached_tokens"] == shared
            read.append(ids)
    assert shared > 0.8 * len(ids)


def test_the_same_prompt_again_is_read_from_its_last_token(chat: Callable[[int], ChatMedGemma]) -> None:
    model = chat(8)
    first, again = model.invoke(prompt("anna", 1)), model.invoke(prompt("anna", 1))
    assert again.text == first.text
    assert again.usage_metadata and first.usage_metadata
    assert again.response_metadata["cached_tokens"] == first.usage_metadata["input_tokens"] - 1


def test_the_prompt_read_longest_ago_is_let_go(chat: Callable[[int], ChatMedGemma]) -> None:
    model = chat(1)
    model.invoke(prompt("anna", 1))
    full = model.invoke(prompt("anna", 1)).response_metadata["cached_tokens"]
    model.invoke([HumanMessage("Something else.")])
    assert model.invoke(prompt("anna", 1)).response_metadata["cached_tokens"] < full / 4


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(20, 22), min_size=1, max_size=40), min_size=2, max_size=4))
def test_whatever_prompts_share_the_next_token_is_scored_the_same(
    tiny_text: tuple[Any, Any], prompts: list[list[int]]
) -> None:
    import torch
    from transformers import DynamicCache

    model, cache = tiny_text[0], PrefixCache(3)
    with torch.inference_mode():
        for ids in prompts:
            cached, states = cache.longest(ids)
            assert cached < len(ids)
            rest = model(input_ids=torch.tensor([ids[cached:]]), cache=states, use_cache=True)
            whole = model(input_ids=torch.tensor([ids]), cache=DynamicCache(config=model.config), use_cache=True)
            torch.testing.assert_close(rest.logits[0, -1], whole.logits[0, -1], rtol=1e-3, atol=1e-3)
            cache.keep(ids, states)
