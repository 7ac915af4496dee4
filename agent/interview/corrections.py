"""Joining what was just told to what is known: a new value replaces the old one, which is kept beside it."""

from collections.abc import Iterable, Mapping, Sequence

from symptom_intake.agent.history import EarlierValue, Fact, History, SlotState
from symptom_intake.prompts.model import Slot

_TOLD = (SlotState.PRESENT, SlotState.ABSENT)


def merge(history: History, facts: Iterable[Fact], turn: str, slots: Mapping[str, Slot]) -> History:
    """Add what a turn told to the history.

    A fact on a slot that holds one replaces it in its place; if it says the same, its words are added to it. A
    list slot takes every new entry, and a plain "none" takes none back that was told in passing. Not knowing, or
    not wanting to say, never replaces what was told before.

    Args:
        history: What is known.
        facts: What the turn told, in order.
        turn: The turn's id.
        slots: Every slot by id, to tell which hold lists.

    Returns:
        The history with the facts; every value that was replaced stands in `earlier`.
    """
    for fact in facts:
        history = History(facts=tuple(_merged(history.facts, fact, turn, fact.slot in slots and slots[fact.slot].many)))
    return history


def _merged(facts: Sequence[Fact], new: Fact, turn: str, is_list: bool) -> list[Fact]:
    old = [fact for fact in facts if fact.slot == new.slot]
    if not old:
        return [*facts, new]
    if new.state not in _TOLD and any(fact.state in _TOLD for fact in old):
        return list(facts)
    if is_list and new.state is SlotState.ABSENT and new.method != "correction" and _is_listed(old):
        return list(facts)
    same = next((fact for fact in old if _says_the_same(fact, new)), None)
    if same is not None:
        return [_with_words_of(fact, new) if fact is same else fact for fact in facts]
    if is_list and new.state is SlotState.PRESENT and old[0].state is SlotState.PRESENT:
        return [*facts, new]
    return _replaced(facts, old, new, turn)


def _is_listed(old: Sequence[Fact]) -> bool:
    """Whether something was told of a list in passing: "none" to its question then means nothing more."""
    return any(fact.state is SlotState.PRESENT and fact.method == "narrative" for fact in old)


def _says_the_same(old: Fact, new: Fact) -> bool:
    if old.state is not new.state or (old.number != new.number and not _is_vaguer(new, old)):
        return False
    return _folded(old.value) == _folded(new.value) or old.number is not None or _is_vaguer(new, old)


def _is_vaguer(new: Fact, old: Fact) -> bool:
    """Whether it repeats, without a number, what was told with one."""
    return new.method != "correction" and new.number is None and old.number is not None


def _folded(value: str | None) -> str:
    return " ".join((value or "").casefold().split())


def _with_words_of(fact: Fact, new: Fact) -> Fact:
    added = tuple(each for each in new.evidence if each not in fact.evidence)
    return fact.model_copy(
        update={"evidence": (*fact.evidence, *added), "details": fact.details | new.details if added else fact.details}
    )


def _replaced(facts: Sequence[Fact], old: Sequence[Fact], new: Fact, turn: str) -> list[Fact]:
    """The facts with the new one in the place of the first of its slot, and the others of its slot gone."""
    earlier = [value for fact in old for value in (*fact.earlier, _as_earlier(fact, turn))]
    new = new.model_copy(update={"earlier": (*earlier, *new.earlier)})
    return [new if fact is old[0] else fact for fact in facts if fact is old[0] or fact.slot != new.slot]


def _as_earlier(fact: Fact, turn: str) -> EarlierValue:
    return EarlierValue(
        state=fact.state, value=fact.value, number=fact.number, evidence=fact.evidence, replaced_in=turn
    )
