"""A yes-or-no question turned into what a person says who would answer yes."""

import re
from typing import NamedTuple


class Voice(NamedTuple):
    """Who is spoken of."""

    subject: str
    their: str
    again: str
    whom: str
    be: str
    have: str
    do: str
    feel: str


SELF = Voice("I", "my", "I", "me", "am", "have", "do", "feel")
CHILD = Voice("My child", "their", "they", "them", "is", "has", "does", "feels")
_SECOND = re.compile(r"\bor (do|are|were|has|have) (you|your \w+)\b")
_ASIDE = re.compile(r",? (?:that you believe (?:are|is) )?(?:related to|because of) .*$")


def in_first_person(question: str, voice: Voice) -> str:
    """What somebody says who would answer yes.

    Args:
        question: For example `Do you have a fever?`.
        voice: Whether they speak of themselves or of their child.
    """
    text = re.sub(" (?:any|ever) ", " ", _ASIDE.sub("", question.strip().rstrip("?")))
    told = _turned(_SECOND.sub(_in_order, text), voice)
    if voice is SELF:
        told = told.replace("you are", "I am").replace("you were", "I was")
    told = re.sub(r"\b(wake|keeping) you\b", rf"\1 {voice.whom}", told)
    told = re.sub(r"\byour\b", voice.their, told)
    told = re.sub(r"\byou\b", voice.again, told)
    return f"{told[0].upper()}{told[1:]}."


def _in_order(match: re.Match[str]) -> str:
    """A second question within the first: "or are you" becomes "or you are"."""
    verb, subject = match.groups()
    return f"or {subject}" if verb == "do" else f"or {subject} {verb}"


def _turned(text: str, voice: Voice) -> str:
    """The question as a statement: the verb goes behind its subject."""
    for start, instead in (
        ("Do you currently, or did you ever, have", f"{voice.subject} {voice.have}"),
        ("Did you previously, or do you currently, have", f"{voice.subject} {voice.have}"),
        ("Do you constantly feel", f"{voice.subject} constantly {voice.feel}"),
        ("Do you have", f"{voice.subject} {voice.have}"),
        ("Do you feel", f"{voice.subject} {voice.feel}"),
        ("Do you", voice.subject if voice is SELF else f"{voice.subject} {voice.do}"),
        ("Did you", f"{voice.subject} did"),
        ("Have you", f"{voice.subject} {voice.have}"),
        ("Are you", f"{voice.subject} {voice.be}"),
    ):
        if text.startswith(f"{start} "):
            return f"{instead}{text.removeprefix(start)}"
    return text
