"""What to ask next: plain code over what is known. Critical first, then by value, within a budget."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from symptom_intake.agent.history import Ask, Fact, History, SlotState, Turn
from symptom_intake.agent.safety.red_flags import critical_slots, is_applicable, protocols_in_play
from symptom_intake.prompts.loader import GENERIC, Content
from symptom_intake.prompts.model import Slot

BUDGET = 15
"""Questions that an interview should cost; merely useful slots are dropped to stay within it."""
HARD_CAP = 25
"""Questions after which nothing more is asked, whatever is missing."""
STALE = timedelta(minutes=30)
"""After a gap of this length the universal screen is put again (hazard H13)."""
READ_BACK_SIZE = 5
READ_BACK_CHUNKS = 2
READ_BACK = "read_back"
SCREEN = "universal_screen"
CHIEF_COMPLAINT = "chief_complaint"
ABOUT = "about"
"""What the problem is about, asked when no table was recognised in the patient's own words."""
_FIRST = (SCREEN, CHIEF_COMPLAINT, "age", "reporter", "sex", "anything_else", "symptoms")
_NOT_READ_BACK = (SCREEN, CHIEF_COMPLAINT)
"""The emergency card, and the patient's own account: there is nothing in it that could have been misread."""
_SECOND = ("pregnancy",)
"""What many rules turn on, and so comes before the tables' own questions."""
_NEVER_PLANNED = (READ_BACK,)


class Plan(NamedTuple):
    """The next step.

    Attributes:
        step: Put a question, read back what was told, or finish.
        ask: The question; None when finishing.
        left: Slots that would still be asked after it, in order.
    """

    step: Literal["ask", "read_back", "finish"]
    ask: Ask | None
    left: tuple[Slot, ...] = ()


def next_step(
    content: Content,
    history: History,
    complaints: Sequence[str],
    asks: Sequence[Ask],
    answered: bool,
    stale: bool = False,
) -> Plan:
    """Decide what comes next.

    Args:
        content: The protocols.
        history: What is known.
        complaints: Ids of the complaints in play.
        asks: Every question put so far.
        answered: Whether the last question got an answer.
        stale: Whether the universal screen has to be put again after a gap.

    Returns:
        The step. The same question is never put twice in the same words, and a known slot is never asked.
    """
    put = [ask for ask in asks if ask.slot != READ_BACK]
    left = [] if len(put) >= HARD_CAP else wanted(content, history, complaints, put)
    if stale and Ask(slot=SCREEN, wording=1) not in put:
        return Plan("ask", Ask(slot=SCREEN, wording=1), tuple(left))
    if left:
        tried = sum(ask.slot == left[0].id for ask in put)
        return Plan("ask", Ask(slot=left[0].id, wording=tried), tuple(left[1:]))
    return _closing(history, asks, answered)


def _closing(history: History, asks: Sequence[Ask], answered: bool) -> Plan:
    if asks and asks[-1] == Ask(slot=READ_BACK) and not answered:
        return Plan("read_back", Ask(slot=READ_BACK, wording=1))
    if read_back_chunk(history, read_backs(asks)):
        return Plan("read_back", Ask(slot=READ_BACK))
    return Plan("finish", None)


def wanted(content: Content, history: History, complaints: Sequence[str], put: Sequence[Ask]) -> list[Slot]:
    """The slots still to be asked, in order, within the budget."""

    def open_(slots: Iterable[Slot]) -> list[Slot]:
        return [slot for slot in slots if _is_open(slot, history, content, put)]

    tables = protocols_in_play(content, history, complaints)
    shared = [slot for slot in content.shared if slot.scope == "patient" and slot.id != ABOUT]
    unclear = all(each.id == GENERIC or each.complaint.add_on for each in tables)
    first = open_(content.slots[name] for name in (*_FIRST, *((ABOUT,) if unclear else ()), *_SECOND))
    critical = open_([*critical_slots(content, history, complaints), *_of(shared, "critical")])
    required = open_([*(slot for each in tables for slot in _of(each.slots, "required")), *_of(shared, "required")])
    useful = open_([*_round_robin([_of(each.slots, "useful") for each in tables]), *_background(shared)])
    room = max(0, BUDGET - len(put) - len({*_ids(first), *_ids(critical), *_ids(required)}))
    return list({slot.id: slot for slot in (*first, *critical, *useful[:room], *required)}.values())


def _is_open(slot: Slot, history: History, content: Content, put: Sequence[Ask]) -> bool:
    tried = sum(ask.slot == slot.id for ask in put)
    fresh = slot.id not in _NEVER_PLANNED and not _is_known(slot, history) and tried < 2
    return fresh and is_applicable(slot, history, content)


def _is_known(slot: Slot, history: History) -> bool:
    """Whether there is no need to ask; a medicine mentioned in passing is not the list of medicines (hazard H5)."""
    passing = slot.kind == "medicines" and all(fact.method == "narrative" for fact in history.of(slot.id))
    return history.known(slot.id) and not passing


def _of(slots: Iterable[Slot], importance: str) -> list[Slot]:
    return [slot for slot in slots if slot.importance == importance]


def _background(shared: Iterable[Slot]) -> list[Slot]:
    sections = ("past", "family", "social", "function", "concerns")
    return [slot for slot in _of(shared, "useful") if slot.section in sections]


def _round_robin(lists: list[list[Slot]]) -> list[Slot]:
    longest = max(map(len, lists), default=0)
    return [each[place] for place in range(longest) for each in lists if place < len(each)]


def _ids(slots: Iterable[Slot]) -> set[str]:
    return {slot.id for slot in slots}


def read_backs(asks: Sequence[Ask]) -> int:
    """How many chunks have been read back."""
    return asks.count(Ask(slot=READ_BACK))


def read_back_chunk(history: History, number: int) -> tuple[Fact, ...]:
    """The facts of one chunk for the patient to check; what is there comes before what is not."""
    told = [fact for fact in history if fact.slot not in _NOT_READ_BACK and fact.method != "no_answer"]
    ordered = sorted(told, key=lambda fact: fact.state is not SlotState.PRESENT)
    start = number * READ_BACK_SIZE
    return tuple(ordered[start : start + READ_BACK_SIZE]) if number < READ_BACK_CHUNKS else ()


def screen_is_stale(turns: Sequence[Turn]) -> bool:
    """Whether there was a long gap since the universal screen was last put."""
    asked = [place for place, turn in enumerate(turns) if turn.asked == SCREEN]
    since = turns[asked[-1] + 1 :] if asked else ()  # the answer to it may itself be late: it screens
    return any(later.at - earlier.at > STALE for earlier, later in pairwise(since))
