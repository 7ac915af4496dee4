"""Whether a message needs a model at all: a plain answer to the question is read by code alone, at no call."""

import re

from symptom_intake.agent.interview.protocol import Listening, Reading

PLAIN_WORDS = 8
"""Words that a plain answer may have; `PLAIN_TEXT_WORDS`: where the question asks for the patient's own words."""
PLAIN_TEXT_WORDS = 3
_LOOSE_WORDS = 1
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def is_plain(listening: Listening, reading: Reading) -> bool:
    """Whether a message answers its question and says nothing else.

    Args:
        listening: The message.
        reading: What was read without a model.
    """
    asked = listening.asked
    if asked is None or not reading.answered:
        return False
    words = list(_WORD.finditer(listening.text))
    if len(words) > (PLAIN_TEXT_WORDS if asked.kind in ("text", "site") else PLAIN_WORDS):
        return False
    told = [(each.start, each.end) for fact in reading.facts for each in fact.evidence]
    loose = [word for word in words if not any(start <= word.start() < end for start, end in told)]
    return len(loose) <= _LOOSE_WORDS
