"""What of a model's answer is believed: only what the patient's words bear out, whatever the model makes of them.

The reading without a model stands where it found something. A model adds what that did not hear. It never gives a
number, never turns a no into a yes or a yes into a no, and never takes what is said of somebody else for the patient's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from symptom_intake.agent.history import Evidence, Fact, SlotState
from symptom_intake.agent.interview.embedded import EmbeddedInterviewer
from symptom_intake.agent.interview.model.answer import ToldFact
from symptom_intake.agent.interview.model.prompt import NEVER
from symptom_intake.agent.interview.narrative import LASTING
from symptom_intake.agent.interview.planner import READ_BACK, SCREEN
from symptom_intake.agent.interview.protocol import Listening
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.language.mention import Mention
from symptom_intake.prompts.model import Slot

METHOD = "model"
_TOLD = (SlotState.PRESENT, SlotState.ABSENT)
_FREE = frozenset({"site", "medicines", "allergies", "family"})
"""Kinds whose value is the patient's own words."""
_SIDE = re.compile(r"\b(?:left|right|both)\b", re.IGNORECASE)


def believed(
    told: Sequence[ToldFact],
    heard: Sequence[Fact],
    slots: Mapping[str, Slot],
    listening: Listening,
    embedded: EmbeddedInterviewer,
) -> tuple[Fact, ...]:
    """The facts of a model's answer that can be kept, beside those that were heard without it.

    Args:
        told: What the model answered.
        heard: What was read without the model.
        slots: Everything that may be noted, by id.
        listening: The message.
        embedded: Reads numbers and options out of quotes, and how they were meant.
    """
    kept: list[Fact] = []
    for each in told:
        slot = slots.get(each.slot)
        if slot is None or slot.id in NEVER or not _is_open(slot, listening):
            continue
        answer = _answer(each, slot, listening, embedded)
        if answer is not None and not _is_heard(answer, slot, [*heard, *kept]):
            kept.append(_fact(slot, answer, len(heard) + len(kept) + 1, listening))
    return tuple(kept)


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands in a text; case and white space may differ, letters may not."""
    pieces = [re.escape(piece) for piece in quote.split()]
    match = re.search(r"\s+".join(pieces), text, re.IGNORECASE) if pieces else None
    return match.span() if match else None


def _is_open(slot: Slot, listening: Listening) -> bool:
    """Whether a model may tell of a slot: what is known already only code corrects, or the patient at a read-back."""
    asked = listening.asked
    if asked is not None and asked.id in (slot.id, READ_BACK):
        return True
    return slot.many or listening.history.state(slot.id) not in _TOLD


def _answer(told: ToldFact, slot: Slot, listening: Listening, embedded: EmbeddedInterviewer) -> Answer | None:
    span = find_quote(told.quote, listening.text)
    if span is None:
        return None
    if slot.kind == "text":
        return present(*span, listening.text[slice(*span)])
    mention, whole = embedded.meant(listening, *span)
    if mention.hypothetical or (mention.other and slot.section != "family"):
        return None
    if told.state == "absent":
        return Answer(SlotState.ABSENT, *whole) if mention.negated and slot.kind == "yes_no" else None
    if mention.negated or (mention.past and slot.section not in LASTING):
        return None
    if slot.kind == "yes_no":
        return present(*span)
    return next(_valued(told, slot, mention, listening, embedded), None)


def _valued(
    told: ToldFact, slot: Slot, mention: Mention, listening: Listening, embedded: EmbeddedInterviewer
) -> Iterator[Answer]:
    """An answer with a value: as code reads the quote, else the option that the model chose, else the words."""
    quote = listening.text[mention.start : mention.end]
    for answer in embedded.read_words(quote, slot, listening.now):
        if answer.state is SlotState.PRESENT and answer.start < answer.end:
            start, end = mention.start + answer.start, mention.start + answer.end
            yield Answer(answer.state, start, end, answer.value, answer.number, answer.details)
    chosen = next((option for option in slot.options if told.value in (option.value, option.label)), None)
    if chosen and slot.section != "subject" and _sides_agree(f"{chosen.value} {chosen.label}", quote):
        yield present(mention.start, mention.end, chosen.value)
    elif slot.kind in _FREE:
        yield present(mention.start, mention.end, quote)


def _sides_agree(label: str, quote: str) -> bool:
    named = {each.casefold() for each in _SIDE.findall(label.replace("_", " "))}
    return not named or named <= {each.casefold() for each in _SIDE.findall(quote)}


def _is_heard(answer: Answer, slot: Slot, heard: Sequence[Fact]) -> bool:
    """Whether the slot was filled without the model; a list may take a further entry from other words."""
    same = [fact for fact in heard if fact.slot == slot.id]
    if slot.id == SCREEN or not slot.many:
        return bool(same)
    return any(each.start < answer.end and answer.start < each.end for fact in same for each in fact.evidence)


def _fact(slot: Slot, answer: Answer, number: int, listening: Listening) -> Fact:
    at_read_back = listening.asked is not None and listening.asked.id == READ_BACK
    return Fact(
        id=f"{listening.turn}.{number}",
        slot=slot.id,
        state=answer.state,
        value=answer.value,
        number=answer.number,
        details=answer.details,
        evidence=(
            Evidence(
                turn=listening.turn,
                start=answer.start,
                end=answer.end,
                quote=listening.text[answer.start : answer.end],
            ),
        ),
        source=listening.source,
        method="correction" if at_read_back and listening.history.known(slot.id) else METHOD,
    )
