"""Medicines, allergies and illnesses of relatives that a narrative states in passing."""

from collections.abc import Sequence

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.allergies import list_allergies
from symptom_intake.agent.interview.readers.answer import Answer
from symptom_intake.agent.interview.readers.family import list_family
from symptom_intake.agent.interview.readers.medicines import list_medicines
from symptom_intake.agent.interview.readers.reactions import as_answer as as_allergy
from symptom_intake.agent.interview.readers.reactions import old_reactions
from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention

_SHORT = 2


def stated_medicines(said: Said) -> list[Answer]:
    """I'm on warfarin: as long as what follows is known for a medicine, or has a dose."""
    found: list[Answer] = []
    for first, begin in said.places.get("on_medicine", ()):
        if said.before("not", first) is not None or said.before("asking", first) is not None:
            continue
        for answer in list_medicines(said, begin, said.sentence(first)[1]):
            if not _is_medicine(said, answer):
                break
            found.append(answer)
    return _distinct(found)


def _is_medicine(said: Said, answer: Answer) -> bool:
    inside = [place for place, token in enumerate(said.tokens) if answer.start <= token.start < answer.end]
    named = any(said.at(name, place) for place in inside for name in ("medicine_names", "medicine_forms"))
    return (named or "dose" in answer.details) and not any(said.at("allergic", place) for place in inside)


def stated_allergies(said: Said) -> list[Answer]:
    """Allergic to penicillin: the first thing named, and short ones listed after it."""
    found = [Answer(SlotState.ABSENT, *said.span(*place)) for place in said.places.get("no_allergy", ())[:1]]
    for first, begin in said.places.get("allergic", ()):
        if said.before("not", first) is not None:
            continue
        listed = list_allergies(said, begin, said.sentence(first)[1])
        found += [each for place, each in enumerate(listed) if place == 0 or _is_short(each)]
    found += [as_allergy(said, each) for each in old_reactions(said)]
    real = [each for each in found if each.state is SlotState.PRESENT]
    return _distinct(real or found)


def _is_short(answer: Answer) -> bool:
    return len((answer.value or "").split()) <= _SHORT and not answer.details


def stated_family(said: Said, mentions: Sequence[Mention]) -> list[Answer]:
    """My dad had a stroke at 60: what is clearly of a relative, and nothing in it of the patient.

    Args:
        said: The message.
        mentions: All that the message names of the content.
    """
    found: list[Answer] = []
    for first, end in said.places.get("relations", ()):
        if said.at("family_past", end) is None:
            continue
        stop = _clause_end(said, end)
        start, close = said.span(first, stop)
        inside = [each for each in mentions if start <= each.start < close]
        if any(each.other for each in inside) and not any(each.asserted for each in inside):
            found += list_family(said, first, stop)[:1]
    return _distinct(found)


def _clause_end(said: Said, place: int) -> int:
    """The end of the clause, or where the writer speaks of themselves."""
    while place < len(said.tokens) and said.tokens[place].gap == 0 and said.at("first_person", place) is None:
        place += 1
    return place


def _distinct(answers: Sequence[Answer]) -> list[Answer]:
    return list({(each.value or "").casefold(): each for each in reversed(answers)}.values())[::-1]
