"""The planner: critical first, nothing twice in the same words, nothing known, within the budget."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from symptom_intake.agent.history import Ask, Evidence, Fact, History, SlotState, Turn
from symptom_intake.agent.interview.planner import HARD_CAP, READ_BACK, SCREEN, next_step, screen_is_stale
from symptom_intake.agent.safety.red_flags import critical_slots
from symptom_intake.prompts import load_content

CONTENT = load_content()
COMPLAINTS = sorted(CONTENT.protocols)
EVIDENCE = (Evidence(turn="t1", start=0, end=2, quote="ok"),)


def fact(slot: str, state: SlotState) -> Fact:
    value = next(iter(CONTENT.slots[slot].options), None)
    present = state is SlotState.PRESENT
    return Fact(id=slot, slot=slot, state=state, value=value.value if value and present else None, evidence=EVIDENCE)


def interview(complaints: list[str], answers: st.DataObject) -> tuple[History, list[Ask]]:
    """Answer whatever is asked, in any way that a patient might; stop at the read-back."""
    history, asks, answered = History(), list[Ask](), True
    for _ in range(HARD_CAP + 5):
        plan = next_step(CONTENT, history, complaints, asks, answered)
        if plan.step != "ask":
            break
        assert plan.ask is not None
        asks.append(plan.ask)
        outcome = answers.draw(st.sampled_from([*SlotState]), label=plan.ask.slot)
        answered = outcome is not SlotState.NOT_ASKED
        if answered or plan.ask.wording:
            state = outcome if answered else SlotState.UNKNOWN
            history = History(facts=(*history.facts, fact(plan.ask.slot, state)))
    return history, asks


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(COMPLAINTS), min_size=0, max_size=3, unique=True), st.data())
def test_any_interview(complaints: list[str], answers: st.DataObject) -> None:
    history, asks = interview(complaints, answers)
    assert len(asks) <= HARD_CAP
    assert len(set(asks)) == len(asks), "the same question in the same words"
    assert asks[0] == Ask(slot=SCREEN)
    for slot in {ask.slot for ask in asks}:
        assert [ask.wording for ask in asks if ask.slot == slot] in ([0], [0, 1])
    if len(asks) < HARD_CAP:
        missing = [slot.id for slot in critical_slots(CONTENT, history, complaints) if not history.known(slot.id)]
        assert missing == []


def test_what_is_known_is_not_asked() -> None:
    known = History(facts=tuple(fact(name, SlotState.PRESENT) for name in (SCREEN, "age", "reporter", "medicines")))
    asks: list[Ask] = []
    history = known
    while (plan := next_step(CONTENT, history, ["headache"], asks, True)).step == "ask":
        assert plan.ask is not None
        assert not known.known(plan.ask.slot)
        asks.append(plan.ask)
        history = History(facts=(*history.facts, fact(plan.ask.slot, SlotState.ABSENT)))


def test_the_read_back_comes_last_and_ends() -> None:
    history = History(facts=tuple(fact(name, SlotState.PRESENT) for name in list(CONTENT.slots)[:12] if name != SCREEN))
    full = [Ask(slot=f"s{n}") for n in range(HARD_CAP)]
    first = next_step(CONTENT, history, [], full, True)
    assert first.ask == Ask(slot=READ_BACK)
    retry = next_step(CONTENT, history, [], [*full, Ask(slot=READ_BACK)], False)
    assert retry.ask == Ask(slot=READ_BACK, wording=1)
    second = next_step(CONTENT, history, [], [*full, Ask(slot=READ_BACK)], True)
    assert second.ask == Ask(slot=READ_BACK)
    assert next_step(CONTENT, history, [], [*full, *[Ask(slot=READ_BACK)] * 2], True).step == "finish"


def test_after_a_long_gap_the_screen_is_put_again() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)

    def turns(gap: timedelta) -> list[Turn]:
        asked = Turn(id="a1", role="assistant", text="q", at=start, asked=SCREEN)
        answer = Turn(id="t2", role="patient", text="none", at=start + timedelta(minutes=1))
        reply = Turn(id="a2", role="assistant", text="q", at=start + timedelta(minutes=1), asked="age")
        return [asked, answer, reply, Turn(id="t3", role="patient", text="52", at=start + gap)]

    assert not screen_is_stale(turns(timedelta(minutes=20)))
    assert screen_is_stale(turns(timedelta(hours=2)))
    plan = next_step(
        CONTENT, History(facts=(fact(SCREEN, SlotState.ABSENT),)), [], [Ask(slot=SCREEN)], True, stale=True
    )
    assert plan.ask == Ask(slot=SCREEN, wording=1)
