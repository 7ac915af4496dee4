"""The guardrail: whether a draft may reach the patient. It calls no model, and it fails closed."""

import logging
from collections.abc import Container, Iterator, Sequence

from symptom_intake.agent.history import Fact
from symptom_intake.agent.interview.wording import describe
from symptom_intake.agent.safety.checks import structure, urgency
from symptom_intake.agent.safety.checks.claims import Claims
from symptom_intake.agent.safety.checks.grounding import Attribution
from symptom_intake.agent.safety.checks.language import Language
from symptom_intake.agent.safety.checks.said import Reader, Said
from symptom_intake.agent.safety.checks.subject import Audience, Subject
from symptom_intake.agent.safety.checks.support import Support
from symptom_intake.agent.safety.checks.templates import Signed, wordings
from symptom_intake.agent.safety.normalise import shadow
from symptom_intake.agent.safety.verdict import GuardClass, Verdict, Violation
from symptom_intake.prompts.guard_content import load_guard_content
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.templates import Messages

_LOG = logging.getLogger(__name__)


class Guardrail:
    """Judges drafts. It holds no state between calls: the same draft and history get the same verdict."""

    def __init__(self, content: Content, messages: Messages) -> None:
        """Take what is signed, and load the guardrail's own files.

        Args:
            content: The questions and answers that pass as they are written.
            messages: The signed templates of the region.

        Raises:
            ContentError: If the guardrail's files are faulty.
        """
        guard = load_guard_content()
        self._limits = guard.patterns.limits
        self._slots = content.slots
        self._signed = Signed(content, messages)
        self._reader = Reader(guard.grounding, guard.talk.alike)
        self._language = Language(guard.grounding)
        self._attribution = Attribution(guard.grounding)
        self._claims = Claims(guard, self._attribution)
        known = (token.stem for text in wordings(content, messages) for token in self._reader.words(shadow(text).text))
        self._support = Support(guard.talk, self._reader, self._attribution, frozenset(known))

    def check(
        self,
        draft: str,
        *,
        said: Sequence[str] = (),
        facts: Sequence[Fact] = (),
        urgency: Urgency | None = None,
        audience: Audience = "patient",
        signed: Container[str] = frozenset(),
    ) -> Verdict:
        """Judge one draft.

        Args:
            draft: The text; its paragraphs are parted by blank lines.
            said: What the patient has said, word for word.
            facts: What was read out of it, for answers that mean something only with their question.
            urgency: The engine's level, when the draft must not fall short of it.
            audience: Who will read it; a clinician may read what the patient reported.
            signed: Fingerprints of more paragraphs that pass as they are.

        Returns:
            Whether it may go out, with every violation found. An error inside is a violation, never an exception.
        """
        try:
            subject = Subject(
                draft=draft,
                paragraphs=self._signed.paragraphs(draft, signed),
                said=Said(self._reader, said, facts, self._slots),
                urgency=urgency,
                audience=audience,
            )
            found = tuple(dict.fromkeys(self._violations(subject)))
        except Exception as error:  # noqa: BLE001 - whatever breaks here, the draft stays in
            _LOG.error("the guardrail failed: %s", type(error).__name__)
            length = len(draft) if isinstance(draft, str) else 0
            found = (Violation(cls=GuardClass.STYLE, start=0, end=length, reason="the check failed"),)
        return Verdict(allowed=not found, violations=found)

    def bears_out(self, text: str, said: Sequence[str], facts: Sequence[Fact] = ()) -> bool:
        """Whether a text says no word, number, day, side or denial that does not stand in what it is held against.

        This is stricter than `check`, for text that only says again what was said.

        Args:
            text: A model's wording.
            said: What it is held against: the patient's words, or a signed wording.
            facts: Facts that it is held against as well, in the patient's words and in ours.
        """
        sources = [*said, *(fact.quote for fact in facts), *(describe(fact, self._slots) for fact in facts)]
        return self._attribution.bears_out(shadow(text).text, Said(self._reader, sources, facts, self._slots))

    def _violations(self, subject: Subject) -> Iterator[Violation]:
        """Every check, in the order of decision; the signed paragraphs are told apart before."""
        yield from structure.check(subject, self._limits)
        yield from self._language.check(subject)
        yield from self._attribution.check(subject)
        yield from self._claims.check(subject)
        yield from self._support.check(subject)
        yield from urgency.check(subject, self._signed)
