"""What a Spanish sentence says that may not be said. Nothing Spanish is sent; this names the class in the report."""

import re
from collections.abc import Iterator

from symptom_intake.agent.safety.checks.subject import Paragraph, Sentence, Subject
from symptom_intake.agent.safety.verdict import GuardClass, Violation
from symptom_intake.prompts.guard_languages import Spanish


class SpanishClasses:
    """Names of conditions and treatments, and patterns by class, on the plain copy of a sentence."""

    def __init__(self, spanish: Spanish) -> None:
        """Take the words and the patterns."""
        self._spanish = spanish
        self._conditions, self._treatments = _names(spanish.conditions), _names(spanish.treatments)

    def check(self, sentence: Sentence, paragraph: Paragraph, subject: Subject) -> Iterator[Violation]:
        """Yield one violation for each class that a sentence of a paragraph falls under."""
        text = sentence.text
        for idiom in self._spanish.idioms:
            text = idiom.sub(lambda match: " " * len(match[0]), text)
        found = dict(self._named(text, sentence.asks, subject))
        for code, patterns in self._spanish.classes.items():
            match = next(filter(None, (pattern.search(text) for pattern in patterns)), None)
            if match and not (sentence.asks and self._spanish.asked.match(text)):
                found.setdefault(GuardClass(code), match.span())
        for cls, (start, end) in found.items():
            yield paragraph.violation(cls, sentence.start + start, sentence.start + end, "says so in Spanish")

    def _named(self, text: str, asks: bool, subject: Subject) -> Iterator[tuple[GuardClass, tuple[int, int]]]:
        """Names outside a neutral question that the patient did not use."""
        if asks and self._spanish.asked.match(text):
            return
        for names, cls in ((self._treatments, GuardClass.TX), (self._conditions, GuardClass.DX)):
            for match in names.finditer(text):
                if not subject.said.quoted(match[0]):
                    denied = cls is GuardClass.DX and self._spanish.denied.search(text[: match.start()])
                    yield GuardClass.DXN if denied else cls, match.span()


def _names(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")(?:e?s)?\b")
