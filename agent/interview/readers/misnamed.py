"""Words of the content that, where they stand, name something else or something that is over."""

from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention

_BETWEEN = ("and", "or", "article", "first_person", "parts")


def is_back_of_part(said: Said, mention: Mention) -> bool:
    """The back of my neck: neither the back nor a pain in it, unless the back is named as well."""
    places = said.places.get("back_of_part")
    if not places:
        return False
    own, leads, inside = _tokens(said, mention), {first for first, _ in places}, said.covered("back_of_part")
    return bool(own & leads) and own & inside <= leads and not ((own - inside) & said.covered("parts"))


def is_only_urge(said: Said, mention: Mention) -> bool:
    """I feel like vomiting: nobody has vomited."""
    places = said.places.get("urge", ())
    return any(_tokens(said, mention) < set(range(*place)) for place in places)


def is_all_right(said: Said, mention: Mention) -> bool:
    """My throat and tongue are normal: no answer that names them is meant."""
    if "all_right" not in said.places:
        return False
    end = said.at("all_right", said.skip(_BETWEEN, _after(said, mention)))
    return end is not None and said.ends_clause(end)


def is_given_up(said: Said, first: int, end: int) -> bool:
    """I stopped the warfarin years ago; one that was stopped last week still counts."""
    given_up, long_ago = said.places.get("given_up"), said.places.get("long_ago")
    if not given_up or not long_ago:
        return False
    low, high = said.clause(first)
    return any(low <= start < end for start, _ in given_up) and any(low <= start < high for start, _ in long_ago)


def is_old_medicine(said: Said, mention: Mention) -> bool:
    """Whether a mention names a medicine that was given up long ago."""
    if "given_up" not in said.places:
        return False
    own = _tokens(said, mention)
    named = any(said.at(name, place) for place in own for name in ("medicine_names", "medicine_forms"))
    return named and is_given_up(said, min(own), max(own) + 1)


def is_where_it_hurts(said: Said, mention: Mention) -> bool:
    """A new hip pain: what is new is not the hip."""
    after = _after(said, mention)
    return said.at("hurting", after) is not None and after - 1 in said.covered("parts")


def _after(said: Said, mention: Mention) -> int:
    return max(said.within(mention.spans), default=-1) + 1


def _tokens(said: Said, mention: Mention) -> set[int]:
    return set(said.within(mention.spans))
