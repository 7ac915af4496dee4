"""What a substance does to the patient: "penicillin gives me a rash", "I came out in hives with aspirin"."""

from typing import NamedTuple

from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.durations import find_durations
from symptom_intake.agent.interview.readers.words import Said, once
from symptom_intake.agent.language.phrases import Place

_SUBSTANCES = ("medicine_names", "allergens")
_RECENT_H = 14 * 24.0


class Reaction(NamedTuple):
    """A substance and what it does.

    Attributes:
        substance: Its tokens. `effect`: those of the reaction.
    """

    substance: Place
    effect: Place

    @property
    def whole(self) -> Place:
        """The tokens from the first to the last of both."""
        return min(self.substance[0], self.effect[0]), max(self.substance[1], self.effect[1])


def as_answer(said: Said, told: Reaction) -> Answer:
    """An allergy as a fact would hold it."""
    details = {"reaction": said.quote(*told.effect)}
    return present(*said.span(*told.whole), said.quote(*told.substance), None, details)


@once
def find_reactions(said: Said) -> list[Reaction]:
    """Every substance with its reaction, in order."""
    return sorted({*_given(said), *_got(said)})


@once
def old_reactions(said: Said) -> list[Reaction]:
    """Those that are told as a habit or as long past, so that nothing of it is going on now."""
    return [told for told in find_reactions(said) if _is_habit(said, told) or _is_settled(said, told)]


def _is_habit(said: Said, told: Reaction) -> bool:
    leads = (first for first, end in said.places.get("habitually", ()) if told.effect[0] - end in (0, 1, 2))
    return any(said.clause(first) == said.clause(told.effect[0]) for first in leads) and not _is_recent(said, told)


def _is_settled(said: Said, told: Reaction) -> bool:
    """Long ago, or a medicine that is named before what it did, with no word of taking it now."""
    first, end = said.clause(told.effect[0])
    if any(first <= place < end for place, _ in said.places.get("long_ago", ())):
        return True
    low, high = said.sentence(told.effect[0])
    taken = any(low <= place < high for name in ("on_medicine", "started") for place, _ in said.places.get(name, ()))
    named = told.substance < told.effect and said.at("medicine_names", told.substance[0]) is not None
    return named and not taken and not _is_recent(said, told)


def _is_recent(said: Said, told: Reaction) -> bool:
    first, end = said.clause(told.effect[0])
    times = (each for each in find_durations(said) if first <= each.first < end)
    return any(each.high is not None and each.high <= _RECENT_H for each in times)


def _given(said: Said) -> list[Reaction]:
    """Penicillin gives me a rash."""
    found: list[Reaction] = []
    for first, end in said.places.get("reacts", ()):
        substance = _substance_before(said, said.skip_back(("habit", "substance_again"), first))
        effect = _effect_at(said, end)
        if substance is not None and effect is not None:
            found.append(Reaction(substance, effect))
    return found


def _got(said: Said) -> list[Reaction]:
    """I get hives from aspirin."""
    found: list[Reaction] = []
    for _, end in said.places.get("reacts", ()):
        effect = _effect_at(said, end)
        lead = said.at("reacts_to", effect[1]) if effect is not None else None
        substance = _substance_at(said, said.skip(("article",), lead)) if lead is not None else None
        if effect is not None and substance is not None:
            found.append(Reaction(substance, effect))
    return found


def _effect_at(said: Said, place: int) -> Place | None:
    first = said.skip(("article", "degree"), place)
    end = said.at("allergic_effects", first)
    return (first, end) if end is not None else None


def _substance_before(said: Said, end: int) -> Place | None:
    starts = [start for name in _SUBSTANCES if (start := said.before(name, end)) is not None]
    return (min(starts), end) if starts else None


def _substance_at(said: Said, first: int) -> Place | None:
    ends = [end for name in _SUBSTANCES if (end := said.at(name, first)) is not None]
    return (first, max(ends)) if ends else None
