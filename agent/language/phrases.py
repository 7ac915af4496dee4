"""The phrase grammar, compiled into one tree of words that is walked along a text.

can not breathe          these words in this order
@cannot breathe          any entry of the list `cannot`, then the word
# years ago, in #year      any number, a year
@chest + @pain           both in the same clause, in any order
@chest + @pain & @sweat  and the rest anywhere in the message
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from symptom_intake.agent.language.tokens import spell, words_of

Place = tuple[int, int]
"""First token of a find and one past its last."""
Step = tuple[str, int]
"""A word or the name of a find, and one past the token that it ends with."""
_MAX_SKIPPED = 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase: parts that may stand anywhere, each of terms that share a clause."""

    key: str
    parts: tuple[tuple[str, ...], ...]

    @property
    def terms(self) -> frozenset[str]:
        """Every term, once."""
        return frozenset(term for part in self.parts for term in part)


@dataclass(slots=True)
class _Node:
    next: dict[str, "_Node"] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


def parse_phrase(key: str, phrase: str) -> Phrase:
    """Split a phrase into its parts and terms, each term spelled one way."""
    parts = (tuple(" ".join(symbols_of(term)) for term in part.split(" + ")) for part in phrase.split(" & "))
    return Phrase(key, tuple(tuple(term for term in part if term) for part in parts))


@lru_cache(maxsize=100_000)
def symbols_of(term: str) -> tuple[str, ...]:
    """The words of a term, with `@concept`, `#` and `#year` as they are."""
    found: list[str] = []
    for piece in term.split():
        found += [piece] if piece[0] in "@#" else spell(piece) if piece.isalpha() else words_of(piece)
    return tuple(found)


def term_name(term: str) -> str:
    """What `PhraseTree.find` calls a term; a lone `@concept` goes by the concept's own name."""
    return term if term.startswith("@") and " " not in term else f"={term}"


def words_in(terms: Iterable[str]) -> set[str]:
    """Every word that terms or entries of lists use."""
    return {symbol for term in terms for symbol in symbols_of(term) if symbol[0] not in "@#"}


def reached(terms: Iterable[str], lists: Mapping[str, Sequence[str]]) -> set[str]:
    """The names of the lists that terms use, and that those lists use in turn."""
    names: set[str] = set()
    waiting = list(terms)
    while waiting:
        for symbol in symbols_of(waiting.pop()):
            if symbol[0] == "@" and symbol[1:] in lists and symbol[1:] not in names:
                names.add(symbol[1:])
                waiting += lists[symbol[1:]]
    return names


class PhraseTree:
    """Finds terms and concepts in a sequence of words."""

    def __init__(self, terms: Iterable[str], concepts: Mapping[str, Iterable[str]]) -> None:
        """Lay terms and the entries of concepts into one tree."""
        self._root = _Node()
        for term in terms:
            if term_name(term) != term:
                self._add(term_name(term), symbols_of(term))
        for name, entries in concepts.items():
            for entry in entries:
                self._add(f"@{name}", symbols_of(entry))

    def _add(self, name: str, symbols: Sequence[str]) -> None:
        node = self._root
        for symbol in symbols:
            node = node.next.setdefault(symbol, _Node())
        if symbols and name not in node.names:
            node.names.append(name)

    def find(self, forms: Sequence[Collection[str]], fillers: Collection[int]) -> dict[str, list[Place]]:
        """Every term (by `term_name`) and `@concept` in a text, with its places in order.

        The text is walked from its end, so that at each word all concepts that start later are known; a
        concept that starts here is one more symbol here.

        Args:
            forms: For each token, the vocabulary words that it may stand for.
            fillers: Tokens that a phrase may pass over ("really", "even").
        """
        steps: list[list[Step]] = [[] for _ in range(len(forms) + 1)]
        found: dict[str, list[Place]] = {}
        roots = self._root.next
        for first in range(len(forms) - 1, -1, -1):
            here = steps[first]
            here += [(form, first + 1) for form in forms[first]]
            seen = set(here)
            for symbol, after in here:  # grows while it is walked
                child = roots.get(symbol)
                for step in self._ends(child, after, steps, fillers) if child else ():
                    if step not in seen:
                        seen.add(step)
                        here.append(step)
                        found.setdefault(step[0], []).append((first, step[1]))
        return {name: places[::-1] for name, places in found.items()}

    @staticmethod
    def _ends(node: _Node, after: int, steps: Sequence[Sequence[Step]], fillers: Collection[int]) -> list[Step]:
        """Everything that ends along the tree from a node, whose own word ends before `after`."""
        ends = [(name, after) for name in node.names]
        stack = [(node, after, 0)] if node.next else []
        while stack:
            node, place, skipped = stack.pop()
            if place in fillers and skipped < _MAX_SKIPPED:
                stack.append((node, place + 1, skipped + 1))
            for symbol, end in steps[place]:
                child = node.next.get(symbol)
                if child is not None:
                    ends += [(name, end) for name in child.names]
                    if child.next:
                        stack.append((child, end, skipped))
        return ends
