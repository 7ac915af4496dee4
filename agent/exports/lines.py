"""A slot and what is known of it, as lines of the report."""

from collections.abc import Mapping

from symptom_intake.agent.exports.amounts import amount
from symptom_intake.agent.exports.model import Earlier, Line
from symptom_intake.agent.history import EarlierValue, Evidence, Fact, History, SlotState
from symptom_intake.prompts.model import Slot

NO_ANSWER = "no_answer"
"""The method of a fact that says only that two questions got no answer."""
_STATES = {
    SlotState.UNKNOWN: "patient does not know",
    SlotState.DECLINED: "declined to answer",
    SlotState.NOT_ASKED: "not asked",
}


def lines_of(slot: Slot, history: History, label: str) -> list[Line]:
    """One line for each fact of the slot, or one that says `not asked`."""
    facts = history.of(slot.id)
    if not facts:
        return [Line(slot=slot.id, label=label, state=SlotState.NOT_ASKED, text=_STATES[SlotState.NOT_ASKED])]
    return [_line(slot, fact, label) for fact in facts]


def _line(slot: Slot, fact: Fact, label: str) -> Line:
    text = _text(slot, fact.state, fact.value, fact.number, fact.evidence, fact.details)
    return Line(
        slot=slot.id,
        label=label,
        state=fact.state,
        text="asked twice, no answer" if fact.method == NO_ANSWER else text,
        value=fact.value,
        number=fact.number,
        unit=slot.unit if fact.number is not None else None,
        details=fact.details,
        quotes=fact.evidence,
        source=fact.source,
        method=fact.method,
        confirmed=fact.confirmed_by is not None,
        earlier=tuple(_earlier(slot, each) for each in fact.earlier),
    )


def _earlier(slot: Slot, value: EarlierValue) -> Earlier:
    return Earlier(
        state=value.state,
        text=_text(slot, value.state, value.value, value.number, value.evidence, {}),
        quotes=value.evidence,
        replaced_in=value.replaced_in,
    )


def _text(
    slot: Slot,
    state: SlotState,
    value: str | None,
    number: float | None,
    evidence: tuple[Evidence, ...],
    details: Mapping[str, str],
) -> str:
    if state in _STATES:
        return _STATES[state]
    if state is SlotState.ABSENT:
        return "no" if slot.kind == "yes_no" else "none"
    if number is not None:
        return amount(slot.kind, number)
    if value is None and slot.kind == "yes_no":
        return "yes"
    labels = {option.value: option.label for option in slot.options}
    words = labels.get(value, value) if value else evidence[-1].quote
    return "; ".join([words, *(f"{name}: {detail}" for name, detail in details.items())])


def sourced(history: History, texts: Mapping[str, str]) -> History:
    """The facts whose every quote stands in the turn that it names; no other is ever printed."""

    def stands(each: Evidence) -> bool:
        return bool(each.quote) and texts.get(each.turn, "")[each.start : each.end] == each.quote

    return History(facts=tuple(fact for fact in history if fact.evidence and all(map(stands, fact.evidence))))
