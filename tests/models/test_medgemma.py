"""The chat model in process, over tiny random models of the real classes: against transformers' own generate()."""

import asyncio
import base64
import io
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from PIL import Image

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.chat_template import ChatTemplate
from symptom_intake.agent.models.faults import DeadlineError, OutOfMemoryError, RefusedError, UnavailableError
from symptom_intake.agent.models.generation import CHUNK, ROWS, Engine
from symptom_intake.agent.models.medgemma import ChatMedGemma
from symptom_intake.agent.models.prefix_cache import PrefixCache
from symptom_intake.agent.models.row import Finished, Request, Row

TALK: list[BaseMessage] = [
    HumanMessage("My back hurts."),
    AIMessage("Since when?"),
    HumanMessage("For 3 days, naïvely ☂"),
]
TOLD = {
    "short": [HumanMessage("Hello")],
    "system text": [SystemMessage("Be brief."), HumanMessage("My head hurts.")],
    "conversation": TALK,
    "longer than a chunk": [HumanMessage("It hurts here and there. " * (CHUNK // 8))],
}


@pytest.fixture
def chat(tiny_text: tuple[Any, Any]) -> ChatMedGemma:
    return ChatMedGemma(model=tiny_text[0], processor=tiny_text[1], name="tiny", max_tokens=24)


@pytest.fixture
def seer(tiny_image: tuple[Any, Any]) -> ChatMedGemma:
    return ChatMedGemma(model=tiny_image[0], processor=tiny_image[1], name="tiny", max_tokens=24)


@pytest.fixture
def steps(tiny_text: tuple[Any, Any]) -> Iterator[list[int]]:
    """How many answers each call of the model wrote at."""
    seen: list[int] = []
    hook = tiny_text[0].register_forward_pre_hook(
        lambda module, args, given: seen.append(len(given["input_ids"])), with_kwargs=True
    )
    yield seen
    hook.remove()


@pytest.fixture
def breaks(tiny_text: tuple[Any, Any]) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Has the model do something before its next call, once."""
    hooks: list[Any] = []

    def arm(do: Callable[[], None]) -> None:
        def before(module: Any, args: Any) -> None:
            hooks.pop().remove()
            do()

        hooks.append(tiny_text[0].register_forward_pre_hook(before))

    yield arm
    for hook in hooks:
        hook.remove()


def picture(colour: str) -> str:
    file = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def block(encoded: str) -> dict[str, Any]:
    return {"type": "image", "base64": encoded, "mime_type": "image/png"}


def shown(*images: dict[str, Any]) -> list[BaseMessage]:
    return [HumanMessage([*images, {"type": "text", "text": "What does it show?"}])]


def reference(model: Any, processor: Any, messages: list[BaseMessage], length: int) -> str:
    """The answer of transformers itself, decoded without the token that ends it."""
    ids, images = ChatTemplate(processor).read(messages)
    inputs = images or {"attention_mask": torch.ones(1, len(ids), dtype=torch.long)}
    written = model.generate(input_ids=torch.tensor([ids]), max_new_tokens=length, do_sample=False, **inputs)
    tokens = [token for token in written[0, len(ids) :].tolist() if token not in (1, 6)]
    return str(processor.decode(tokens, skip_special_tokens=False))


def is_idle(within_s: float = 3.0) -> bool:
    """Whether no model is at work."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if not any(thread.name == "medgemma" for thread in threading.enumerate()):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_it_writes_what_generate_writes(chat: ChatMedGemma, told: list[BaseMessage]) -> None:
    for _ in range(2):  # the second time from what was kept
        expected = reference(chat.model, chat.processor, told, 24)
        assert chat.invoke(told).text == expected != ""


@pytest.mark.parametrize("told", [shown(block(picture("red"))), shown(*2 * [block(picture("blue"))]), TALK])
def test_it_writes_what_generate_writes_of_images(seer: ChatMedGemma, told: list[BaseMessage]) -> None:
    expected = reference(seer.model, seer.processor, told, 24)
    assert seer.invoke(told).text == expected != ""


def test_every_way_to_send_an_image_is_the_same_and_two_images_are_not(seer: ChatMedGemma) -> None:
    red = picture("red")
    ways = [
        block(red),
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{red}"}},
        {"type": "image", "source_type": "base64", "data": red, "mime_type": "image/png"},
    ]
    answers = [seer.invoke(shown(way)) for way in ways]
    assert len({answer.text for answer in answers}) == 1
    assert seer.invoke(shown(block(picture("blue")))).text != answers[0].text
    assert {answer.response_metadata["cached_tokens"] for answer in answers} == {0}


@pytest.mark.parametrize(
    "part",
    [
        block(base64.b64encode(b"no image").decode()),
        block("%%%"),
        {"type": "image_url", "image_url": {"url": "http://127.0.0.1:9/a.png"}},
        {"type": "audio", "base64": "AAAA", "mime_type": "audio/wav"},
    ],
)
def test_what_is_no_image_is_refused(seer: ChatMedGemma, part: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        seer.invoke(shown(part))


def test_a_model_for_text_says_that_it_reads_no_image(chat: ChatMedGemma) -> None:
    with pytest.raises(ConfigurationError, match="text alone"):
        chat.invoke(shown(block(picture("red"))))


@pytest.mark.parametrize(
    "options", [{"stop": ["x"]}, {"response_format": {"type": "json_object"}}, {"temperature": 1.0}]
)
def test_what_it_cannot_do_is_not_passed_over(chat: ChatMedGemma, options: dict[str, Any]) -> None:
    with pytest.raises((ConfigurationError, TypeError)):
        chat.invoke("Hello", **options)


def test_a_stream_is_the_same_text_and_says_at_its_end_what_it_took(chat: ChatMedGemma) -> None:
    chunks = list(chat.stream(TALK))
    whole = chat.invoke(TALK)
    assert len(chunks) > 10
    assert "".join(chunk.text for chunk in chunks) == whole.text
    assert [chunk.usage_metadata for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-1].usage_metadata == whole.usage_metadata
    read = len(ChatTemplate(chat.processor).read(TALK)[0])
    assert whole.usage_metadata == {"input_tokens": read, "output_tokens": 24, "total_tokens": read + 24}
    assert chunks[-1].response_metadata["finish_reason"] == whole.response_metadata["finish_reason"] == "length"


def test_a_character_of_several_tokens_comes_whole(chat: ChatMedGemma) -> None:
    said: list[Any] = []
    row = Row(Request([2], 1000, said.append), chat.processor.backend_tokenizer, frozenset({1}), 0)
    text = "naïve ☂ 😀 <unused94>thought"
    for token in chat.processor.encode(text, add_special_tokens=False):
        row.take(token)
    assert "".join(said) == text
    assert "\ufffd" not in "".join(said) and "😀" in said


def test_it_stops_at_a_token_that_ends_a_turn(tiny_text: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    model, tokenizer = tiny_text
    ids = torch.tensor([ChatTemplate(tokenizer).read(TALK)[0]])
    written = model.generate(input_ids=ids, max_new_tokens=6, do_sample=False)[0, ids.shape[1] :].tolist()
    monkeypatch.setattr(model.generation_config, "eos_token_id", [1, written[4]])
    answer = ChatMedGemma(model=model, processor=tokenizer, name="tiny").invoke(TALK)
    assert answer.response_metadata["finish_reason"] == "stop"
    assert answer.usage_metadata and answer.usage_metadata["output_tokens"] == written.index(written[4]) + 1
    assert answer.text == tokenizer.decode(written[: written.index(written[4])])


def test_a_deadline_ends_the_call_and_the_writing(chat: ChatMedGemma) -> None:
    begun = time.monotonic()
    with pytest.raises(DeadlineError):
        chat.invoke(TALK, max_tokens=100_000, deadline_s=0.2)
    assert time.monotonic() - begun < 1.0
    assert is_idle()
    assert chat.invoke(TALK, deadline_s=60.0).text


def test_a_stop_ends_the_writing_within_a_token(chat: ChatMedGemma) -> None:
    stop, seen = threading.Event(), []
    done: threading.Event = threading.Event()

    def emit(event: Any) -> None:
        seen.append(event)
        stop.set()
        if isinstance(event, Finished):
            done.set()

    engine = Engine(chat.model, chat.processor.backend_tokenizer, frozenset({1}), PrefixCache())
    engine.submit(Request(ChatTemplate(chat.processor).read(TALK)[0], 10_000, emit, stops=[stop]))
    assert done.wait(10)
    (said, finished) = seen
    assert said and (finished.finish, finished.output_tokens) == ("cancelled", 1)
    answer = chat.invoke(TALK, stop_event=stop)
    assert (answer.text, answer.response_metadata["finish_reason"]) == ("", "cancelled")


def test_a_stream_that_nobody_reads_on_ends(chat: ChatMedGemma) -> None:
    stream = chat.stream(TALK, max_tokens=100_000)
    next(stream)
    assert not is_idle(0.1)
    stream.close()  # type: ignore[attr-defined]
    assert is_idle()


def test_a_program_may_end_while_it_writes(tiny_text_folder: Path) -> None:
    program = """if True:
        import sys
        from transformers import AutoTokenizer, Gemma3ForCausalLM
        from symptom_intake.agent.models.medgemma import ChatMedGemma
        model, tokenizer = (kind.from_pretrained(sys.argv[1]) for kind in (Gemma3ForCausalLM, AutoTokenizer))
        stream = ChatMedGemma(model=model, processor=tokenizer, name="tiny").stream("Hello", max_tokens=100_000)
        next(stream)
        """
    ended = subprocess.run([sys.executable, "-c", program, tiny_text_folder], capture_output=True, timeout=120)
    assert (ended.returncode, ended.stdout) == (0, b"")
    assert b"terminate" not in ended.stderr


def test_the_event_loop_runs_on(chat: ChatMedGemma) -> None:
    async def ticks_during_a_call() -> tuple[int, str, str]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.001)
                ticks += 1

        ticking = asyncio.create_task(tick())
        streamed = "".join([chunk.text async for chunk in chat.astream(TALK)])
        answer = await chat.ainvoke(TALK)
        ticking.cancel()
        return ticks, streamed, answer.text

    ticks, streamed, answer = asyncio.run(ticks_during_a_call())
    assert ticks > 10
    assert streamed == answer == chat.invoke(TALK).text


@pytest.mark.parametrize("way", ["task cancelled", "stream left", "deadline"])
def test_a_call_that_an_event_loop_gives_up_ends(chat: ChatMedGemma, way: str) -> None:
    async def give_up() -> None:
        if way == "task cancelled":
            task = asyncio.create_task(chat.ainvoke(TALK, max_tokens=100_000))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        elif way == "stream left":
            async for _ in chat.astream(TALK, max_tokens=100_000):
                break
        else:
            with pytest.raises(DeadlineError):
                await chat.ainvoke(TALK, max_tokens=100_000, deadline_s=0.1)

    asyncio.run(give_up())
    assert is_idle()


def test_answers_are_the_same_alone_and_side_by_side(chat: ChatMedGemma, steps: list[int]) -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "integer", "maximum": 99999}}}
    calls = [
        ([HumanMessage(f"{number} days. " + "It hurts. " * (number * 7 % 30))],
         {"max_tokens": 20 + number * 3, **({"response_format": schema} if number % 5 == 0 else {})})
        for number in range(ROWS + 4)
    ]  # fmt: skip
    alone = [chat.invoke(told, **options) for told, options in calls]
    assert set(steps) == {1}
    chat = ChatMedGemma(model=chat.model, processor=chat.processor, name="tiny")
    with ThreadPoolExecutor(len(calls)) as pool:
        together = list(pool.map(lambda call: chat.invoke(call[0], **call[1]), calls))
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    assert [answer.usage_metadata for answer in together] == [answer.usage_metadata for answer in alone]
    assert max(steps) == ROWS


def test_images_and_text_are_written_side_by_side(seer: ChatMedGemma) -> None:
    calls = [shown(block(picture("red"))), TALK, shown(block(picture("blue"))), [HumanMessage("Hello")]]
    alone = [seer.invoke(told).text for told in calls]
    with ThreadPoolExecutor(len(calls)) as pool:
        assert list(pool.map(lambda told: seer.invoke(told, max_tokens=24).text, calls)) == alone


def test_no_memory_is_said_so_and_all_that_was_kept_is_let_go(chat: ChatMedGemma, breaks: Any) -> None:
    chat.invoke(TALK)
    assert chat.invoke(TALK).response_metadata["cached_tokens"] > 0
    breaks(lambda: torch.empty(1 << 50))
    with pytest.raises(OutOfMemoryError):
        chat.invoke(TALK)
    assert chat.invoke(TALK).response_metadata["cached_tokens"] == 0


def test_a_model_that_breaks_fails_its_call_alone(chat: ChatMedGemma, breaks: Any) -> None:
    breaks(lambda: torch.ones(2) @ torch.ones(3))
    with pytest.raises(UnavailableError, match="RuntimeError") as caught:
        chat.invoke(TALK)
    assert "back" not in str(caught.value)
    assert chat.invoke(TALK).text


def test_nothing_that_is_said_is_logged_or_shown(chat: ChatMedGemma, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = chat.invoke([HumanMessage("My xylophone hurts.")])
    assert "xylophone" not in caplog.text and answer.text not in caplog.text
    assert "Linear" not in repr(chat)
