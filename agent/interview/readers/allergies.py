"""Allergies: the substance, and what happens."""

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.items import split_items
from symptom_intake.agent.interview.readers.replies import read_evasion, read_nothing, read_reply
from symptom_intake.agent.interview.readers.words import Said

_PAIRS = ("(", ":", "-", "–", "—", "=", "->", "→")
"""Signs between a substance and its reaction."""


def read_allergies(said: Said) -> list[Answer]:
    """The answer to "what are you allergic to?": an entry for each substance, or none."""
    none = said.places.get("no_allergy")
    if none and not any(first >= none[0][1] for first, _ in said.places.get("only", ())):
        return [Answer(SlotState.ABSENT, *said.span(*none[0]))]
    other = read_nothing(said) or read_evasion(said)
    if other is not None:
        return [other]
    reply = read_reply(said)
    if reply is not None and reply.alone:
        return []
    return list_allergies(said, reply.after if reply is not None else 0)


def list_allergies(said: Said, begin: int = 0, end: int | None = None) -> list[Answer]:
    """The allergies of a list in a run of tokens; a part that is a reaction belongs to the substance before."""
    found: list[Answer] = []
    for item in split_items(said):
        first, stop = max(item[0], begin), min(item[1], end or item[1])
        if first >= stop:
            continue
        answer = _allergy(said, first, stop)
        if found and (answer is None or answer.value is None or _is_reaction(said, first, stop)):
            found[-1] = _with_reaction(said, found[-1], said.span(first, stop)[1])
        elif answer is not None and answer.value is not None:
            found.append(answer)
    return found


def _allergy(said: Said, first: int, end: int) -> Answer | None:
    allergic = next((stop for start, stop in said.places.get("allergic", ()) if first <= start < end), first)
    begin = min(said.skip(("item_lead", "opening"), allergic), end)
    split = next((place for place in range(begin, end) if _parts(said, place, begin)), end)
    close = said.skip_back(("item_trail",), split, begin)
    if begin >= end:
        return None
    value = said.quote(begin, close) if begin < close else None
    after = said.at("reacts", split) if split < end else None
    reaction = said.skip(("article",), after or split)
    details = {"reaction": said.quote(reaction, end)} if reaction < end else {}
    return present(*said.span(begin, end), value, None, details)


def _parts(said: Said, place: int, begin: int) -> bool:
    """Whether the reaction starts at a token."""
    if said.at("reacts", place) is not None:
        return True
    between = said.text[said.tokens[place - 1].end : said.tokens[place].start].strip() if place > begin else ""
    return between in _PAIRS or between[:1] in ("(", ":")


def _is_reaction(said: Said, first: int, end: int) -> bool:
    """Hives *and swelling*: a known reaction right after a substance or its reaction."""
    begin = said.skip(("article", "item_lead"), first)
    return begin < end and said.at("reactions", begin) is not None


def _with_reaction(said: Said, last: Answer, end: int) -> Answer:
    """The allergy with its reaction running on to an offset."""
    value_end = said.text.find(last.value or "", last.start) + len(last.value or "")
    known = last.details.get("reaction")
    start = said.text.find(known, value_end) if known else value_end
    reaction = said.text[start:end].strip(" ,;.-–—:()\n")
    return present(last.start, end, last.value, None, {"reaction": reaction} if reaction else {})
