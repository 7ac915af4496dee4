"""Which language a draft is in: the patterns are validated for English, so nothing else passes unsigned."""

import re
import unicodedata
from collections.abc import Iterator

from symptom_intake.agent.safety.checks.spanish import SpanishClasses
from symptom_intake.agent.safety.checks.subject import Paragraph, Sentence, Subject
from symptom_intake.agent.safety.normalise import shadow
from symptom_intake.agent.safety.verdict import GuardClass, Violation
from symptom_intake.prompts.guard_content import GuardContent

_WORD = re.compile(r"[^\W\d_]+")
_NO_LATIN = re.compile(r"[^\W\d_a-zA-ZÀ-ʯᴀ-ᶿḀ-ỿ]{2,}")
_REASON = "is in a language that the guardrail is not validated for"
_OTHER_LETTERS = 3
_MIXED = 3
_UNKNOWN = 4


class Language:
    """Tells English from the rest by its commonest words, sentence by sentence."""

    def __init__(self, content: GuardContent) -> None:
        """Take the word lists."""
        languages, talk = content.languages, content.talk
        self._english = frozenset(languages.english)
        self._known = self._english.union(talk.given, talk.able, *talk.words.values(), *talk.alike)
        self._others = {name: frozenset(words) - self._english for name, words in languages.others.items()}
        self._foreign = frozenset[str]().union(*self._others.values())
        self._spanish = SpanishClasses(content.spanish)

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Block what is not, or not clearly, English; what the patient said and what stands in quotes is let be."""
        if subject.audience != "patient":
            return
        said = frozenset(word for text in subject.said.texts for word in text.split())
        for paragraph in subject.unsigned:
            for sentence in self._foreign_sentences(paragraph, said):
                yield paragraph.violation(GuardClass.STYLE, sentence.start, sentence.end, _REASON)
                if self._looks_spanish(sentence):
                    yield from self._spanish.check(sentence, paragraph, subject)

    def _foreign_sentences(self, paragraph: Paragraph, said: frozenset[str]) -> list[Sentence]:
        """Those in another language, and beside them those without a word of English."""
        words = {sentence: _words(sentence, paragraph) for sentence in paragraph.sentences}
        found = {
            sentence
            for sentence in words
            if self._other(words[sentence], said) or self._other_script(sentence, paragraph, said)
        }
        if found:
            found.update(sentence for sentence in words if not self._count_english(words[sentence]))
        return sorted(found, key=lambda sentence: sentence.start)

    def _other(self, words: list[str], said: frozenset[str]) -> bool:
        """Whether words are in another language or script; the patient's own count only where nothing is English."""
        english = self._count_english(words)
        ours = [word for word in words if word not in said] if english else words
        foreign = sum(word in self._foreign for word in ours)
        if sum(char.isalpha() and not char.isascii() for word in ours for char in word) >= _OTHER_LETTERS:
            return True
        if foreign:
            return foreign > english or (foreign >= _MIXED and foreign * _MIXED >= english)
        return len(ours) >= _UNKNOWN and not any(word in self._known or word in said for word in words)

    def _other_script(self, sentence: Sentence, paragraph: Paragraph, said: frozenset[str]) -> bool:
        """Whether a word has no Latin letter and passes for none of ours; quotes and the patient's words may."""
        if paragraph.text.isascii():
            return False
        begin, end = paragraph.shadow.span(sentence.start, sentence.end)
        quoted = [paragraph.shadow.span(*quote) for quote in paragraph.quotes]
        return any(
            _NO_LATIN.fullmatch(unicodedata.normalize("NFKC", word[0]))
            and not any(start <= word.start() < finish for start, finish in quoted)
            and (plain := shadow(word[0]).text) not in self._known
            and plain not in said
            for word in _WORD.finditer(paragraph.text, begin, end)
        )

    def _count_english(self, words: list[str]) -> int:
        return sum(word in self._english for word in words)

    def _looks_spanish(self, sentence: Sentence) -> bool:
        """Whether hardly any other language has more of its words."""
        words = _WORD.findall(sentence.text)
        hits = {name: sum(word in theirs for word in words) for name, theirs in self._others.items()}
        return hits["spanish"] >= max(hits.values()) - 1


def _words(sentence: Sentence, paragraph: Paragraph) -> list[str]:
    """The words of a sentence that stand outside quotation marks."""
    quoted = [range(start - sentence.start, end - sentence.start) for start, end in paragraph.quotes]
    matches = _WORD.finditer(sentence.text)
    return [match[0] for match in matches if not any(match.start() in each for each in quoted)]
