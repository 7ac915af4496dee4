"""Splitting a list into its entries."""

import re
from collections.abc import Callable

from symptom_intake.agent.interview.readers.answer import Answer
from symptom_intake.agent.interview.readers.replies import read_evasion, read_nothing, read_reply
from symptom_intake.agent.interview.readers.words import Said, once

_MARKS = re.compile(r"[,;\n•+&/]|(?<!\d)\.(?!\d)|\.(?=\s|$)|\s-\s")


def read_list(said: Said, entries: Callable[[Said, int], list[Answer]]) -> list[Answer]:
    """The answer to a question for a list: none, not known, or its entries; a bare yes or no lists nothing.

    Args:
        said: The message.
        entries: Reads the entries from a token on.
    """
    other = read_nothing(said) or read_evasion(said)
    if other is not None:
        return [other]
    reply = read_reply(said)
    if reply is not None and reply.alone:
        return []
    return entries(said, reply.after if reply is not None else 0)


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
