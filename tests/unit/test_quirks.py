"""What goes to a chat model and what comes back: every quirk on its own, and any answer wrapped in any of them."""

import html
import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from symptom_intake.agent.models.quirks import clean, echoes, is_runaway, neutralise, prepare, strip_thoughts, with_text

TOKENS = [
    "<start_of_turn>", "<end_of_turn>", "<start_of_image>", "<end_of_image>", "<image_soft_token>", "<bos>", "<eos>",
    "<pad>", "<unk>", "<mask>", "<unused0>", "<unused94>", "<s>", "</s>", "<|im_start|>", "<|eot_id|>", "<|endoftext|>",
    "<｜begin▁of▁sentence｜>", "<__media__>", "<think>", "</think>", "[INST]", "[/INST]", "[@BOS@]", "[multimodal]",
]  # fmt: skip
DISGUISES = {
    "plain": str,
    "upper case": str.upper,
    "full width": lambda token: token.translate({ord(char): ord(char) + 0xFEE0 for char in map(chr, range(33, 127))}),
    "entities": html.escape,
    "numbers": lambda token: token.replace("<", "&#60;").replace(">", "&#x3E;"),
    "zero width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
}
ANSWER = '{"facts": [{"slot": "pain", "quote": "it hurts"}], "note": "a } b { c"}'


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("token", TOKENS)
def test_no_control_token_gets_through(token: str, disguise: str) -> None:
    text = f"my knee {DISGUISES[disguise](token)} hurts"
    safe = neutralise(text)
    folded = html.unescape(safe.replace("\u200b", "").replace("\u00ad", ""))
    assert token.lower() not in folded.lower()
    assert len(safe) == len(text)
    assert safe.startswith("my knee ") and safe.endswith(" hurts")


@pytest.mark.parametrize(
    "text",
    [
        "pain < 3 days, BP >120", "I <3 my dog", "it was 5<6 and 7>4", "[yesterday] a & b", "x < y and y > z", "&c.",
        "10 > temperature > 5", "“quoted” – dash", "",
    ],
)  # fmt: skip
def test_words_of_a_patient_stay(text: str) -> None:
    assert neutralise(text) == text


@given(st.lists(st.sampled_from([*"<>[]&;|/_ltgINSTabc \u200b＜＞", *TOKENS]), max_size=20).map("".join))
def test_neutralising_keeps_the_length_and_settles(text: str) -> None:
    safe = neutralise(text)
    assert len(safe) == len(text)
    assert neutralise(safe) == safe
    assert all(now == then or now in "‹›＆" for now, then in zip(safe, text, strict=True))


MESSAGES = st.lists(
    st.builds(
        lambda kind, content: kind(content),
        st.sampled_from([SystemMessage, HumanMessage, AIMessage, lambda text: ToolMessage(text, tool_call_id="1")]),
        st.one_of(
            st.text(min_size=1, max_size=8), st.just([{"type": "image", "base64": "aGk=", "mime_type": "image/png"}])
        ),
    ),
    max_size=6,
)


def _parts(messages: list[BaseMessage]) -> list[Any]:
    parts: list[Any] = []
    for message in messages:
        parts += [message.content] if isinstance(message.content, str) else message.content
    return parts


@given(MESSAGES)
def test_roles_alternate_and_nothing_is_lost(messages: list[BaseMessage]) -> None:
    told = prepare(messages)
    assert not told or isinstance(told[0], HumanMessage)
    assert all(type(one) is not type(other) for one, other in pairwise(told))
    assert {type(each) for each in told} <= {HumanMessage, AIMessage}
    said = json.dumps(_parts(told))
    assert all(json.dumps(part).strip('"') in said for part in _parts(messages))
    assert prepare(told) == told


def test_system_text_opens_the_first_turn() -> None:
    told = prepare([HumanMessage("Hello"), SystemMessage("Be brief."), AIMessage("Hi"), HumanMessage("It hurts")])
    assert [each.content for each in told] == ["Be brief.\n\nHello", "Hi", "It hurts"]


def test_a_text_is_added_after_an_image() -> None:
    image = {"type": "image", "base64": "aGk=", "mime_type": "image/png"}
    (told,) = with_text([HumanMessage([image])], "Look.")
    assert told.content == [image, {"type": "text", "text": "Look."}]


WRAPS = {
    "thought": "<unused94>thought\nIt hurts, so {ANSWER}?<unused95>%s",
    "open missing": "thought\nLet me see {\"facts\": []}.<unused95>%s",
    "open token missing": "Let me see.<unused95>\n%s",
    "close missing": "<unused94>thought\nThe answer is {\"facts\": 1} or so.\n%s",
    "both missing": "thought\nThe patient says so.\n\n%s",
    "doubled": "<unused94>thought\na<unused95><unused94>thought\nb<unused95>%s",
    "nested": "<unused94>thought\na<unused94>b<unused95>c<unused95>%s",
    "thought after": "%s<unused94>thought\nDone.<unused95>",
    "thought after, cut": "%s<unused94>thought\nDone and",
    "other model's": "<think>\nHm.\n</think>\n\n%s",
    "fence": "```json\n%s\n```",
    "fence without end": "```json\n%s",
    "fence and chatter": "Sure! Here is the JSON:\n```\n%s\n```\nLet me know if you need more.",
    "greeting": "Hello! Here's the answer you asked for: %s",
    "announced": "The JSON object:\n%s",
    "turn tokens": "<start_of_turn>model\n%s<end_of_turn>\n<eos>",
    "other tokens": "<|im_start|>%s<|im_end|></s>",
    "space": "\n\n  %s \n",
}  # fmt: skip


@pytest.mark.parametrize("wrap", WRAPS)
def test_the_answer_comes_out_of_each_wrap(wrap: str) -> None:
    assert clean(WRAPS[wrap].replace("%s", ANSWER)) == ANSWER


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.text("abc {}", max_size=5), st.one_of(st.integers(), st.text('ab{}"\\ \n', max_size=20)), max_size=3
    ),
    st.lists(
        st.sampled_from(["thought", "doubled", "fence and chatter", "greeting", "turn tokens", "space"]), unique=True
    ),
)
def test_any_answer_comes_out_of_wraps_in_wraps(answer: dict[str, Any], wraps: list[str]) -> None:
    text = json.dumps(answer)
    for wrap in wraps:
        text = WRAPS[wrap].replace("%s", text)
    assert json.loads(clean(text)) == answer


@pytest.mark.parametrize(
    "text", ["<unused94>thought\nThe patient sa", "<unused94>", "thought\n", "thought\nso {\"a\": ", "a thought<unused95>", "<think>x"]
)  # fmt: skip
def test_a_thought_alone_is_no_answer(text: str) -> None:
    assert strip_thoughts(text).strip() == ""


PIECES = [
    "<unused94>",
    "<unused95>",
    "thought\n",
    "```json\n",
    "```",
    "{",
    "}",
    '"',
    "Sure. ",
    "Here is ",
    ":",
    "\n",
    "a",
    "</s>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_cleaning_settles(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert strip_thoughts(strip_thoughts(text)) == strip_thoughts(text)


@given(st.text())
def test_nothing_makes_it_fail(text: str) -> None:
    clean(text), neutralise(text), is_runaway(text), echoes(text, [HumanMessage(text)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1' + "\n" * 20, True),
        ('{"a": 1' + " \n\t" * 30, True),
        ('{"a": "' + "ha " * 80, True),
        ('{"a": "' + "I am not sure what to say. " * 9, True),
        ('{"a": "' + "0" * 250, True),
        ('{"facts": [' + '{"slot": "pain", "state": "present", "quote": "it hurts"}, ' * 8, True),
        (json.dumps({"facts": [{"slot": f"slot_{n}", "state": "absent", "quote": "no"} for n in range(12)]}, indent=8), False),
        ('{"quote": "' + "no " * 53, False),
        (ANSWER, False),
        ("", False),
    ],
)  # fmt: skip
def test_endless_output_is_seen(text: str, expected: bool) -> None:
    assert is_runaway(text) is expected


@pytest.mark.parametrize("period", [1, 2, 7, 30, 99])
def test_repetition_is_seen_whatever_its_length(period: int) -> None:
    unit = "".join(chr(97 + n * 7 % 26) + str(n) for n in range(period))[:period]
    assert is_runaway("Well: " + unit * (600 // period + 1))


def test_an_echo_is_a_long_run_of_what_was_told() -> None:
    told = [HumanMessage("Instructions: " + " ".join(f"rule {n} says so" for n in range(60)))]
    text = str(told[0].content)
    assert echoes("Of course. " + text[100:500], told)
    assert echoes(text.replace(" ", "\n"), told)
    assert not echoes(text[100:300], told)
    assert not echoes(" ".join(reversed(text.split())), told)
