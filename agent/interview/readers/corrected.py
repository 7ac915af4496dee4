"""Finding what a message corrects: "actually it's the left arm", "no, two days", "sorry, I meant 3 weeks"."""

import re
from collections.abc import Callable, Iterator, Mapping

from symptom_intake.agent.history import Fact, SlotState
from symptom_intake.agent.interview.protocol import Listening
from symptom_intake.agent.interview.readers import ages, amounts, durations, sites, temperatures
from symptom_intake.agent.interview.readers.answer import Answer, Told, moved, present
from symptom_intake.agent.interview.readers.choices import read_choice
from symptom_intake.agent.interview.readers.index import Index
from symptom_intake.agent.interview.readers.replies import read_reply
from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.prompts.model import Slot

_AT_START = 4
"""Words that may come before "actually"."""
_SPARE = 4
"""Words that may stand beside the value after a bare "no"."""
_OWN_WORDS = ("complaint", "concerns")
"""Sections whose answers are the patient's words and are not changed."""
_YOUNG = 2.0
"""Years up to which an age is told in weeks or months."""
_Reader = Callable[[Said], list[Answer]]


def corrected_from(said: Said, asked: Slot | None) -> int | None:
    """The token from which a message corrects something; None when it does not.

    Args:
        said: The message.
        asked: What was asked: after a yes/no question a bare "no" may begin a correction.
    """
    for first, end in said.places.get("correction", ()):
        if (first <= _AT_START or said.tokens[first].gap > 0) and end < len(said.tokens):
            return said.skip(("correction", "opening"), end)
    if any(said.key_at("sides", end) is not None for _, end in said.places.get("not", ())):
        return 0
    reply = read_reply(said)
    if reply is not None and reply.kind == "no" and reply.apart and (asked is None or asked.kind == "yes_no"):
        return reply.after if reply.after < len(said.tokens) else None
    return None


def find_corrections(said: Said, listening: Listening, index: Index) -> list[Told]:
    """The facts of the history that a message gives another value, at most one.

    What was asked or told last is tried first. A bare number is taken only for the slot asked just before.
    """
    first = corrected_from(said, listening.asked)
    if first is None or first >= len(said.tokens):
        return []
    offset = said.tokens[first].start
    body = said.part(offset, len(said.text))
    marked = bool(said.places.get("correction"))
    for slot, fact in _candidates(listening):
        answer = _reread(body, slot, fact, slot in listening.earlier[:1], index)
        if answer is not None and _differs(answer, fact) and (marked or _is_little_else(body, answer)):
            return [Told(slot.id, moved(answer, offset))]
    return []


def _candidates(listening: Listening) -> Iterator[tuple[Slot, Fact]]:
    """Known slots, the one asked last first; not those that the open question asks about in the same way."""
    asked = listening.asked
    told = [fact.slot for fact in reversed(listening.history.facts)]
    for name in dict.fromkeys([*(slot.id for slot in listening.earlier), *told]):
        slot, facts = listening.slots.get(name), listening.history.of(name)
        if slot is None or not facts or slot.many or slot.section in _OWN_WORDS:
            continue
        if asked is None or asked.kind != slot.kind:
            yield slot, facts[-1]


def _is_little_else(body: Said, answer: Answer) -> bool:
    beside = [token for token in body.tokens if not answer.start <= token.start < answer.end]
    return len(beside) <= _SPARE and not any(body.places.get(name) for name in ("subject",) if len(beside) > 2)


def _differs(answer: Answer, fact: Fact) -> bool:
    return (answer.state, answer.number) != (fact.state, fact.number) or (
        answer.number is None and (answer.value or "").casefold() != (fact.value or "").casefold()
    )


def _reread(body: Said, slot: Slot, fact: Fact, just_asked: bool, index: Index) -> Answer | None:
    """The new value that a message gives a slot, read strictly."""
    reader = (_LENIENT if just_asked else _STRICT).get(slot.kind)
    if slot.kind == "choice":
        named = index.find(body.text).options.get(slot.id, ())
        return next((each for each in read_choice(body, slot, named) if named), None)
    answer = next((each for each in reader(body) if each.state is SlotState.PRESENT), None) if reader else None
    if slot.kind in ("site", "text"):
        return _moved_side(body, fact) or (answer if slot.kind == "site" else None)
    return None if slot.kind == "age" and answer is not None and _is_no_age(answer, fact) else answer


def _is_no_age(answer: Answer, fact: Fact) -> bool:
    """Three weeks is no age of somebody who was 51 before."""
    return (answer.number or 0.0) % 1 > 0 and (fact.number or 0.0) > _YOUNG


def _moved_side(body: Said, fact: Fact) -> Answer | None:
    """The place told before, on the side told now."""
    told = [site for site in sites.find_sites(body) if body.before("not", site.first) is None]
    site = told[0] if told else None
    if site is None or site.side is None or fact.value is None or (site.part and site.part not in fact.value):
        return None
    known = {side: words for side, words in body.words.answers.sides.items() if side != site.side}
    value = _with_side(fact.value, known, site.side)
    if value == fact.value:
        return None
    details = fact.details | ({"side": site.side} if "side" in fact.details else {})
    return present(*body.span(site.first, site.end), value, None, details)


def _with_side(value: str, others: Mapping[str, tuple[str, ...]], side: str) -> str:
    # of "left side" only "left" is exchanged, but "left and right" as a whole
    words = [word for each in others.values() for word in each]
    words.sort(key=lambda word: (not word.startswith(tuple(others.get("both", ()))), len(word)))
    return re.sub(rf"\b(?:{'|'.join(map(re.escape, words))})\b", side, value, count=1, flags=re.IGNORECASE)


def _first_duration(said: Said) -> list[Answer]:
    return [durations.as_answer(said, each) for each in durations.find_durations(said) if each.high is not None][:1]


def _told_age(said: Said) -> list[Answer]:
    return [ages.as_answer(said, each) for each in ages.find_ages(said)][:1]


def _told_severity(said: Said) -> list[Answer]:
    return [amounts.severity_answer(said, each) for each in amounts.find_severities(said)][:1]


def _told_temperature(said: Said) -> list[Answer]:
    return [temperatures.as_answer(said, each) for each in temperatures.find_temperatures(said) if each.marked][:1]


def _told_site(said: Said) -> list[Answer]:
    return sites.read_site(said) if sites.find_sites(said) else []


_STRICT: dict[str, _Reader] = {
    "duration": _first_duration,
    "age": _told_age,
    "severity": _told_severity,
    "temperature": _told_temperature,
    "site": _told_site,
}
_LENIENT: dict[str, _Reader] = _STRICT | {
    "age": ages.read_age,
    "severity": amounts.read_severity,
    "temperature": temperatures.read_temperature,
}
