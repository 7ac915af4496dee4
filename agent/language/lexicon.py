"""A vocabulary that finds its phrases in what patients write, and tells how each was meant."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from symptom_intake.agent.language.compose import Found, arrangements
from symptom_intake.agent.language.context import CUE, Context
from symptom_intake.agent.language.mention import Mention
from symptom_intake.agent.language.phrases import Phrase, PhraseTree, Place, parse_phrase, reached, term_name, words_in
from symptom_intake.agent.language.spelling import Speller
from symptom_intake.agent.language.tokens import Token, quoted_lines, tokenize

AS_WRITTEN = "as_written"
"""The concept that lists common words never to be taken for another word."""


class Lexicon:
    """Finds phrases, by key, in free text. Case, apostrophes, punctuation and slips of the keyboard do not matter."""

    def __init__(self, phrases: Mapping[str, Iterable[str]], concepts: Mapping[str, Iterable[str]]) -> None:
        """Compile a vocabulary.

        Args:
            phrases: By key, the phrases that stand for it (grammar in `phrases`).
            concepts: The lists behind `@name`; those named `cue_...` steer negation, person and time.
        """
        compiled = dict.fromkeys(parse_phrase(key, each) for key, entries in phrases.items() for each in entries)
        self._phrases = [phrase for phrase in compiled if phrase.parts and all(phrase.parts)]
        by_phrase = [phrase.terms for phrase in self._phrases]
        self._by_rarest = _by_rarest([tuple(map(term_name, each)) for each in by_phrase])
        lists = {name: tuple(entries) for name, entries in concepts.items() if name != AS_WRITTEN}
        terms = frozenset[str]().union(*by_phrase)
        used = reached([*terms, *(f"@{name}" for name in lists if name.startswith(CUE))], lists)
        self._tree = PhraseTree(terms, {name: lists[name] for name in used})
        words = words_in([*terms, *(entry for entries in lists.values() for entry in entries)])
        self._speller = Speller(words, words_in(concepts.get(AS_WRITTEN, ())))
        self._fillers = words_in(lists.get(f"{CUE}filler", ()))

    def find(self, text: str) -> list[Mention]:
        """Every mention in a text, ordered by where it starts; overlapping mentions of a key are one."""
        tokens = tokenize(text)
        found, context = self._laid_out(text, tokens)
        return _told(self._candidates(found), tokens, context, Found(found, context.clause))

    def meant(self, text: str, start: int, end: int) -> Mention:
        """How the words between two offsets of a text were meant, whatever they are."""
        tokens = tokenize(text)
        own = [place for place, token in enumerate(tokens) if token.start < end and token.end > start]
        if not own:
            return Mention("", ((start, end),), hypothetical=True)
        _, context = self._laid_out(text, tokens)
        return replace(context.mention("", [(own[0], own[-1] + 1)]), spans=((start, end),))

    def _laid_out(self, text: str, tokens: Sequence[Token]) -> tuple[Mapping[str, Sequence[Place]], Context]:
        fillers = {place for place, token in enumerate(tokens) if token.word in self._fillers}
        found = self._tree.find([self._speller.forms(token.word) for token in tokens], fillers)
        found = _within_sentences(found, tokens)
        return found, Context(tokens, quoted_lines(text, tokens), found)

    def _candidates(self, found: Mapping[str, Sequence[Place]]) -> list[Phrase]:
        """The phrases of which every term was found."""
        numbers = [
            number
            for name in found
            for number, names in self._by_rarest.get(name, ())
            if all(each in found for each in names)
        ]
        return [self._phrases[number] for number in sorted(numbers)]


def _by_rarest(phrases: Sequence[tuple[str, ...]]) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """Phrases, as the names of their terms, by the term that the fewest share: most need no second look."""
    users = Counter(name for names in phrases for name in names)
    found: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for number, names in enumerate(phrases):
        found.setdefault(min(names, key=lambda each: users[each]), []).append((number, names))
    return found


def _within_sentences(found: Mapping[str, list[Place]], tokens: Sequence[Token]) -> dict[str, list[Place]]:
    """The finds in which no sentence ends ("the lower end. It goes up" is no "end it")."""
    stops = {place for place, token in enumerate(tokens) if token.gap > 1}
    if not stops:
        return dict(found)
    return {
        name: kept
        for name, places in found.items()
        if (kept := [place for place in places if stops.isdisjoint(range(place[0] + 1, place[1]))])
    }


class _Group:
    """Overlapping finds of one key: said as so if any of them is."""

    def __init__(self, mention: Mention, places: Iterable[Place]) -> None:
        self.mention, self.places = mention, set(places)

    def absorb(self, other: "_Group") -> None:
        mine, theirs = self.mention, other.mention
        self.places |= other.places
        self.mention = Mention(
            mine.key,
            (),
            mine.negated and theirs.negated,
            mine.other and theirs.other,
            mine.past and theirs.past,
            mine.hypothetical and theirs.hypothetical,
        )


def _told(phrases: Sequence[Phrase], tokens: Sequence[Token], context: Context, found: Found) -> list[Mention]:
    owners: dict[str, dict[int, _Group]] = {}
    for phrase in phrases:
        owner = owners.setdefault(phrase.key, {})
        for places in arrangements(phrase, found, context):
            _join(owner, _Group(context.mention(phrase.key, places), places))
    groups = {id(group): group for owner in owners.values() for group in owner.values()}
    mentions = [_with_spans(group, tokens) for group in groups.values()]
    return sorted(mentions, key=lambda each: (each.start, each.end, each.key))


def _join(owner: dict[int, _Group], group: _Group) -> None:
    """Add a find to those of its key, becoming one with each that shares a token."""
    own = {token for first, end in group.places for token in range(first, end)}
    for each in {id(owner[token]): owner[token] for token in own if token in owner}.values():
        group.absorb(each)
        own |= {token for first, end in each.places for token in range(first, end)}
    owner.update(dict.fromkeys(own, group))


def _with_spans(group: _Group, tokens: Sequence[Token]) -> Mention:
    spans: list[tuple[int, int]] = []
    for first, end in sorted(group.places):
        start, stop = tokens[first].start, tokens[end - 1].end
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    mention = group.mention
    return Mention(mention.key, tuple(spans), mention.negated, mention.other, mention.past, mention.hypothetical)
