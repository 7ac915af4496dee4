"""The reply that an answer begins with: yes, no, not sure, rather not say, or a question back."""

from dataclasses import dataclass
from typing import Literal

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer
from symptom_intake.agent.interview.readers.words import Said, once

ReplyKind = Literal["yes", "no", "unsure", "declined", "question"]
_LISTS: tuple[tuple[ReplyKind, str, bool], ...] = (
    ("question", "question", True),
    ("declined", "declined", False),
    ("unsure", "unsure", False),
    ("no", "echo_no", True),
    ("no", "no", False),
    ("yes", "echo_yes", True),
    ("yes", "yes", False),
)
"""Reply, list of words, and whether the clause must end there; of equally long ones the first counts."""
_SIGNS: dict[ReplyKind, str] = {"yes": "👍✅✔👌", "no": "👎❌🚫", "unsure": "🤷"}
_STATES: dict[ReplyKind, SlotState] = {
    "yes": SlotState.PRESENT,
    "no": SlotState.ABSENT,
    "unsure": SlotState.UNKNOWN,
    "declined": SlotState.DECLINED,
}


@dataclass(frozen=True)
class Reply:
    """How an answer begins.

    Attributes:
        kind: What it says.
        start: Offset of its first character. `end`: one past its last.
        first: Its first token. `after`: one past its last token.
        alone: Nothing of substance follows.
        apart: A pause follows, as in "no, my chest".
    """

    kind: ReplyKind
    start: int
    end: int
    first: int
    after: int
    alone: bool
    apart: bool

    @property
    def answer(self) -> Answer | None:
        """The reply as an answer; a question back is none."""
        state = _STATES.get(self.kind)
        return Answer(state, self.start, self.end) if state else None


@once
def read_reply(said: Said) -> Reply | None:
    """The reply at the start of a message, or None."""
    if not said.tokens:
        return _sign(said)
    first = 0
    while True:
        best = _reply_at(said, first)
        opening = said.at("opening", first)
        if best is not None and (opening is None or best[1] >= opening or said.ends_clause(opening)):
            return _reply(said, *best, first)
        if opening is None or opening >= len(said.tokens):
            return None
        first = opening


def _reply_at(said: Said, first: int) -> tuple[ReplyKind, int] | None:
    found: list[tuple[ReplyKind, int]] = []
    for kind, name, at_end in _LISTS:
        end = said.at(name, first)
        lone = kind == "declined" and end == first + 1  # "pass" declines, "pass out" does not
        if end is not None and (not (at_end or lone) or _closes(said, end, kind)):
            found.append((kind, end))
    return max(found, key=lambda each: each[1], default=None)


def _closes(said: Said, end: int, kind: ReplyKind) -> bool:
    return end >= len(said.tokens) if kind == "question" else said.ends_clause(end)


def _reply(said: Said, kind: ReplyKind, end: int, first: int) -> Reply:
    start, stop = said.span(first, end)
    rest = said.skip(("closing", kind, f"echo_{kind}", "nothing", "opening"), end)
    return Reply(kind, start, stop, first, end, rest >= len(said.tokens), said.ends_clause(end))


def _sign(said: Said) -> Reply | None:
    """The first sign in a message without words, such as a thumb."""
    for place, char in enumerate(said.text):
        for kind, signs in _SIGNS.items():
            if char in signs:
                return Reply(kind, place, place + 1, 0, 0, True, True)
    return None


def read_nothing(said: Said) -> Answer | None:
    """A message that says no more than that there is nothing."""
    reply = read_reply(said)
    if reply is not None and reply.kind == "no" and reply.alone:
        return Answer(SlotState.ABSENT, reply.start, reply.end)
    first: int | None = 0
    while first is not None and first < len(said.tokens):
        end = said.at("nothing", first)
        if end is not None and said.skip(("closing", "nothing"), end) >= len(said.tokens):
            return Answer(SlotState.ABSENT, *said.span(first, end))
        first = said.at("opening", first)
    return None


def read_evasion(said: Said) -> Answer | None:
    """Not knowing, or not wanting to say, as far as that is how the message begins."""
    reply = read_reply(said)
    return reply.answer if reply is not None and reply.kind in ("unsure", "declined") else None
