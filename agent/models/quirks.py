"""What chat models of the Gemma kind stumble over, going in and coming out, in one place.

Going in: no system role, roles that alternate, control tokens in a patient's text. Coming out: leaked thoughts, code
fences, greetings before the answer, endless white space or repetition, and the prompt given back.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

_BEGIN, _END = r"(?:<|&lt;?|&#0*60;?|&#x0*3c;?)", r"(?:>|&gt;?|&#0*62;?|&#x0*3e;?)"
_MARKER = re.compile(
    rf"(?i:(?P<open>{_BEGIN})[/|_]*[a-z][\w:▁|-]{{0,60}}(?P<close>{_END}))"
    r"|(?P<left>\[)/?(?:@?[A-Z][A-Z_]{1,30}@?|multimodal)(?P<right>\])"
)
_HARMLESS = {"<": "‹", ">": "›", "[": "‹", "]": "›", "&": "＆"}

_THOUGHT = re.compile(r"(?:<unused94>|<think>)(?:(?!<unused94>|<think>).)*?(?:<unused95>|</think>)", re.DOTALL)
_OPENED = re.compile(r"<unused94>|<think>|\A\s*thought[ \t]*\n")
_CLOSED = re.compile(r"<unused95>|</think>")
_CONTROL = re.compile(
    r"<start_of_turn>(?:model|user)?\n?|</?(?:end_of_turn|start_of_image|end_of_image|image_soft_token|bos|eos|pad|unk"
    r"|unused\d{1,4}|s)>|<\|\w{1,40}\|>|\[/?INST\]"
)
_PREFIX = re.compile(
    r"\A\s*(?:(?:okay|ok|sure|certainly|of course|hello|hi|yes)\b[^\n{]*|(?:here|this|below)(?: is|'s|’s| are)\b[^\n{]*"
    r"|(?:the )?(?:json|answer|output|response)[^\n{:]*:)[ \t]*\n?(?=.*\{)",
    re.IGNORECASE | re.DOTALL,
)
_FENCE = re.compile(r"\A\s*```\w*[ \t]*\n?(.*?)(?:```.*)?\Z", re.DOTALL)
# Longer than any indentation of JSON, any quote of at most 160 characters, and any line that the schemas allow.
_BLANKS = re.compile(r"\s{64}|\n{16}")
_REPEATED_CHARS, _REPEATED_TIMES, _LONGEST_PERIOD = 200, 6, 100
_ECHOED_CHARS, _STEP = 250, 50


def prepare(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The messages as Gemma's template takes them: a human begins, roles alternate, system text in the first turn.

    Whatever is neither the human's nor the model's (a tool's result), and a greeting of the model that opens, is put to
    it as the human's. No text and no image is lost.
    """
    told: list[BaseMessage] = []
    for message in sorted(messages, key=lambda each: not isinstance(each, SystemMessage)):
        kind = AIMessage if isinstance(message, AIMessage) and told else HumanMessage
        if told and type(told[-1]) is kind:
            told[-1] = kind(_joined(told[-1].content, message.content))
        else:
            told.append(kind(message.content))
    return told


def with_text(messages: Sequence[BaseMessage], text: str) -> list[BaseMessage]:
    """The messages with a text at the end of the last turn, which is the human's."""
    return prepare([*messages, HumanMessage(text)])


def neutralise(text: str) -> str:
    """Make control tokens of chat templates harmless: their brackets become `‹` and `›`, nothing else changes.

    The length stays the same, so that offsets and quotes still hold. Full-width brackets, entities and tokens with
    invisible characters inside are met too.
    """
    shadow, places = _shadow(text)
    chars = list(text)
    for match in _MARKER.finditer(shadow):
        for name in ("open", "close", "left", "right"):
            if match[name]:
                chars[places[match.start(name)]] = _HARMLESS[match[name][0]]
    return "".join(chars)


def strip_thoughts(text: str) -> str:
    """The text without the thoughts that MedGemma puts between `<unused94>thought` and `<unused95>`.

    Either token or both may be missing, and spans may be doubled or nested. Of a thought that never closes, a JSON
    object that ends the text is kept: that is the answer.
    """
    return _until_settled(text, _without_a_thought)


def clean(text: str) -> str:
    """The answer alone: no thoughts, no control tokens, no greeting or announcement before it, no code fence."""
    return _until_settled(text, _cleaner)


def is_runaway(text: str) -> bool:
    """Whether the text holds a run of white space, or ends in the same few characters over and over."""
    return _BLANKS.search(text) is not None or any(
        _repeats(text, period) for period in range(1, _LONGEST_PERIOD + 1) if text[-1:] == text[-1 - period : -period]
    )


def echoes(text: str, messages: Sequence[BaseMessage]) -> bool:
    """Whether the text gives back a long run of the messages: longer than any quote of a patient that is asked for."""
    told = _plain("\n".join(str(message.text) for message in messages))
    said = _plain(text)
    return any(said[begin : begin + _ECHOED_CHARS] in told for begin in range(0, len(said) - _ECHOED_CHARS + 1, _STEP))


def _joined(first: str | list[Any], second: str | list[Any]) -> str | list[Any]:
    if isinstance(first, str) and isinstance(second, str):
        return "\n\n".join(filter(None, (first, second)))
    return [*_parts(first), *_parts(second)]


def _parts(content: str | list[Any]) -> list[Any]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _shadow(text: str) -> tuple[str, list[int]]:
    """The text in plain characters, without invisible ones, and where each of its characters stands."""
    places = [place for place, char in enumerate(text) if char.isascii() or unicodedata.category(char) != "Cf"]
    plain = (unicodedata.normalize("NFKC", text[place]) for place in places)
    return "".join(char if len(char) == 1 else "\0" for char in plain), places


def _without_a_thought(text: str) -> str:
    text = _THOUGHT.sub("", text)
    if closed := list(_CLOSED.finditer(text)):
        return text[closed[-1].end() :]
    if opened := _OPENED.search(text):
        before, after = text[: opened.start()], text[opened.end() :]
        return before if "{" in before else _last_object(after)
    return text


def _last_object(text: str) -> str:
    """The outermost JSON object that ends the text."""
    text = text.rstrip().removesuffix("```").rstrip()
    for match in re.finditer(r"\{", text):
        try:
            if json.JSONDecoder().raw_decode(text, match.start())[1] == len(text):
                return text[match.start() :]
        except (ValueError, RecursionError):
            continue
    return ""


def _cleaner(text: str) -> str:
    text = _CONTROL.sub("", strip_thoughts(text))
    text = _PREFIX.sub("", text)
    fenced = _FENCE.match(text)
    return (fenced[1] if fenced else text).strip()


def _until_settled(text: str, change: Callable[[str], str]) -> str:
    while (changed := change(text)) != text:
        text = changed
    return text


def _repeats(text: str, period: int) -> bool:
    length = max(_REPEATED_CHARS, _REPEATED_TIMES * period)
    tail = text[-length:]
    return len(tail) == length and tail[period:] == tail[:-period]


def _plain(text: str) -> str:
    return " ".join(text.split())
