"""When a complaint began, as a narrative tells it."""

from collections.abc import Collection

from symptom_intake.agent.interview.readers.durations import Duration, find_durations
from symptom_intake.agent.interview.readers.reactions import old_reactions
from symptom_intake.agent.interview.readers.temperatures import find_temperatures
from symptom_intake.agent.interview.readers.words import Said

_REACH = 3
"""Words before a time by which it may be told to be no onset."""


def find_onsets(said: Said, opening: bool, named: Collection[int] = ()) -> list[Duration]:
    """The times of a message that tell since when.

    Args:
        said: The message.
        opening: Whether it is the opening message, in which a bare "yesterday" is taken for an onset as well.
        named: Offsets at which the name of a complaint ends, for "headache 3 days".
    """
    return [
        told
        for told in find_durations(said)
        if not (_is_of_something_else(said, told) or _is_of_event(said, told, named))
        and (_began(said, told, opening) or _is_bare(said, told, named))
    ]


def _is_of_something_else(said: Said, told: Duration) -> bool:
    """Over a few hours, twice in two hours, an operation two weeks ago, five weeks old, faint for a second."""
    near = range(max(0, told.first - _REACH), told.first)
    first, end = said.sentence(told.first)
    reactions = [said.clause(each.effect[0]) for each in old_reactions(said)]
    measured = any(first <= each.first < end and each.marked for each in find_temperatures(said))
    since = said.before("since", told.first) is not None
    return (
        any(place in said.covered("not_onset") for place in near if place >= first)
        or said.at("not_onset", told.end) is not None
        or said.at("at_present", told.first) == told.end
        or (said.before("spread_over", told.first) is not None and not since)
        or any(low <= told.first < high for low, high in reactions)
        or (told.unit == "s" and said.at("ago", told.end) is None)
        or (measured and told.unit is None and not since)
    )


def _is_of_event(said: Said, told: Duration, named: Collection[int]) -> bool:
    """We came back two weeks ago, two weeks ago I had a baby: unless a complaint is named between the two."""
    first, end = said.sentence(told.first)
    after = said.skip(("ago", "and", "first_person"), told.end)
    for start, stop in said.places.get("events", ()):
        complaints = any(said.tokens[stop - 1].end < offset <= said.tokens[told.first].start for offset in named)
        if (first <= start and stop <= told.first and not complaints) or (start == after and start < end):
            return True
    return False


def _is_bare(said: Said, told: Duration, named: Collection[int]) -> bool:
    """Headache 3 days: a time right after the complaint, and nothing after it."""
    follows = told.first > 0 and said.tokens[told.first - 1].end in named
    return follows and told.unit is not None and said.ends_clause(said.skip(("at_present",), told.end))


def _began(said: Said, told: Duration, opening: bool) -> bool:
    first, end = said.sentence(told.first)
    since = said.before("since", told.first) is not None or said.at("ago", told.end) is not None
    started = any(first <= place < end for place, _ in said.places.get("started", ()))
    point = told.unit is None and told.low != 0
    own_since = said.at("since", told.first) is not None or said.at("clock", told.first) is not None
    return since or started or (point and (own_since or opening))
