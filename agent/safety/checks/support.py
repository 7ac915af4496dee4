"""Nothing is told beyond what the patient said: every word of a statement is the patient's, or plain talk.

The other checks know what is wrong. This one knows what is right: a statement is made of the patient's own
words and of a closed list of words for talking with someone (thanks, feelings, questions, notes, people, time).
So a condition that no list holds, a remedy, or a mechanism in plain words stays in all the same. A question
may use any everyday word, but what it takes for given ("the squeezed nerve", "your growth") must be known.
"""

from collections.abc import Iterator

from symptom_intake.agent.safety.checks.grounding import Attribution, restates
from symptom_intake.agent.safety.checks.lexicon import Lexicon
from symptom_intake.agent.safety.checks.reader import Reader, Token
from symptom_intake.agent.safety.checks.subject import Paragraph, Sentence, Subject
from symptom_intake.agent.safety.verdict import GuardClass, Violation
from symptom_intake.prompts.guard_content import Talk

_PICTURE = "picture"
"""The theme whose words may be said only where a picture is spoken of."""
_ANYONE = frozenset({"child", "friend", "family", "partner"})
_CHILDREN = frozenset({"son", "daughter"})
_REASON = "says what the patient did not"


class Support:
    """Holds every statement against what was said, and what a question presupposes too."""

    def __init__(
        self, talk: Talk, reader: Reader, attribution: Attribution, lexicon: Lexicon, wordings: frozenset[str]
    ) -> None:
        """Take the closed list.

        Args:
            talk: The words of plain talk, and how questions begin.
            reader: Reads words and their stems.
            attribution: Finds what is said to be the patient's.
            lexicon: Finds names of conditions and treatments.
            wordings: Stems of the words that the content's own questions use.
        """
        self._talk, self._reader, self._attribution, self._lexicon = talk, reader, attribution, lexicon
        stems = {theme: frozenset(map(reader.stem, words)) for theme, words in talk.words.items()}
        self._seen = stems.pop(_PICTURE)
        self._plain = frozenset[str]().union(*stems.values())
        self._asked = self._plain | self._seen | wordings | frozenset(map(reader.stem, talk.given))
        self._able = self._plain | frozenset(map(reader.stem, talk.able))

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Yield each first word of a sentence that nothing bears out."""
        if subject.audience != "patient":
            return
        known = self._reader.meanings(subject.said.stems)
        pictured = any(map(self._talk.pictured.search, subject.said.texts))
        for paragraph in subject.unsigned:
            seen = self._seen if pictured or self._talk.pictured.search(paragraph.shadow.text) else frozenset[str]()
            free = self._free(paragraph, subject)
            for sentence in paragraph.sentences:
                yield from self._sentence(sentence, paragraph, free, (known, seen), subject.said.stems)

    def _free(self, paragraph: Paragraph, subject: Subject) -> list[range]:
        """Where facts in our own wording stand, and set phrases."""
        reports = [each for each in self._attribution.reports(paragraph) if restates(paragraph, each, subject)]
        phrases = (match.span() for match in self._talk.counted.finditer(paragraph.shadow.text))
        return [range(*span) for span in (*((each.start, each.end) for each in reports), *phrases)]

    def _sentence(
        self,
        sentence: Sentence,
        paragraph: Paragraph,
        free: list[range],
        groups: tuple[frozenset[str], frozenset[str]],
        told: frozenset[str],
    ) -> Iterator[Violation]:
        known, seen = groups
        asked = self._question(sentence)
        plain = [self._able if self._talk.ability.search(sentence.text) else self._plain, seen]
        topic = self._talk.topic.search(sentence.text)
        about = sentence.start + (topic.end() if topic else len(sentence.text))
        for token in self._reader.words(paragraph.unquoted[sentence.start : sentence.start + asked], sentence.start):
            words = plain if token.start < about else [*plain, self._asked]
            fine = any(token.start in each for each in free) or self._stated(token, known, words, told)
            if not fine and not self._named(paragraph, token):
                yield self._violation(paragraph, token, GuardClass.FAB)
                return
        for start, end in self._presupposed(sentence, asked):
            for token in self._reader.words(paragraph.unquoted[start:end], start):
                fine = token.kind != "word" or _is_in(token.stem, known, self._asked)
                if not fine and not self._named(paragraph, token):
                    yield self._violation(paragraph, token, GuardClass.DX)
                    return

    def _question(self, sentence: Sentence) -> int:
        """Where a neutral question begins in a sentence; its length when there is none."""
        if not sentence.asks:
            return len(sentence.text)
        found = self._talk.question.search(sentence.text)
        if not found and self._talk.fragment.match(sentence.text):
            return 0
        if not found or self._talk.request.match(sentence.text, found.end("lead")):
            return len(sentence.text)
        return found.end("lead")

    def _presupposed(self, sentence: Sentence, asked: int) -> Iterator[tuple[int, int]]:
        for match in self._talk.presupposed.finditer(sentence.text, asked):
            yield sentence.start + match.start("what"), sentence.start + match.end("what")

    def _named(self, paragraph: Paragraph, token: Token) -> bool:
        """Whether a word is part of a name of the lexicons, of which another check decides."""
        hits = self._lexicon.hits(paragraph.shadow)
        return any(hit.start <= token.start < hit.end for hit in hits if hit.kind in ("condition", "treatment"))

    def _stated(self, token: Token, known: frozenset[str], words: list[frozenset[str]], told: frozenset[str]) -> bool:
        if token.kind == "number":
            return token.stem in told or float(token.stem) <= self._talk.small
        if token.stem in self._reader.people.relatives:
            return token.stem in told or token.stem in _ANYONE or ("child" in told and token.stem in _CHILDREN)
        if token.kind == "side" or _is_in(token.stem, known):
            return True
        return token.kind == "word" and any(token.stem in group for group in words)

    def _violation(self, paragraph: Paragraph, token: Token, cls: GuardClass) -> Violation:
        return paragraph.violation(cls, token.start, token.start + max(1, len(token.stem)), _REASON)


def _is_in(stem: str, *groups: frozenset[str]) -> bool:
    """Whether a word, or the one that it compares ("weaker"), is in any of the groups."""
    forms = {stem, stem.removesuffix("er"), stem.removesuffix("est")}
    return any(not group.isdisjoint(forms) for group in groups)
