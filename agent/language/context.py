"""How a find was meant: denied, of somebody else, long past, or only supposed. The cue words are content.

Only what is clear is set aside; whatever is ambiguous counts as said of the patient, now.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from symptom_intake.agent.language.clauses import clauses, sentences
from symptom_intake.agent.language.mention import Mention
from symptom_intake.agent.language.people import Subjects
from symptom_intake.agent.language.phrases import Place
from symptom_intake.agent.language.tokens import Token

CUE = "cue_"
"""Concepts whose name starts so steer the reading and are no finds themselves."""
_SCOPE = 14
_SHORT = 2


class Context:
    """The cues of one text, and what each of them reaches."""

    def __init__(self, tokens: Sequence[Token], quoted: Sequence[bool], found: Mapping[str, Sequence[Place]]) -> None:
        """Lay out clauses and scopes.

        Args:
            tokens: The text.
            quoted: For each token whether it stands in a forwarded or quoted line.
            found: What was found in it, cues and all, by name.
        """
        self._tokens, self._quoted, self._found = tokens, quoted, found
        self.clause = clauses(tokens, self._at("scope_end"), self._at("joiner"), self._at("subject"))
        self._last_of_clause = {number: place for place, number in enumerate(self.clause)}

    def mention(self, key: str, places: Sequence[Place]) -> Mention:
        """How the find of a key that covers these places was meant; its spans are left to the caller."""
        own = {token for first, end in places for token in range(first, end)}
        past = any(self._is_past(token) for token in own)
        return Mention(
            key,
            (),
            negated=self._is_negated(own),
            other=self._subjects.is_other(min(own), max(own) + 1, past) or not own.isdisjoint(self._made_up),
            past=past,
            hypothetical=any(self._quoted[token] for token in own) or self._reaches(self._supposed, own),
        )

    def is_figurative(self, places: Sequence[Place]) -> bool:
        """Whether any of these places is part of a figure of speech ("dying to know") and not longer than it."""
        return any(
            figure is not None and not (first <= figure[0] and figure[1] <= end and figure != (first, end))
            for first, end in places
            for figure in map(self._figures.get, range(first, end))
        )

    @cached_property
    def _figures(self) -> dict[int, Place]:
        by_length = sorted(self._cues("figurative"), key=lambda place: place[1] - place[0])
        return {token: place for place in by_length for token in range(*place)}

    def _cues(self, name: str) -> Sequence[Place]:
        return self._found.get(f"@{CUE}{name}", ())

    def _within(self, *names: str) -> frozenset[int]:
        return frozenset(token for name in names for first, end in self._cues(name) for token in range(first, end))

    def _at(self, name: str) -> frozenset[int]:
        return frozenset(first for first, _ in self._cues(name))

    @cached_property
    def _subjects(self) -> Subjects:
        names = (
            "self",
            "pronoun",
            "dependent",
            "elder",
            "other_person",
            "family_form",
            "death",
            "family",
            "recent",
            "present",
        )
        return Subjects(sentences(self._tokens), self.clause, {name: self._cues(name) for name in names})

    @cached_property
    def _made_up(self) -> frozenset[int]:
        """Tokens told of a film, a book or an exam: from the cue on, to a real person or the end of the sentence."""
        real = self._at("self") | self._at("dependent") | self._at("elder")
        told: set[int] = set()
        for _, end in self._cues("fiction"):
            for place in range(end, len(self._tokens)):
                if place in real or self._tokens[place].gap > 1:
                    break
                told.add(place)
        return frozenset(told)

    @staticmethod
    def _reaches(scopes: Mapping[int, list[Place]], own: set[int]) -> bool:
        return any(cue[0] not in own for token in own for cue in scopes.get(token, ()))

    def _is_negated(self, own: set[int]) -> bool:
        denials = (sum(cue[0] not in own for cue in self._denied.get(token, ())) for token in own)
        return max(own) in self._answered_no or any(count % 2 for count in denials)

    @cached_property
    def _answered_no(self) -> frozenset[int]:
        """Tokens that a bare "no" follows, as in "fever: no, cough: yes"."""
        last = len(self._tokens)
        answers = [first for first, end in self._cues("negation_after") if end == last or self._tokens[end].gap > 0]
        return frozenset(first - 1 for first in answers)

    @cached_property
    def _denied(self) -> dict[int, list[Place]]:
        inert = self._inert
        cues = [cue for cue in _longest(self._cues("negation")) if not inert.intersection(range(*cue))]
        return self._scopes(cues)

    @cached_property
    def _inert(self) -> frozenset[int]:
        """Tokens of negation words that are part of a complaint ("not breathing") or deny none ("not sure")."""
        whole = [
            place
            for name, places in self._found.items()
            if name == f"@{CUE}negation_false" or not name.startswith(f"@{CUE}")
            for place in places
            if place[1] - place[0] > 1
        ]
        return frozenset(token for first, end in whole for token in range(first, end))

    @cached_property
    def _supposed(self) -> dict[int, list[Place]]:
        return self._scopes(_longest(self._cues("hypothetical")))

    @cached_property
    def _of_old(self) -> dict[int, list[Place]]:
        return self._scopes(_longest(self._cues("history")))

    def _is_past(self, token: int) -> bool:
        number = self.clause[token]
        return number in self._past_clauses or (token in self._of_old and number not in self._recent_clauses)

    @cached_property
    def _recent_clauses(self) -> frozenset[int]:
        over = self._within("past", "over")
        return frozenset(self.clause[first] for first, _ in self._cues("recent") if first not in over)

    @cached_property
    def _past_clauses(self) -> frozenset[int]:
        return frozenset(self.clause[first] for first, _ in self._cues("past")) - self._recent_clauses

    def _scopes(self, cues: Sequence[Place]) -> dict[int, list[Place]]:
        """For each token the cues that reach it."""
        reached: dict[int, list[Place]] = {}
        starts = {first for first, _ in cues}
        for cue in cues:
            for token in range(cue[1], self._scope_end(cue, starts)):
                reached.setdefault(token, []).append(cue)
        return reached

    def _scope_end(self, cue: Place, cues: set[int]) -> int:
        """One past the last token that a cue reaches."""
        limit = min(cue[1] + _SCOPE, self._last_of_clause[self.clause[cue[0]]] + 1)
        answer = self._tokens[cue[0]].word in self._answers and cue[1] - cue[0] == 1
        said = False
        for place in range(cue[1], limit):
            if place in self._statement and (said or (answer and place in self._at_subject)):
                return place
            if (place in cues or place in self._false_starts) and (answer or place > cue[1]):
                return place
            if said and self._ends_list(place, limit):
                return place
            said = said or not (place in self._statement or place in self._fillers)
        return limit

    def _ends_list(self, place: int, limit: int) -> bool:
        """Whether a list of denied things ends here: at a comma or "and" with more than a word or two to come."""
        if not (self._tokens[place].gap == 1 or place in self._and):
            return False
        begin = place + 1 if place in self._and else place
        rest = range(begin, limit)
        if any(token in self._or for token in rest):
            return False
        following = next(
            (token for token in rest if token > begin and (self._tokens[token].gap == 1 or token in self._and)), limit
        )
        return following - begin > _SHORT

    @cached_property
    def _answers(self) -> frozenset[str]:
        return frozenset(self._tokens[first].word for first, _ in self._cues("answer_no"))

    @cached_property
    def _at_subject(self) -> frozenset[int]:
        return self._at("subject")

    @cached_property
    def _statement(self) -> frozenset[int]:
        return self._at_subject | self._at("resume")

    @cached_property
    def _fillers(self) -> frozenset[int]:
        return self._at("filler")

    @cached_property
    def _false_starts(self) -> frozenset[int]:
        return self._at("negation_false")

    @cached_property
    def _and(self) -> frozenset[int]:
        return self._at("joiner")

    @cached_property
    def _or(self) -> frozenset[int]:
        return self._at("or")


def _longest(places: Sequence[Place]) -> list[Place]:
    """Places in order, without those that lie within an earlier or longer one."""
    kept: list[Place] = []
    for place in sorted(set(places), key=lambda each: (each[0], -each[1])):
        if not kept or place[0] >= kept[-1][1]:
            kept.append(place)
    return kept
