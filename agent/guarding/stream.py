"""A draft that comes in pieces, and leaves sentence by sentence: nothing is seen before it has been checked.

Each time a sentence is complete, all that was released and this sentence are checked as one draft. So what only
several sentences show together is seen too, and how the text was cut into pieces makes no difference.
"""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Protocol

from symptom_intake.agent.safety.verdict import LONGEST, Verdict
from symptom_intake.prompts.levels import Urgency

_LOG = logging.getLogger(__name__)

_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s|(?<!,)\n")
_NO_END = re.compile(r"(?i)\b(?:dr|mr|ms|mrs|vs|e\.g|i\.e|p\.s)\.\s\Z|(?:\A|\n)\s*\d{1,2}[.)]\s\Z")
_QUOTE = re.compile('["“”„«»]')


class Chunk(Protocol):
    """A message, or a piece of one, as LangChain's models stream them."""

    @property
    def text(self) -> str:
        """The words in it."""


class Judging(Protocol):
    """What a stream needs of a guardrail."""

    def check(self, draft: str, *, said: Sequence[str], urgency: Urgency | None) -> Verdict:
        """Judge a draft."""

    def fallback(self, urgency: Urgency | None, question: str | None) -> str:
        """The signed text to send instead of a draft."""


class Gate:
    """Lets a draft through as far as it passes.

    Attributes:
        is_shut: Nothing more comes out.
    """

    def __init__(self, guard: Judging, said: Sequence[str], urgency: Urgency | None, question: str | None) -> None:
        """Take what the draft is judged against, and a question for the text that takes its place."""
        self._guard, self._question = guard, question
        self._urgency = None if urgency is None else Urgency(urgency)
        self._said = (said,) if isinstance(said, str) else tuple(said)
        self._released = self._waiting = ""
        self.is_shut = False

    def open(self) -> list[str]:
        """What comes before any draft: at an emergency its template, and then nothing more."""
        return self._end() if self._urgency is not None and self._urgency.is_emergency else []

    def take(self, text: str) -> list[str]:
        """Take in what came next; the pieces that may go out."""
        self._waiting += text
        pieces: list[str] = []
        while not self.is_shut and (end := _sentence_end(self._waiting)):
            pieces += self._judged(end)
        if not self.is_shut and len(self._released) + len(self._waiting) > LONGEST:
            pieces += self._end()
        return pieces

    def finish(self) -> list[str]:
        """The draft is complete: check what is left of it."""
        pieces: list[str] = []
        if self._waiting.strip() or not self._released:
            pieces = self._judged(len(self._waiting))
        self.is_shut = True
        return pieces

    def fail(self, error: Exception) -> list[str]:
        """The source broke off: nothing of what is left goes out."""
        _LOG.warning("a stream broke off: %s", type(error).__name__)
        return self._end()

    def _judged(self, end: int) -> list[str]:
        whole = self._released + self._waiting[:end]
        verdict = self._guard.check(whole, said=self._said, urgency=self._urgency)
        if not verdict.allowed:
            _LOG.info("a stream was ended: %s", " ".join(sorted(verdict.classes)))
            return self._end()
        piece, self._waiting = self._waiting[:end], self._waiting[end:]
        self._released = whole
        return [piece]

    def _end(self) -> list[str]:
        """Nothing more of the draft; the text in its place stands in a paragraph of its own."""
        self.is_shut, self._waiting = True, ""
        return [("\n\n" if self._released else "") + self._guard.fallback(self._urgency, self._question)]


def checked(gate: Gate, chunks: Iterable[str | Chunk]) -> Generator[str, None, None]:
    """Draw a source through a gate, and no more of it than is needed."""
    yield from gate.open()
    source = _each(chunks)
    try:
        while not gate.is_shut:
            yield from _step(gate, source)
    finally:
        with suppress(Exception):
            source.close()


async def achecked(gate: Gate, chunks: AsyncIterable[str | Chunk]) -> AsyncGenerator[str, None]:
    """Like `checked`; the checks run beside the event loop."""
    for piece in await asyncio.to_thread(gate.open):
        yield piece
    source = _aeach(chunks)
    try:
        while not gate.is_shut:
            for piece in await asyncio.to_thread(await _next(gate, source)):
                yield piece
    finally:
        await _close(source)
        await _close(chunks)


def _each(chunks: Iterable[str | Chunk]) -> Generator[str | Chunk, None, None]:
    yield from chunks


async def _aeach(chunks: AsyncIterable[str | Chunk]) -> AsyncGenerator[str | Chunk, None]:
    async for chunk in chunks:
        yield chunk


async def _close(source: object) -> None:
    if close := getattr(source, "aclose", None):  # an async iterable need not have one
        with suppress(Exception):
            await close()


def _step(gate: Gate, source: Iterator[str | Chunk]) -> list[str]:
    try:
        text = _text(next(source))
    except StopIteration:
        return gate.finish()
    except Exception as error:  # noqa: BLE001 - whatever breaks in the source, the patient gets signed words
        return gate.fail(error)
    return gate.take(text)


async def _next(gate: Gate, source: AsyncGenerator[str | Chunk, None]) -> Callable[[], list[str]]:
    """What is to be done at the gate with what the source brings next."""
    try:
        text = _text(await anext(source))
    except StopAsyncIteration:
        return gate.finish
    except Exception as error:  # noqa: BLE001 - as above
        broken = error
        return lambda: gate.fail(broken)
    return lambda: gate.take(text)


def _text(chunk: str | Chunk) -> str:
    text = chunk if isinstance(chunk, str) else chunk.text
    if not isinstance(text, str):
        raise TypeError("a piece of a stream holds no text")
    return str(text)


def _sentence_end(text: str) -> int:
    """One past the first sentence and the white space that shows its end; 0 while it is not complete."""
    begin = len(text) - len(text.lstrip())
    for match in _END.finditer(text, begin):
        end = match.end()
        in_quotes = len(_QUOTE.findall(text, 0, end)) % 2 and not text[:end].endswith("\n\n")
        if not in_quotes and not _NO_END.search(text[max(0, end - 12) : end]):
            return end
    return 0
