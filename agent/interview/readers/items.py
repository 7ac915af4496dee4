"""Splitting a list into its entries."""

import re

from symptom_intake.agent.interview.readers.words import Said, once

_MARKS = re.compile(r"[,;\n•+&/]|(?<!\d)\.(?!\d)|\.(?=\s|$)|\s-\s")


@once
def split_items(said: Said) -> list[tuple[int, int]]:
    """The entries of a list as runs of tokens: parted by commas, lines, "and" and the like."""
    found: list[tuple[int, int]] = []
    first = 0
    joins = dict(sorted(said.places.get("item_parts", ()), key=lambda place: place[1]))
    for place in range(1, len(said.tokens) + 1):
        if place < len(said.tokens) and not _parts(said, place) and place not in joins:
            continue
        if first < place:
            found.append((first, place))
        first = joins.get(place, place) if place < len(said.tokens) else place
    return [(begin, end) for begin, end in found if begin < end]


def _parts(said: Said, place: int) -> bool:
    between = said.text[said.tokens[place - 1].end : said.tokens[place].start]
    return bool(_MARKS.search(between.strip(" ") if between.strip(" ") != "-" else between))
