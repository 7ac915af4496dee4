"""Words of the content that, where they stand, name something else or something that is over."""

from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention

_BETWEEN = ("and", "or", "article", "first_person", "parts")


def is_back_of_part(said: Said, mention: Mention) -> bool:
    """The back of my neck: neither the back nor a pain in it, unless the back is named as well."""
    own = _tokens(said, mention)
    places = said.places.get("back_of_part", ())
    leads, inside = {first for first, _ in places}, said.covered("back_of_part")
    return bool(own & leads) and own & inside <= leads and not ((own - inside) & said.covered("parts"))


def is_only_urge(said: Said, mention: Mention) -> bool:
    """I feel like vomiting: nobody has vomited."""
    own = _tokens(said, mention)
    return any(own < set(range(*place)) for place in said.places.get("urge", ()))


def is_all_right(said: Said, mention: Mention) -> bool:
    """My throat and tongue are normal: no answer that names them is meant."""
    place = said.skip(_BETWEEN, max(_tokens(said, mention), default=0) + 1)
    end = said.at("all_right", place)
    return end is not None and said.ends_clause(end)


def is_given_up(said: Said, first: int, end: int) -> bool:
    """I stopped the warfarin years ago; one that was stopped last week still counts."""
    low, high = said.clause(first)
    before = any(low <= start < end for start, _ in said.places.get("given_up", ()))
    return before and any(low <= start < high for start, _ in said.places.get("long_ago", ()))


def is_old_medicine(said: Said, mention: Mention) -> bool:
    """Whether a mention names a medicine that was given up long ago."""
    own = _tokens(said, mention)
    named = any(said.at(name, place) for place in own for name in ("medicine_names", "medicine_forms"))
    return named and is_given_up(said, min(own), max(own) + 1)


def is_where_it_hurts(said: Said, mention: Mention) -> bool:
    """A new hip pain: what is new is not the hip."""
    last = max(_tokens(said, mention), default=0)
    return last in said.covered("parts") and said.at("hurting", last + 1) is not None


def _tokens(said: Said, mention: Mention) -> set[int]:
    return {
        place
        for place, token in enumerate(said.tokens)
        if any(start <= token.start < end for start, end in mention.spans)
    }
