"""Closed questions: which of the offered answers was meant."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process, utils

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.labels import as_labelled
from symptom_intake.agent.interview.readers.numbers import find_numbers
from symptom_intake.agent.interview.readers.replies import Reply, read_evasion, read_nothing, read_reply
from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention
from symptom_intake.prompts.model import Option, Slot

_NONE = ("none", "no")
"""Options that say that there is nothing."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_AROUND_ORDINALS = frozenset(
    ["the", "one", "ones", "option", "answer", "yes", "no", "just", "only", "number", "and", "or", "please"]
)
_ALIKE = 86
_MIN_FUZZY = 4


def read_choice(said: Said, slot: Slot, named: Sequence[Mention]) -> list[Answer]:
    """The one option that an answer picks; none when it fits several equally well.

    Args:
        said: The message.
        slot: The question.
        named: Mentions of its options, each keyed by the option's value.
    """
    named = as_labelled(said, slot, named)
    meant = _meant(said, named)
    picked = _clearest(said, meant) if meant else _numbered(said, slot) or _spelt(said, slot)
    if picked:
        return [_option_answer(picked[0])]
    return _without(said, slot, named)


def read_choices(said: Said, slot: Slot, named: Sequence[Mention]) -> list[Answer]:
    """Every option that an answer picks, or that it is none of them."""
    named = as_labelled(said, slot, named)
    meant = [_option_answer(each) for each in _meant(said, named)]
    picked = meant or [_option_answer(each) for each in _numbered(said, slot) or _spelt(said, slot)]
    real = [each for each in picked if each.state is SlotState.PRESENT]
    if picked:
        return list({each.value: each for each in reversed(real or picked[:1])}.values())[::-1]
    every = said.places.get("all_of_them")
    if every and said.skip(("all_of_them", "opening", "closing"), 0) >= len(said.tokens):
        return [present(*said.span(*every[0]), each.value) for each in slot.options if each.value not in _NONE]
    return _without(said, slot, named)


def option_answers(mentions: Iterable[Mention]) -> list[Answer]:
    """Mentions of options as answers."""
    return [_option_answer(each) for each in mentions]


def _option_answer(mention: Mention) -> Answer:
    if mention.key in _NONE:
        return Answer(SlotState.ABSENT, mention.start, mention.end)
    return present(mention.start, mention.end, mention.key)


def _meant(said: Said, named: Sequence[Mention]) -> list[Mention]:
    return [each for each in named if not each.negated and not said.is_denied(each.start)]


def _clearest(said: Said, named: Sequence[Mention]) -> list[Mention]:
    """The option with the most words; several that are alike are no choice."""
    lengths = [sum(len(said.text[start:end].split()) for start, end in each.spans) for each in named]
    best = [each for each, length in zip(named, lengths, strict=True) if length == max(lengths)]
    return best[:1] if len({each.key for each in best}) == 1 else []


def _numbered(said: Said, slot: Slot) -> list[Mention]:
    """Options by their place in the list: "2", "1 and 3", "the second one"; "none of these" is the last of a card."""
    tokens = said.tokens
    numbers = find_numbers(said)
    covered = {place for number in numbers for place in range(number.first, number.end)}
    words = [place for place in range(len(tokens)) if place not in covered]
    if numbers and all(tokens[place].word in ("and", "number", "option", "or") for place in words):
        chosen = [(int(number.high) - 1, number.first) for number in numbers if number.low == number.high]
    else:
        chosen = _ordinals(said)
    values = [option.value for option in slot.options]
    if slot.kind == "choices" and "none" not in values:
        values.append("none")
    if any(not 0 <= index < len(values) for index, _ in chosen):
        return []
    return [Mention(values[index], (said.span(place, place + 1),)) for index, place in chosen]


def _ordinals(said: Said) -> list[tuple[int, int]]:
    """Places in the list and the tokens that say them, when nothing else is said ("just the second one")."""
    words = [token.word for token in said.tokens]
    chosen = [(_ORDINALS.index(word), place) for place, word in enumerate(words) if word in _ORDINALS]
    return chosen if all(word in _AROUND_ORDINALS for word in words if word not in _ORDINALS) else []


def _spelt(said: Said, slot: Slot) -> list[Mention]:
    """An option whose name the whole message is nearly spelt like."""
    start, end = said.whole
    names = [(name, option) for option in slot.options for name in _names(option)]
    if end - start < _MIN_FUZZY or not names:
        return []
    best = process.extractOne(
        said.text[start:end],
        [name for name, _ in names],
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=_ALIKE,
    )
    return [Mention(names[best[2]][1].value, ((start, end),))] if best else []


def _names(option: Option) -> list[str]:
    names = [option.value.replace("_", " "), option.label, *option.words]
    return [name for name in names if "@" not in name and len(name) >= _MIN_FUZZY]


def _without(said: Said, slot: Slot, named: Sequence[Mention]) -> list[Answer]:
    """An answer that picks nothing: none of them, not sure, rather not say."""
    evasion = read_evasion(said)
    if evasion is not None:
        return [evasion]
    if slot.kind == "choice" and not any(option.value in _NONE for option in slot.options):
        return []
    if slot.kind == "choices" and said.places.get("exception"):
        return []  # "none of these except ..." is not none of these: it is asked again
    nothing = read_nothing(said) or _plain_no(read_reply(said), named)
    return [nothing] if nothing else []


def _plain_no(reply: Reply | None, named: Sequence[Mention]) -> Answer | None:
    """A no that denies everything, unlike "no rash", which denies one thing."""
    if reply is None or reply.kind != "no" or (named and not reply.apart):
        return None
    return reply.answer
