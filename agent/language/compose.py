"""Putting the terms of a phrase together: in one clause and close by, or anywhere in the message."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from symptom_intake.agent.language.context import Context
from symptom_intake.agent.language.phrases import Phrase, Place, term_name

_WINDOW = 12
"""Most words between two terms of a clause."""


class Found:
    """What was found in a text, by name, for looking up what is near."""

    def __init__(self, found: Mapping[str, Sequence[Place]], clause: Sequence[int]) -> None:
        """Take the finds and the number of each token's clause."""
        self._found, self._clause = found, clause

    def places(self, term: str) -> Sequence[Place]:
        """Where a term stands."""
        return self._found.get(term_name(term), ())

    def near(self, term: str, taken: Sequence[Place]) -> Place | None:
        """The place of a term that is nearest to the first place taken, in its clause and free."""
        places = self.places(term)
        anchor = taken[0]
        index = bisect_left(places, anchor)
        close = places[max(0, index - 4) : index + 4]
        free = [
            place for place in close if self._fits(place, anchor) and not any(_overlap(place, each) for each in taken)
        ]
        return min(free, key=lambda place: _distance(place, anchor), default=None)

    def _fits(self, place: Place, anchor: Place) -> bool:
        return self._clause[place[0]] == self._clause[anchor[0]] and _distance(place, anchor) <= _WINDOW


def arrangements(phrase: Phrase, found: Found, context: Context) -> Iterator[tuple[Place, ...]]:
    """The places of each occurrence of a phrase.

    A phrase of several parts occurs at most once: with an asserted occurrence of each part, where there is one.
    """
    parts = [list(_together(part, found, context)) for part in phrase.parts]
    if len(parts) == 1:
        yield from parts[0]
    elif all(parts):
        chosen = [next((each for each in part if context.mention("", each).asserted), part[0]) for part in parts]
        yield tuple(place for each in chosen for place in each)


def _together(part: tuple[str, ...], found: Found, context: Context) -> Iterator[tuple[Place, ...]]:
    for anchor in found.places(part[0]):
        taken = [anchor]
        for term in part[1:]:
            place = found.near(term, taken)
            if place is None:
                break
            taken.append(place)
        else:
            if not context.is_figurative(taken):
                yield tuple(taken)


def _distance(first: Place, second: Place) -> int:
    return max(first[0] - second[1], second[0] - first[1], 0)


def _overlap(first: Place, second: Place) -> bool:
    return first[0] < second[1] and second[0] < first[1]
