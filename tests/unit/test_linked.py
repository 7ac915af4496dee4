"""An option of a card settles a shared slot as well, and "none of these" takes nothing back."""

from symptom_intake.agent.history import Evidence, Fact, History, SlotState
from symptom_intake.agent.interview.linked import with_linked
from symptom_intake.prompts import load_content

SLOTS = load_content().slots
EVIDENCE = (Evidence(turn="t2", start=0, end=4, quote="none"),)


def card(state: SlotState, value: str | None = None) -> Fact:
    return Fact(id="t2.1", slot="chest_pain.came_with", state=state, value=value, evidence=EVIDENCE)


def states(facts: tuple[Fact, ...]) -> dict[str, str]:
    return {fact.slot: fact.state.value for fact in facts}


def test_a_picked_option_is_present_and_carries_the_same_words() -> None:
    linked = with_linked([card(SlotState.PRESENT, "sweating")], SLOTS, History())
    assert states(linked) == {"chest_pain.came_with": "present", "sweating": "present"}
    assert linked[1].evidence == EVIDENCE and linked[1].value is None


def test_none_of_the_card_is_none_of_its_slots() -> None:
    linked = states(with_linked([card(SlotState.ABSENT)], SLOTS, History()))
    assert linked["breathless"] == linked["faint"] == linked["sweating"] == linked["nausea"] == "absent"


def test_none_of_the_card_takes_back_nothing_told_before() -> None:
    told = Fact(id="t1.1", slot="sweating", state=SlotState.PRESENT, evidence=EVIDENCE)
    linked = states(with_linked([card(SlotState.ABSENT)], SLOTS, History(facts=(told,))))
    assert "sweating" not in linked and linked["faint"] == "absent"


def test_what_the_message_says_of_the_slot_itself_comes_first() -> None:
    said = Fact(id="t2.2", slot="faint", state=SlotState.PRESENT, evidence=EVIDENCE)
    linked = with_linked([card(SlotState.ABSENT), said], SLOTS, History())
    assert [fact.state for fact in linked if fact.slot == "faint"] == [SlotState.PRESENT]


def test_not_knowing_settles_nothing() -> None:
    assert states(with_linked([card(SlotState.UNKNOWN)], SLOTS, History())) == {"chest_pain.came_with": "unknown"}
