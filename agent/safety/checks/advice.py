"""Whether a sentence tells the patient to do something: a verb of advice where an order or an "you should" puts it."""

import re
from collections.abc import Iterator, Sequence

from symptom_intake.agent.safety.checks.lexicon import Hit
from symptom_intake.agent.safety.checks.subject import Sentence
from symptom_intake.prompts.guard_content import Treatments

_CLAUSE = re.compile(r"[,;:] |\b(?:and|or|then|but) |^\W*")
_SUPPOSED = re.compile(r"\b(?:when|if|whether|while|after|before|that|how|what|to)\b")
_WANTS_OBJECT = re.compile(
    r"(?:need|(?:how|what|think|thought) about|try|consider|recommend|suggest|advise|want)"
    r"(?: (?:a|an|some|the|more|to have|plenty of|lots of|another|\w+)){0,2}\s*$"
)
_NEUTRAL = re.compile(
    r"(?:and |so )?(?:do|does|did|are|is|was|were|has|when|where|which|who|how (?:much|many|often|long)"
    r"|have (?:you|they|he|she) (?!considered|thought))\b"
)
_REFUSED = re.compile(r"\bi (?:can|could|will|may|am|do|would) not\b")
_NUMBER = re.compile(r"\s*(?:the |another )?(?:\d|half|one|two|three)\b")
_REACH = 60
_NEAR = 25


class Advice:
    """Tells advice from questions and accounts."""

    def __init__(self, treatments: Treatments) -> None:
        """Take what may stand between the start of a clause and the verb."""
        self._telling = re.compile(treatments.telling.pattern + r"\s*")

    def given(self, sentence: Sentence, hits: Sequence[Hit]) -> Iterator[tuple[int, int]]:
        """Where a sentence gives advice, as spans of the shadow."""
        if sentence.asks and _NEUTRAL.match(sentence.text):
            return
        things = [hit for hit in hits if hit.kind in ("object", "treatment")]
        for hit in hits:
            if hit.kind in ("verb", "strong_verb") and self._told(sentence, hit):
                thing = next((each for each in things if hit.end <= each.start <= hit.end + _REACH), None)
                if hit.kind == "strong_verb" or thing or _counted(sentence, hit):
                    yield hit.start, thing.end if thing else hit.end
            elif hit.kind == "object" and self._wanted(sentence, hit):
                yield hit.start, hit.end

    def _told(self, sentence: Sentence, hit: Hit) -> bool:
        text = sentence.text[: hit.start - sentence.start]
        for start in _CLAUSE.finditer(text):
            before = text[start.end() :]
            if not self._telling.fullmatch(before) or (sentence.asks and not before.strip()):
                continue
            if before.strip() or start.start() == 0 or not _SUPPOSED.search(text[: start.start()]):
                return True
        return False

    def _wanted(self, sentence: Sentence, hit: Hit) -> bool:
        text = sentence.text[: hit.start - sentence.start]
        if _REFUSED.search(text):
            return False
        for start in _CLAUSE.finditer(text):
            told = self._telling.match(text, start.end())
            if told and told.end() > start.end() and _WANTS_OBJECT.search(text, start.end()):
                return len(text) - told.end() < _NEAR
        return False


def _counted(sentence: Sentence, hit: Hit) -> bool:
    return sentence.text[hit.start - sentence.start :].startswith("take") and bool(
        _NUMBER.match(sentence.text, hit.end - sentence.start)
    )
