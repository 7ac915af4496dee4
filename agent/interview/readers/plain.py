"""Open questions: the answer is kept word for word."""

from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.replies import read_nothing, read_reply
from symptom_intake.agent.interview.readers.words import Said

_LEAST_AFTER_UNSURE = 3
"""Words that must follow "not sure" to count as an answer ("not sure, maybe the fish I ate")."""


def read_plain(said: Said) -> list[Answer]:
    """The answer to an open question; a bare yes tells nothing, a question back is none."""
    nothing = read_nothing(said)
    if nothing is not None:
        return [nothing]
    reply = read_reply(said)
    start, end = said.whole
    if reply is not None and reply.kind in ("unsure", "declined"):
        left = len(said.tokens) - said.skip(("closing", reply.kind), reply.after)
        if reply.kind == "declined" or left < _LEAST_AFTER_UNSURE:
            return [reply.answer] if reply.answer else []
    if (reply is not None and reply.alone and reply.kind in ("yes", "question")) or not said.tokens:
        return []
    return [present(start, end, said.text[start:end])]
