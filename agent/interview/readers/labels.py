"""Parts of an answer that are exactly the label of an option that was offered."""

from collections.abc import Sequence

from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention
from symptom_intake.agent.language.phrases import symbols_of
from symptom_intake.prompts.model import Slot

_BEFORE = ("item_parts", "opening", "yes")
_AFTER = ("item_parts", "closing")


def as_labelled(said: Said, slot: Slot, named: Sequence[Mention]) -> list[Mention]:
    """The options named, without those that only share words with a label which is a whole part of the answer.

    Args:
        said: The message.
        slot: The question.
        named: Mentions of its options, each keyed by the option's value.
    """
    exact = _exact(said, slot)
    beside = [each for each in named if not any(each.start < label.end and label.start < each.end for label in exact)]
    return sorted([*exact, *beside], key=lambda each: each.start)


def _exact(said: Said, slot: Slot) -> list[Mention]:
    """Labels that stand between pauses, joining words or the ends of the answer; the longest first."""
    words = [token.word for token in said.tokens]
    found: list[Mention] = []
    for option in sorted(slot.options, key=lambda each: -len(each.label)):
        label = list(symbols_of(option.label))
        for first in range(len(words) - len(label) + 1):
            end = first + len(label)
            if words[first:end] == label and _is_whole_part(said, first, end):
                found.append(Mention(option.value, (said.span(first, end),)))
    longest = (each for place, each in enumerate(found) if not any(_within(each, other) for other in found[:place]))
    return list(longest)


def _is_whole_part(said: Said, first: int, end: int) -> bool:
    begins = first == 0 or said.tokens[first].gap > 0 or any(said.before(name, first) is not None for name in _BEFORE)
    ends = said.ends_clause(end) or any(said.at(name, end) is not None for name in _AFTER)
    return begins and ends


def _within(one: Mention, other: Mention) -> bool:
    return other.start <= one.start and one.end <= other.end
