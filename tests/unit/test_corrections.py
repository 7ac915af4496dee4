"""Merging: a new value replaces the old and keeps it; not knowing never replaces what was told."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.history import Evidence, Fact, History, SlotState
from symptom_intake.agent.interview.corrections import merge
from symptom_intake.prompts import load_content

PRESENT, ABSENT, UNKNOWN, DECLINED = SlotState.PRESENT, SlotState.ABSENT, SlotState.UNKNOWN, SlotState.DECLINED
_TOLD = (PRESENT, ABSENT)


def fact(slot: str, state: SlotState = PRESENT, turn: str = "t1", method: str = "slot_answer", **more: object) -> Fact:
    evidence = (Evidence(turn=turn, start=0, end=4, quote="said"),)
    return Fact(id=f"{turn}.1", slot=slot, state=state, evidence=evidence, method=method, **more)  # type: ignore[arg-type]


def joined_with(known: History, facts: Iterable[Fact], turn: str) -> History:
    return merge(known, facts, turn, load_content().slots)


def history(*facts: Fact) -> History:
    return joined_with(History(), facts, "t1")


def test_a_new_slot_is_added_in_the_order_of_telling() -> None:
    joined = joined_with(history(fact("fever")), [fact("cough", turn="t2")], "t2")
    assert [each.slot for each in joined] == ["fever", "cough"]


def test_a_correction_replaces_in_place_and_keeps_the_old_value() -> None:
    before = history(fact("headache.onset_time", value="3 days", number=72), fact("fever"))
    after = joined_with(
        before, [fact("headache.onset_time", turn="t2", value="2 days", number=48, method="correction")], "t2"
    )
    assert [each.slot for each in after] == ["headache.onset_time", "fever"]
    (now,) = after.of("headache.onset_time")
    assert (now.number, now.value) == (48, "2 days")
    (old,) = now.earlier
    assert (old.number, old.value, old.replaced_in, old.evidence[0].turn) == (72, "3 days", "t2", "t1")


def test_two_corrections_keep_both_old_values_oldest_first() -> None:
    now = history(fact("headache.severity", number=7))
    for turn, number in (("t2", 8), ("t3", 9)):
        now = joined_with(now, [fact("headache.severity", turn=turn, number=number)], turn)
    assert [(each.number, each.replaced_in) for each in now.of("headache.severity")[0].earlier] == [
        (7, "t2"),
        (8, "t3"),
    ]


def test_the_opposite_told_in_passing_replaces_too() -> None:
    after = joined_with(history(fact("fever", ABSENT)), [fact("fever", PRESENT, "t2", "narrative")], "t2")
    assert after.state("fever") is PRESENT
    assert after.of("fever")[0].earlier[0].state is ABSENT


def test_the_same_again_only_adds_the_words() -> None:
    after = joined_with(history(fact("fever")), [fact("fever", turn="t2")], "t2")
    (now,) = after.of("fever")
    assert (now.id, now.earlier, [each.turn for each in now.evidence]) == ("t1.1", (), ["t1", "t2"])


def test_a_vaguer_telling_does_not_lose_the_number() -> None:
    before = history(fact("headache.onset_time", value="3 days", number=72))
    after = joined_with(before, [fact("headache.onset_time", turn="t2", value="a while", method="narrative")], "t2")
    assert after.number("headache.onset_time") == 72


def test_not_knowing_does_not_replace_but_is_replaced() -> None:
    for state in (UNKNOWN, DECLINED):
        assert joined_with(history(fact("fever")), [fact("fever", state, "t2")], "t2") == history(fact("fever"))
        assert joined_with(history(fact("fever", state)), [fact("fever", ABSENT, "t2")], "t2").state("fever") is ABSENT


def test_lists_take_every_new_entry_once() -> None:
    before = history(fact("medicines", value="warfarin"))
    new = [
        fact("medicines", turn="t2", value="Warfarin", details={"dose": "5 mg"}),
        fact("medicines", turn="t2", value="ramipril"),
    ]
    after = joined_with(before, new, "t2")
    assert [each.value for each in after.of("medicines")] == ["warfarin", "ramipril"]
    assert after.of("medicines")[0].details == {"dose": "5 mg"}


def test_an_entry_removes_the_none_and_a_none_removes_the_entries() -> None:
    none = history(fact("allergies", ABSENT))
    some = joined_with(
        none, [fact("allergies", turn="t2", value="latex"), fact("allergies", turn="t2", value="nuts")], "t2"
    )
    assert [each.value for each in some.of("allergies")] == ["latex", "nuts"]
    assert [each.state for each in some.of("allergies")[0].earlier] == [ABSENT]
    again = joined_with(some, [fact("allergies", ABSENT, "t3", "correction")], "t3")
    assert [each.state for each in again.of("allergies")] == [ABSENT]
    assert [each.value for each in again.of("allergies")[0].earlier] == [None, "latex", "nuts"]


FACTS = st.builds(
    lambda slot, state, number: fact(slot, state, value=f"v{number}" if state is PRESENT else None),
    st.sampled_from(["fever", "headache.course", "medicines"]),
    st.sampled_from([PRESENT, ABSENT, UNKNOWN, DECLINED]),
    st.integers(0, 2),
)


@given(st.lists(FACTS, max_size=12))
def test_whatever_is_told(told: list[Fact]) -> None:
    now = History()
    for number, each in enumerate(told):
        before, now = now, joined_with(now, [each], f"t{number}")
        if before.state(each.slot) in _TOLD:
            assert now.state(each.slot) in _TOLD
        for slot in ("fever", "headache.course"):
            assert len(now.of(slot)) <= 1
        assert {fact.state for fact in now.of("medicines")} <= {PRESENT} or len(now.of("medicines")) == 1


def test_none_to_its_question_takes_back_no_medicine_told_in_passing() -> None:
    before = history(fact("medicines", value="the pill", method="narrative"))
    plain = joined_with(before, [fact("medicines", ABSENT, turn="t2")], "t2")
    assert [(each.state, each.value) for each in plain.of("medicines")] == [(PRESENT, "the pill")]
    corrected = joined_with(before, [fact("medicines", ABSENT, turn="t2", method="correction")], "t2")
    assert corrected.state("medicines") is ABSENT
