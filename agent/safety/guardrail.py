"""The guardrail: whether a draft may reach the patient. It calls no model, and it fails closed."""

import logging
from collections.abc import AsyncIterable, AsyncIterator, Callable, Container, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self, get_args

from symptom_intake.agent.guarding.bounded import Bounded, OverdueError
from symptom_intake.agent.guarding.stream import Chunk, Gate, achecked, checked
from symptom_intake.agent.history import Fact
from symptom_intake.agent.interview.wording import describe
from symptom_intake.agent.safety.checks import structure, urgency
from symptom_intake.agent.safety.checks.claims import Claims
from symptom_intake.agent.safety.checks.grounding import Attribution
from symptom_intake.agent.safety.checks.language import Language
from symptom_intake.agent.safety.checks.lexicon import Lexicon
from symptom_intake.agent.safety.checks.reader import Reader
from symptom_intake.agent.safety.checks.said import Said
from symptom_intake.agent.safety.checks.subject import Audience, Subject
from symptom_intake.agent.safety.checks.support import Support
from symptom_intake.agent.safety.checks.templates import Signed, wordings
from symptom_intake.agent.safety.normalise import shadow
from symptom_intake.agent.safety.verdict import LONGEST, GuardClass, Judge, Verdict, Violation
from symptom_intake.prompts.guard_content import load_guard_content
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import Content, load_content
from symptom_intake.prompts.templates import Messages, load_messages

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_LOG = logging.getLogger(__name__)

LIMIT_S = 5.0
"""Seconds that all rules together may take."""
_GRACE_S = 1.0
"""Seconds that a judge has beyond its own deadline to say that it has none."""
_MOST = 500
"""Violations that are looked at; a check that finds them without end is stopped here."""
Check = Callable[[Subject], Iterator[Violation]]


class Guardrail:
    """Judges drafts. The same draft, words and level get the same verdict, whatever was judged before."""

    def __init__(
        self, content: Content, messages: Messages, *, judge: Judge | None = None, limit_s: float = LIMIT_S
    ) -> None:
        """Take what is signed, and load the guardrail's own files.

        Args:
            content: The questions and answers that pass as they are written.
            messages: The signed templates of the region.
            judge: A second opinion on what the rules let pass.
            limit_s: Seconds that the rules may take; a draft that takes longer is blocked.

        Raises:
            ContentError: If the guardrail's files are faulty.
            UnknownMessageError: If a template is missing that stands in for a draft.
        """
        guard = load_guard_content()
        self._judge, self._limit_s, self._bounded = judge, limit_s, Bounded()
        self._safe = messages.text("safe_fallback")
        self._escalations = {level: messages.text(f"escalate.{level}") for level in Urgency if level.is_emergency}
        self._limits = guard.patterns.limits
        self._slots = content.slots
        self._signed = Signed(content, messages)
        self._reader = Reader(guard.grounding, guard.talk.alike)
        self._language = Language(guard)
        self._attribution = Attribution(guard.grounding)
        lexicon = Lexicon(guard)
        self._claims = Claims(guard, self._attribution, lexicon)
        known = (token.stem for text in wordings(content, messages) for token in self._reader.words(shadow(text).text))
        self._support = Support(guard.talk, self._reader, self._attribution, lexicon, frozenset(known))

    @classmethod
    def load(
        cls,
        region: str = "us",
        language: str = "en",
        content: str | Path | None = None,
        judge: "BaseChatModel | Judge | None" = None,
    ) -> Self:
        """A guardrail for any chatbot, without an interview.

        Args:
            region: Whose emergency numbers the templates hold: us, gb, eu. Another falls back to 112.
            language: Of the templates.
            content: A folder with your own pack, laid over ours.
            judge: A chat model for a second opinion on what the rules let pass.

        Raises:
            ConfigurationError: If the judge is no chat model.
            ContentError: If the content is faulty, or there are no templates in the language.
        """
        own = None if content is None else Path(content).expanduser()
        second: Judge | None = None
        if judge is not None:
            from symptom_intake.agent.guarding.judge import as_judge  # the rules need no LangChain

            second = as_judge(judge)
        return cls(load_content(own), load_messages(language, region, own), judge=second)

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
            Whether it may go out, with every violation found. Whatever breaks, hangs or makes no sense inside is a
            violation, never an exception.
        """
        try:
            found = self._bounded.run(
                lambda: self._found(draft, _texts(said), facts, urgency, audience, signed), self._limit_s
            )
        except Exception as error:  # noqa: BLE001 - whatever breaks here, the draft stays in
            late = isinstance(error, OverdueError)
            found = _failed(draft, error, "the check took too long" if late else "the check failed")
        if not found and self._judge is not None and audience == "patient":
            found = self._second_opinion(self._judge, draft, said, signed)
        return Verdict(allowed=not found, violations=found)

    def fallback(self, urgency: Urgency | None = None, question: str | None = None) -> str:
        """The signed text to send instead of a draft.

        Args:
            urgency: The level; at an emergency the text is its template, and nothing else.
            question: What to ask with it; left out unless it passes by itself.

        Raises:
            ValueError: If there is no such level.
        """
        if urgency is not None and Urgency(urgency) in self._escalations:
            return self._escalations[Urgency(urgency)]
        if question is not None and self.check(question, urgency=urgency).allowed:
            return f"{self._safe}\n\n{question.strip()}"
        return self._safe

    def stream(
        self,
        chunks: Iterable[str | Chunk],
        *,
        said: Sequence[str] = (),
        urgency: Urgency | None = None,
        question: str | None = None,
    ) -> Iterator[str]:
        """Let a draft out while it is written, sentence by sentence, as far as it passes.

        What has been let out always passes `check` as a whole. At the first violation, or when the source breaks off,
        the last piece is the fallback, and no more of the source is read. At an emergency nothing of it is read.

        Args:
            chunks: The draft in pieces: strings, or messages as LangChain's models stream them.
            said: What the patient has said, word for word.
            urgency: The level.
            question: What to ask with the fallback, as there.
        """
        return checked(Gate(self, said, urgency, question), chunks)

    def astream(
        self,
        chunks: AsyncIterable[str | Chunk],
        *,
        said: Sequence[str] = (),
        urgency: Urgency | None = None,
        question: str | None = None,
    ) -> AsyncIterator[str]:
        """Like `stream`, for a source that is awaited."""
        return achecked(Gate(self, said, urgency, question), chunks)

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

    def _found(
        self,
        draft: str,
        said: Sequence[str],
        facts: Sequence[Fact],
        urgency: Urgency | None,
        audience: Audience,
        signed: Container[str],
    ) -> tuple[Violation, ...]:
        if len(draft) > LONGEST:
            return (_whole(draft, "is too long for any check"),)
        if audience not in get_args(Audience):
            raise ValueError("no such audience")
        subject = Subject(
            draft=draft,
            paragraphs=self._signed.paragraphs(draft, signed),
            said=Said(self._reader, said, facts, self._slots),
            urgency=None if urgency is None else Urgency(urgency),
            audience=audience,
        )
        return tuple(dict.fromkeys(islice(self._violations(subject), _MOST)))

    def _violations(self, subject: Subject) -> Iterator[Violation]:
        """What every check finds, in the order of decision; the signed paragraphs are told apart before."""
        for check in self._checks().values():
            found = check(subject)
            if not isinstance(found, Iterator):
                raise TypeError("a check gave no violations to go through")
            for each in found:
                if not isinstance(each, Violation):
                    raise TypeError("a check gave something else than violations")
                yield each

    def _checks(self) -> dict[str, Check]:
        """Every check by its name, in the order of decision."""
        return {
            "structure": lambda subject: structure.check(subject, self._limits),
            "language": self._language.check,
            "attribution": self._attribution.check,
            "claims": self._claims.check,
            "support": self._support.check,
            "urgency": lambda subject: urgency.check(subject, self._signed),
        }

    def _second_opinion(
        self, judge: Judge, draft: str, said: Sequence[str], signed: Container[str]
    ) -> tuple[Violation, ...]:
        """What a judge has against a draft that the rules let pass; signed words alone need no opinion."""

        def opinion() -> tuple[Violation, ...]:
            if all(each.origin != "draft" for each in self._signed.paragraphs(draft, signed)):
                return ()
            found = judge.violations(draft, _texts(said))
            if not isinstance(found, tuple) or not all(isinstance(each, Violation) for each in found):
                raise TypeError("a judge gave something else than violations")
            return found

        try:
            return self._bounded.run(opinion, judge.deadline_s + _GRACE_S)
        except Exception as error:  # noqa: BLE001 - without the opinion that was asked for, the draft stays in
            return _failed(draft, error, "the second opinion failed")


def _texts(said: Sequence[str]) -> tuple[str, ...]:
    """What was said; one text alone is one thing said, not a row of letters."""
    return (said,) if isinstance(said, str) else tuple(said)


def _failed(draft: object, error: Exception, reason: str) -> tuple[Violation, ...]:
    """What a failure counts as. Only its kind is logged: its message may hold what was said."""
    _LOG.error("the guardrail failed: %s", type(error).__name__)
    return (_whole(draft, reason),)


def _whole(draft: object, reason: str) -> Violation:
    return Violation(cls=GuardClass.STYLE, start=0, end=len(draft) if isinstance(draft, str) else 0, reason=reason)
