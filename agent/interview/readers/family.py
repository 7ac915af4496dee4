"""Illnesses in the family: who, what, and at which age."""

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.items import read_list, split_items
from symptom_intake.agent.interview.readers.numbers import find_numbers
from symptom_intake.agent.interview.readers.words import Said

_OLDEST = 120


def read_family(said: Said) -> list[Answer]:
    """The answer to "which illnesses run in your family?": an entry for each, or none."""
    if none := said.places.get("no_family"):
        return [Answer(SlotState.ABSENT, *said.span(*none[0]))]
    return read_list(said, list_family)


def list_family(said: Said, begin: int = 0, end: int | None = None) -> list[Answer]:
    """The illnesses in a run of tokens; an entry without a relation belongs to the one named before."""
    found: list[Answer] = []
    relation: str | None = None
    for item in split_items(said):
        first, stop = max(item[0], begin), min(item[1], end or item[1])
        if first >= stop:
            continue
        named = next(((a, b) for a, b in said.places.get("relations", ()) if first <= a and b <= stop), None)
        relation = said.quote(*named) if named else relation
        answer = _illness(said, first, stop, named, relation)
        if answer is not None:
            found.append(answer)
    return found


def _illness(said: Said, first: int, end: int, named: tuple[int, int] | None, relation: str | None) -> Answer | None:
    aged = _age(said, first, end)
    start = named[1] if named and not _is_after(said, first, named) else first
    stop = min(
        (place for place in (aged[1] if aged else None, named[0] if named else None) if place and place > start),
        default=end,
    )
    begin = min(said.skip(("family_had", "family_lead", "article", "opening"), start), stop)
    close = said.skip_back(("family_lead", "at_age", "item_trail", "family_had"), stop, begin)
    if begin >= close:
        return None
    details = {"relation": relation} if relation else {}
    return present(*said.span(first, end), said.quote(begin, close), None, details | ({"age": aged[0]} if aged else {}))


def _is_after(said: Said, first: int, named: tuple[int, int]) -> bool:
    """Diabetes on my mum's side: the illness is told before the relation."""
    return said.skip(("family_lead", "opening", "item_lead"), first) < named[0]


def _age(said: Said, first: int, end: int) -> tuple[str, int] | None:
    """At 50, aged 50, in his fifties: the age as it was said, and the token that it starts at."""
    for number in find_numbers(said):
        lead = said.before("at_age", number.first)
        if first <= number.first < end and lead is not None and number.high <= _OLDEST:
            return said.quote(number.first, number.end), lead
    return None
