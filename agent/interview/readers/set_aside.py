"""What the words of the content name in a message although the patient does not have it."""

from collections.abc import Iterable
from dataclasses import replace

from symptom_intake.agent.interview.readers.index import Found
from symptom_intake.agent.interview.readers.misnamed import (
    is_all_right,
    is_back_of_part,
    is_old_medicine,
    is_only_urge,
)
from symptom_intake.agent.interview.readers.others import is_of_another
from symptom_intake.agent.interview.readers.reactions import old_reactions
from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention


def set_aside(said: Said, found: Found, writer: bool) -> Found:
    """The finds without old reactions to a substance, with denials and other persons marked as such.

    Args:
        said: The message.
        found: What it names.
        writer: Whether the patient writes, so that "he has" is of somebody else.
    """
    reactions = [said.span(*each.whole) for each in old_reactions(said)]
    answers = (each for mentions in found.options.values() for each in mentions)
    unfelt = _unfelt(said, (*found.complaints, *found.slots, *answers))

    def kept(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        told = (each for each in mentions if not any(low <= each.start < high for low, high in reactions))
        return tuple(
            replace(
                each,
                negated=each.negated or each.start in unfelt,
                other=each.other or (writer and is_of_another(said, each.start)),
            )
            for each in told
            if not is_back_of_part(said, each)
        )

    slots = tuple(each for each in kept(found.slots) if not is_only_urge(said, each))
    options = {name: _options(said, kept(each)) for name, each in found.options.items()}
    return Found(kept(found.complaints), slots, options, found.asides)


def _options(said: Said, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Mentions of answers, with those that are called normal or were given up long ago marked as denied."""
    return tuple(
        replace(each, negated=True) if is_all_right(said, each) or is_old_medicine(said, each) else each
        for each in mentions
    )


def _unfelt(said: Said, mentions: Iterable[Mention]) -> frozenset[int]:
    """Offsets of what follows "I don't feel" or "nothing" at once, or is joined to that by "or"."""
    # "feel faint" may be the phrase itself, "nothing" by itself is an answer of its own
    leads = [(end, end - 1) for _, end in said.places.get("not_feeling", ())]
    leads += [(end, end) for _, end in said.places.get("not_any", ()) if not said.ends_clause(end)]
    if not leads:
        return frozenset()
    ends: dict[int, int] = {}
    for each in mentions:
        ends[each.start] = max(each.end, ends.get(each.start, 0))
    unfelt: set[int] = set()
    for end, own in leads:
        place: int | None = end
        while place is not None:
            first = said.skip(("degree",), place)
            starts = [said.tokens[each].start for each in (own, first) if each < len(said.tokens)]
            start = next((each for each in starts if each in ends), -1)
            unfelt |= {start} & ends.keys()
            place = said.at("or", _token_after(said, ends[start])) if start in ends else None
            own = place or own
    return frozenset(unfelt)


def _token_after(said: Said, offset: int) -> int:
    return next((place for place, token in enumerate(said.tokens) if token.start >= offset), len(said.tokens))
