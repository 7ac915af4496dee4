"""Of whom a statement is made: the patient, or clearly somebody else.

A child, a partner or a parent in the present tense is the patient, whoever types. A parent who "had" something,
anybody's illness of long ago, a death and a family history are somebody else's.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property

from symptom_intake.agent.language.phrases import Place

_PEOPLE = ("dependent", "elder", "other_person")


class Subjects:
    """The people of one text."""

    def __init__(self, sentence: Sequence[int], clause: Sequence[int], cues: Mapping[str, Sequence[Place]]) -> None:
        """Take the numbers of each token's sentence and clause, and where people and tenses are named."""
        self._sentence, self._clause, self._cues = sentence, clause, cues
        named = {first: kind for kind in ("self", "pronoun", *_PEOPLE) for first, _ in cues[kind]}
        self._places = sorted(named)
        self._kinds = self._resolved(named)

    def _resolved(self, named: Mapping[int, str]) -> dict[int, str]:
        """Who stands at each place; a pronoun stands for the person named last."""
        kinds: dict[int, str] = {}
        last = "dependent"
        for place in self._places:
            kind = named[place]
            if kind in _PEOPLE:
                last = kind
            kinds[place] = last if kind == "pronoun" else kind
        return kinds

    def is_other(self, first: int, end: int, past: bool) -> bool:
        """Whether what stands from `first` to `end` is clearly said of somebody else than the patient."""
        clause = self._clause[first]
        if clause in self._clauses("family"):
            return True
        if any(self._kinds[place] == "self" and self._clause[place] == clause for place in self._near(first, end)):
            return False  # "somebody stabbed me"
        kind = self._kind_before(first)
        if kind is None or kind == "self":
            return False
        if past or clause in self._clauses("death"):
            return True
        recent = clause in self._clauses("recent")
        if kind == "elder":
            return clause in self._clauses("family_form") and not recent
        return kind == "other_person" and not recent and clause not in self._clauses("present")

    def _near(self, first: int, end: int) -> Sequence[int]:
        return self._places[bisect_left(self._places, first) : bisect_left(self._places, end + 2)]

    def _kind_before(self, first: int) -> str | None:
        index = bisect_left(self._places, first) - 1
        if index < 0 or self._sentence[self._places[index]] != self._sentence[first]:
            return None
        return self._kinds[self._places[index]]

    def _clauses(self, name: str) -> frozenset[int]:
        return self._clauses_of[name]

    @cached_property
    def _clauses_of(self) -> dict[str, frozenset[int]]:
        return {name: frozenset(self._clause[first] for first, _ in places) for name, places in self._cues.items()}
