"""How many things a draft asks at once, also where one sentence joins several."""

import re
from collections.abc import Iterator

from symptom_intake.agent.safety.checks.subject import Paragraph

_MARK = re.compile(r"\?(?!\?)")
_ASKS = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|would|will|should)(?: not)? "
    r"(?:you|it|there|that|this|these|those|the|your|he|she|they|any\w*|some\w*|his|her|their)\b"
)
_ABOUT = (
    r"(?:(?:in |on |at |for |since )?(?:what|when|where|which|who|whose|how|why)\b"
    r"(?: (?!it\b|that\b|this\b|then\b)\w+){0,4}? )?"
)
_BEGUN = re.compile(rf"(?:^|[.!?:;,]\s+|\b(?:and|so|but|or) )(?:(?:and|also|so|now|please|then|next) )*{_ABOUT}{_ASKS}")
_JOINED = re.compile(rf"(?:(?<!if so)[,;] |,? and )(?:(?:and|also|then|so|next) )*(?!if so){_ABOUT}{_ASKS}")
_SENTENCE = re.compile(r"[^.!?\n]+\?")
_REQUEST = re.compile(
    r"(?:^|[.!?;\n]\s*)(?:(?:and|also|then|please|so|now|next)[ ,]+)*(?:tell me|let me know|describe|list)\b[^.!?\n]*"
)
_POINT = re.compile(r"\b(?:what|when|where|which|who|whose|how|why|whether|if)\b")
_MORE = re.compile(r"\b(?:also|too|as well|both)\b")
_POINTS_MAX = 2


def asked(paragraph: Paragraph) -> list[tuple[int, int]]:
    """The place of each thing asked in an unsigned paragraph; what stands in quotation marks asks nothing."""
    quoted = [range(*span) for span in paragraph.quotes]
    found = (*_marks(paragraph.shadow.text), *_joins(paragraph.shadow.text), *_requests(paragraph.shadow.text))
    return sorted(place for place in found if not any(place[0] in span for span in quoted))


def marks(paragraph: Paragraph) -> list[tuple[int, int]]:
    """The place of each question mark."""
    return list(_marks(paragraph.shadow.text))


def _marks(text: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _MARK.finditer(text))


def _joins(text: str) -> Iterator[tuple[int, int]]:
    """Questions that are joined to another one before them; a choice ("or is it ...") is part of the first."""
    for sentence in _SENTENCE.finditer(text):
        first = _BEGUN.search(sentence[0].strip())
        if first:
            begin = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip()) + first.end()
            yield from (match.span() for match in _JOINED.finditer(text, begin, sentence.end()))


def _requests(text: str) -> Iterator[tuple[int, int]]:
    """Requests to tell more; the first of a paragraph with a question only leads up to it, unless it says "also"."""
    found = [match for match in _REQUEST.finditer(text) if _POINT.search(match[0])]
    for number, match in enumerate(found):
        if number or "?" not in text or _MORE.search(match[0]):
            yield match.span()
        if len(_POINT.findall(match[0])) > _POINTS_MAX:
            yield match.span()
