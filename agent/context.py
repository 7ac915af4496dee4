"""What the nodes work with: content, interviewer, safety parts, records. Bound at build time, never checkpointed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.history import Settings
from symptom_intake.agent.interview.embedded import EmbeddedInterviewer
from symptom_intake.agent.interview.protocol import Interviewer
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.agent.safety.text_scan import TextScanner
from symptom_intake.prompts.loader import Content, load_content
from symptom_intake.prompts.templates import Messages, load_messages
from symptom_intake.tools.records import Records


@dataclass(frozen=True)
class IntakeContext:
    """Everything that the nodes use.

    Attributes:
        settings: Region and language.
        content: Questions, rules, vocabulary.
        messages: The signed templates of the region.
        interviewer: Reads the patient's words.
        scanner: Finds red flags in raw text.
        guardrail: Judges every draft.
        records: Where turns, facts and the audit trail go; None keeps none.
        notice_in_reply: Whether the first reply starts with the AI notice (for callers without a greeting).
        clock: Now, with a time zone.
    """

    settings: Settings
    content: Content
    messages: Messages
    interviewer: Interviewer
    scanner: TextScanner
    guardrail: Guardrail
    records: Records | None
    notice_in_reply: bool
    clock: Callable[[], datetime]


def make_context(
    settings: Settings | None = None,
    interviewer: str | Interviewer = "embedded",
    *,
    records: Records | None = None,
    notice_in_reply: bool = True,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> IntakeContext:
    """Put together what the nodes use.

    Raises:
        ConfigurationError: If the interviewer is not one that this version knows.
        ContentError: If the content is faulty.
    """
    settings = settings or Settings()
    content = load_content()
    messages = load_messages(settings.language, settings.region)
    return IntakeContext(
        settings=settings,
        content=content,
        messages=messages,
        interviewer=_interviewer(interviewer, content),
        scanner=_scanner(content),
        guardrail=_guardrail(content, messages),
        records=records,
        notice_in_reply=notice_in_reply,
        clock=clock,
    )


# What is compiled from content is the same for every session that uses it.
_scanner = lru_cache(maxsize=4)(TextScanner)
_guardrail = lru_cache(maxsize=16)(Guardrail)
_embedded = lru_cache(maxsize=4)(EmbeddedInterviewer)


def _interviewer(wanted: str | Interviewer, content: Content) -> Interviewer:
    if not isinstance(wanted, str):
        return wanted
    if wanted != "embedded":
        raise ConfigurationError(f"There is no interviewer {wanted!r}; this version has 'embedded'.")
    return _embedded(content)
