"""Allergies: the substance, and what happens."""

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.items import read_list, split_items
from symptom_intake.agent.interview.readers.reactions import as_answer, find_reactions
from symptom_intake.agent.interview.readers.words import Said

_PAIRS = ("(", ":", "-", "–", "—", "=", "->", "→")
"""Signs between a substance and its reaction."""


def read_allergies(said: Said) -> list[Answer]:
    """The answer to "what are you allergic to?": an entry for each substance, or none."""
    none = said.places.get("no_allergy")
    if none and not any(first >= none[0][1] for first, _ in said.places.get("only", ())):
        return [Answer(SlotState.ABSENT, *said.span(*none[0]))]
    return read_list(said, list_allergies)


def list_allergies(said: Said, begin: int = 0, end: int | None = None) -> list[Answer]:
    """The allergies of a list in a run of tokens; a part that is a reaction belongs to the substance before."""
    found: list[Answer] = []
    for item in split_items(said):
        first, stop = max(item[0], begin), min(item[1], end or item[1])
        if first >= stop or _is_denial(said, first, stop):
            continue
        answer = _allergy(said, first, stop)
        if found and (answer is None or answer.value is None or _is_reaction(said, first, stop)):
            found[-1] = _with_reaction(said, found[-1], _effect_from(said, first, stop), stop)
        elif answer is not None and answer.value is not None:
            found.append(answer)
    return found


def _is_denial(said: Said, first: int, end: int) -> bool:
    """No others, I don't take any medicines: a denial that names neither a substance nor what it does."""

    def holds(name: str) -> bool:
        return any(first <= place < end for place, _ in said.places.get(name, ()))

    return holds("not") and not (holds("allergic") or holds("reacts") or holds("reactions"))


def _allergy(said: Said, first: int, end: int) -> Answer | None:
    named = next((each for each in find_reactions(said) if first <= each.whole[0] and each.whole[1] <= end), None)
    if named is not None:
        return as_answer(said, named)
    allergic = next((stop for start, stop in said.places.get("allergic", ()) if first <= start < end), first)
    begin = min(said.skip(("item_lead", "opening"), allergic), end)
    if begin >= end:
        return None
    split = next((place for place in range(begin, end) if _parts(said, place, begin, end)), end)
    close = said.skip_back(("item_trail",), split, begin)
    value = said.quote(begin, close) if begin < close else None
    after = said.at("reacts", split) if split < end else None
    reaction = said.skip(("article",), after or split)
    details = {"reaction": said.quote(reaction, end)} if reaction < end else {}
    return present(*said.span(begin, end), value, None, details)


def _parts(said: Said, place: int, begin: int, end: int) -> bool:
    """Whether the reaction starts at a token."""
    if said.at("reacts", place) is not None or (place > begin and said.at("reactions", place) == end):
        return True
    between = said.text[said.tokens[place - 1].end : said.tokens[place].start].strip() if place > begin else ""
    return between in _PAIRS or between[:1] in ("(", ":")


def _is_reaction(said: Said, first: int, end: int) -> bool:
    """Hives *and swelling*, *I got a rash*: a reaction right after a substance or its reaction."""
    begin = said.skip(("article", "item_lead"), first)
    return _effect_from(said, first, end) > first or (begin < end and said.at("reactions", begin) is not None)


def _effect_from(said: Said, first: int, end: int) -> int:
    """The token after "I got a", "it gives me" or the like; the first one when nothing of the kind stands there."""
    leads = (said.at("reacts", place) for place in (first, said.skip(("opening",), first)) if place < end)
    after = max((each for each in leads if each is not None), default=first)
    effect = said.skip(("article",), after)
    return effect if first < after and effect < end else first


def _with_reaction(said: Said, last: Answer, first: int, end: int) -> Answer:
    """The allergy with its reaction, or with what is told of it further on."""
    start, stop = said.span(first, end)
    known = last.details.get("reaction")
    if known is not None:
        start = said.text.rfind(known, last.start, last.end)
    return present(last.start, stop, last.value, None, {"reaction": said.text[start:stop]})
