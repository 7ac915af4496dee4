"""Places of the body, the side kept apart."""

from typing import NamedTuple

from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.replies import read_evasion, read_nothing, read_reply
from symptom_intake.agent.interview.readers.words import Said, once

_SHORT = 8
"""Words that an answer may have to be taken for a place although it names no known part."""


class Site(NamedTuple):
    """A place of the body in a message.

    Attributes:
        first: Its first token. `end`: one past its last.
        part: The part of the body as it was said; None when only a side is told.
        side: left, right or both; None when none is told.
        placed: A word such as "in" or "behind" stands before it.
    """

    first: int
    end: int
    part: str | None
    side: str | None
    placed: bool

    @property
    def details(self) -> dict[str, str]:
        """Side and part, as far as they are told."""
        return {key: each for key, each in (("side", self.side), ("part", self.part)) if each}


def read_site(said: Said) -> list[Answer]:
    """The answer to "where?": its words as they were said, with side and part beside them."""
    sites = [site for site in find_sites(said) if not _is_denied(said, site)]
    if sites:
        details = {key: each for site in reversed(sites) for key, each in site.details.items()}
        first, end = min(site.first for site in sites), max(site.end for site in sites)
        return [present(*said.span(first, end), said.quote(first, end), None, details)]
    other = read_evasion(said) or read_nothing(said)
    if other is not None:
        return [other]
    return _unknown_place(said)


def _unknown_place(said: Said) -> list[Answer]:
    place = said.places.get("places")
    if read_reply(said) is not None or (not place and said.at("subject", 0)):
        return []
    if not (place or 1 <= len(said.tokens) <= _SHORT):
        return []
    if not place and any(name.startswith(("units", "numbers", "moments", "weekdays")) for name in said.places):
        return []
    start, end = said.whole
    return [present(start, end, said.text[start:end])]


def as_answer(said: Said, site: Site) -> Answer:
    """A place as a fact would hold it."""
    return present(*said.span(site.first, site.end), said.quote(site.first, site.end), None, site.details)


@once
def find_sites(said: Said) -> list[Site]:
    """Every part of the body and every side, in order; a side next to its part is one place with it."""
    found: list[Site] = []
    place = 0
    while place < len(said.tokens):
        site = _site_at(said, place)
        if site is not None:
            found.append(site)
        place = site.end if site is not None else place + 1
    return found


def _site_at(said: Said, first: int) -> Site | None:
    """Left upper belly, right knee, knee on the right, behind my right knee; or a side alone."""
    lead = said.at("at_place", first)
    start = lead if lead is not None and lead < len(said.tokens) else first
    side = said.key_at("sides", start)
    part = said.at("parts", side[1] if side else start)
    if part is None and side is None:
        return None
    if part is None and side is not None:
        return Site(first, side[1], None, side[0], lead is not None)
    assert part is not None  # noqa: S101 - one of the two is there
    words = said.quote(side[1] if side else start, part)
    after = _side_after(said, part) if side is None else None
    chosen = side or after
    return Site(first, after[1] if after else part, words, chosen[0] if chosen else None, lead is not None)


def _side_after(said: Said, end: int) -> tuple[str, int] | None:
    lead = said.at("at_place", end)
    return said.key_at("sides", lead if lead is not None else end)


def _is_denied(said: Said, site: Site) -> bool:
    """Not the right, ..."""
    return said.before("not", site.first) is not None
