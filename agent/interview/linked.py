"""Facts that follow from an answer: an option of a card may settle a shared slot as well."""

from collections.abc import Iterable, Mapping

from symptom_intake.agent.history import Fact, History, SlotState
from symptom_intake.prompts.model import Option, Slot

PICKED = "picked"
"""Method of facts of an answer that is made of our own labels."""
_SETTLED = (SlotState.PRESENT, SlotState.ABSENT)


def with_linked(facts: Iterable[Fact], slots: Mapping[str, Slot], history: History) -> tuple[Fact, ...]:
    """The facts, and those that their options set; what the patient said of a slot itself comes first.

    "None of these" on a card does not take back a symptom that was told before. Of a card that was answered with its
    own labels, what was not picked is denied.

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
    for fact in told:
        for option in _left_out(fact, told, slots):
            if option.sets and option.sets not in known and history.state(option.sets) is not SlotState.PRESENT:
                denied = _follow(fact, option.sets, len(linked)).model_copy(update={"state": SlotState.ABSENT})
                linked.setdefault(option.sets, denied)
    return (*told, *linked.values())


def _left_out(fact: Fact, told: Iterable[Fact], slots: Mapping[str, Slot]) -> list[Option]:
    """The options of a card that a patient saw and did not pick, when they answered with nothing but its labels."""
    if fact.method != PICKED or fact.state is not SlotState.PRESENT:
        return []
    picked = {each.value for each in told if each.slot == fact.slot}
    return [option for option in slots[fact.slot].options if option.value not in picked]


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
