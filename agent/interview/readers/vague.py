"""Mentions of options whose words do not say enough to be taken for an answer that nobody asked for."""

from collections.abc import Sequence

from symptom_intake.agent.interview.readers.sites import find_sites
from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention

_EVERYDAY = ("only_when_asked", "nothing", "no", "yes")
"""Lists of words that are an answer when asked, and tell nothing in a story."""
_PLACES = ("parts", "places", "at_place", "sides left", "sides right", "sides both")
"""Lists of words for a place of the body, which alone tell of no symptom there."""


def is_everyday(said: Said, mention: Mention) -> bool:
    """Whether the words of a mention are everyday ones, all of them."""
    return _is_covered(said, mention, _EVERYDAY)


def is_conditional(said: Said, mention: Mention) -> bool:
    """Worse when I cough: the cough is no symptom."""
    place = said.token_at(mention.start)
    return any(end <= place <= end + 1 for _, end in said.places.get("conditional", ()))


def is_unfelt(said: Said, mention: Mention) -> bool:
    """I don't feel that it is getting better."""
    place = said.token_at(mention.start)
    return any(said.clause(place)[0] <= first < place for first, _ in said.places.get("not_feeling", ()))


def is_part_of_place(said: Said, mention: Mention, describes: bool) -> bool:
    """Whether a mention only names a place, or no more than a part of one.

    Args:
        said: The message.
        mention: The mention.
        describes: Whether it describes the complaint; only then may a place by itself tell something.
    """
    return _is_covered(said, mention, _PLACES) and not (describes and not _has_side_beside(said, mention))


def _has_side_beside(said: Said, mention: Mention) -> bool:
    """Low down on the right side: "low down" is not the whole place."""
    low, high = said.span(*said.sentence(said.token_at(mention.start)))
    beside = (said.span(site.first, site.end) for site in find_sites(said) if site.side)
    return any(low <= start < high and not (start < mention.end and mention.start < end) for start, end in beside)


def _is_covered(said: Said, mention: Mention, names: Sequence[str]) -> bool:
    covered = frozenset[int]().union(*(said.covered(name) for name in names))
    own = said.within(mention.spans)
    return all(place in covered or said.tokens[place].word.isdigit() for place in own)
