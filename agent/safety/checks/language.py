"""Which language a draft is in: the patterns are validated for English, so nothing else passes unsigned."""

import re
from collections.abc import Iterator

from symptom_intake.agent.safety.checks.subject import Paragraph, Subject
from symptom_intake.agent.safety.verdict import GuardClass, Violation
from symptom_intake.prompts.guard_content import Grounding

_WORD = re.compile(r"[^\W\d_]+")
_OTHER_LETTERS = 3


class Language:
    """Tells English from the rest by its commonest words."""

    def __init__(self, grammar: Grounding) -> None:
        """Take the word lists."""
        self._english = frozenset(grammar.english)
        self._foreign = frozenset(grammar.foreign) - self._english

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Block what is not, or not clearly, English; the patient's quoted words do not count."""
        for paragraph in subject.unsigned if subject.audience == "patient" else ():
            if self._other(paragraph):
                yield paragraph.whole(GuardClass.STYLE, "is in a language that the guardrail is not validated for")

    def _other(self, paragraph: Paragraph) -> bool:
        text = paragraph.shadow.text
        for start, end in paragraph.quotes:
            text = text[:start] + " " * (end - start) + text[end:]
        if sum(char.isalpha() and not char.isascii() for char in text) >= _OTHER_LETTERS:
            return True
        words = _WORD.findall(text)
        foreign = sum(word in self._foreign for word in words)
        return foreign > sum(word in self._english for word in words)
