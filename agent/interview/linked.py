"""Facts that follow from an answer: an option of a card may settle a shared slot as well."""

from collections.abc import Iterable, Mapping

from symptom_intake.agent.history import Fact, History, SlotState
from symptom_intake.prompts.model import Option, Slot

_SETTLED = (SlotState.PRESENT, SlotState.ABSENT)


def with_linked(facts: Iterable[Fact], slots: Mapping[str, Slot], history: History) -> tuple[Fact, ...]:
    """The facts, and those that their options set; what the patient said of a slot itself comes first.

    "None of these" on a card does not take back a symptom that was told before.

    Args:
        facts: What a message told.
        slots: Every slot by id.
        history: What was told before.

    Returns:
        The facts given and the linked ones, each with the words of the answer that it follows from.
    """
    told = tuple(facts)
    known = {fact.slot for fact in told}
    linked: dict[str, Fact] = {}
    for fact in told:
        for option in _options_settled(fact, slots):
            if option.sets and option.sets not in known and not _takes_back(fact, option.sets, history):
                linked.setdefault(option.sets, _follow(fact, option.sets, len(linked)))
    return (*told, *linked.values())


def _takes_back(fact: Fact, slot: str, history: History) -> bool:
    return fact.state is SlotState.ABSENT and history.state(slot) is SlotState.PRESENT


def _options_settled(fact: Fact, slots: Mapping[str, Slot]) -> list[Option]:
    options = slots[fact.slot].options if fact.slot in slots and fact.state in _SETTLED else ()
    return [option for option in options if fact.state is SlotState.ABSENT or option.value == fact.value]


def _follow(fact: Fact, slot: str, number: int) -> Fact:
    return fact.model_copy(
        update={
            "id": f"{fact.id}.{number}",
            "slot": slot,
            "value": None,
            "number": None,
            "details": {},
            "method": "linked",
        }
    )
