"""Which complaint a place of the body that a narrative names belongs to."""

from collections.abc import Iterator, Sequence

from symptom_intake.agent.interview.readers.sites import Site, find_sites
from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention


def placed_sites(
    said: Said, complaints: Sequence[Mention], others: Sequence[Mention], only: str | None
) -> Iterator[tuple[str, Site]]:
    """Places with the complaint that is told nearest to them.

    Args:
        said: The message.
        complaints: Complaints that the message names.
        others: Whatever else it names; a place nearest to one of these is not the complaint's.
        only: The one complaint that "it is on the left" can be about; None when there is no such one.
    """
    for site in find_sites(said):
        if not _is_place(said, site):
            continue
        first, end = said.sentence(site.first)
        low, high = said.span(first, end)
        here = [each for each in complaints if low <= each.start < high]
        named = {each.key for each in here}  # a complaint's symptom goes by the same name
        rest = [each for each in others if low <= each.start < high and not _overlaps(each, here)]
        rest = [each for each in rest if each.key not in named]
        near = [*here, *rest]
        if said.clause(site.first) == (site.first, site.end):
            near = [each for each in near if each.start < said.tokens[site.first].start] or near
        nearest = min(near, key=lambda each: _gap(said, site, each), default=None)
        if nearest is None:
            alone = (site.first, site.end) == (first, end)
            if only is not None and (alone or said.at("subject", first) is not None):
                yield only, site
        elif nearest in here and nearest.asserted:
            at = [each.key for each in here if each.asserted and each.spans == nearest.spans]
            yield from ((key, site) for key in dict.fromkeys(at))


def _is_place(said: Said, site: Site) -> bool:
    """Whether a place is told as where something is: not "my left side is weak", nor "right" for correct."""
    if said.before("not", site.first) is not None or said.at("predicate", site.end) is not None:
        return False
    if site.part is not None:
        return bool(site.side or site.placed)
    return site.end - site.first > 1


def _overlaps(one: Mention, complaints: Sequence[Mention]) -> bool:
    return any(one.start < each.end and each.start < one.end for each in complaints)


def _gap(said: Said, site: Site, mention: Mention) -> int:
    start, end = said.span(site.first, site.end)
    return max(mention.start - end, start - mention.end, 0)
