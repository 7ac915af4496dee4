"""What the nodes work with: content, interviewer, safety parts, records. Bound at build time, never checkpointed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from symptom_intake.agent.history import Settings
from symptom_intake.agent.interview.embedded import EmbeddedInterviewer
from symptom_intake.agent.interview.protocol import Interviewer, Narrator
from symptom_intake.agent.models.options import ModelOptions
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.agent.safety.text_scan import TextScanner
from symptom_intake.prompts.loader import Content, load_content
from symptom_intake.prompts.templates import Messages, load_messages
from symptom_intake.tools.records import Records
from symptom_intake.tools.vision import ImageReader

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


@dataclass(frozen=True)
class IntakeContext:
    """Everything that the nodes use.

    Attributes:
        settings: Region and language.
        content: Questions, rules, vocabulary.
        messages: The signed templates of the region.
        interviewer: Reads the patient's words.
        embedded: Reads them without any model, for the screen before it.
        narrator: Words the story at the end; None leaves the report without one.
        image_reader: Looks at attached images; None leaves them unexamined.
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
    embedded: EmbeddedInterviewer
    narrator: Narrator | None
    image_reader: ImageReader | None
    scanner: TextScanner
    guardrail: Guardrail
    records: Records | None
    notice_in_reply: bool
    clock: Callable[[], datetime]


def make_context(
    settings: Settings | None = None,
    interviewer: "str | BaseChatModel | Interviewer" = "embedded",
    *,
    image_reader: "str | BaseChatModel | ImageReader" = "none",
    options: ModelOptions | None = None,
    content: Path | None = None,
    records: Records | None = None,
    notice_in_reply: bool = True,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> IntakeContext:
    """Put together what the nodes use.

    Args:
        settings: Region and language.
        interviewer: `embedded` (no model), a string that names a model (docs/models.md), a LangChain chat model, or an
            object that follows the Interviewer protocol.
        image_reader: `none`, or likewise.
        options: How models are loaded, and how long a turn waits for them.
        content: A pack of questions, rules and messages that is laid over ours (docs/write-a-protocol.md).
        records: Where turns, facts and the audit trail go.
        notice_in_reply: Whether the first reply starts with the AI notice.
        clock: Now, with a time zone.

    Raises:
        ConfigurationError: If a model is not known, or cannot be used as it is set up.
        ContentError: If the content is faulty.
    """
    settings = settings or Settings()
    loaded = load_content(content)
    messages = load_messages(settings.language, settings.region, content)
    guardrail = _guardrail(loaded, messages)
    reader, narrator = _voices(interviewer, options or ModelOptions(), loaded, guardrail)
    return IntakeContext(
        settings=settings,
        content=loaded,
        messages=messages,
        interviewer=reader,
        embedded=_embedded(loaded),
        narrator=narrator,
        image_reader=_image_reader(image_reader, options or ModelOptions()),
        scanner=_scanner(loaded),
        guardrail=guardrail,
        records=records,
        notice_in_reply=notice_in_reply,
        clock=clock,
    )


# What is compiled from content is the same for every session that uses it.
_scanner = lru_cache(maxsize=4)(TextScanner)
_guardrail = lru_cache(maxsize=16)(Guardrail)
_embedded = lru_cache(maxsize=4)(EmbeddedInterviewer)


def _voices(
    wanted: "str | BaseChatModel | Interviewer", options: ModelOptions, content: Content, guardrail: Guardrail
) -> tuple[Interviewer, Narrator | None]:
    """What reads the patient, and what words the story at the end."""
    if wanted == "embedded":
        return _embedded(content), None
    if isinstance(wanted, Interviewer):
        return wanted, None
    from symptom_intake.agent.interview.model.interviewer import ModelInterviewer  # models take time to import
    from symptom_intake.agent.interview.model.narrator import ModelNarrator
    from symptom_intake.agent.models.roles import steady_model

    model = steady_model(wanted, "interviewer", options)
    return ModelInterviewer(model, _embedded(content), content), ModelNarrator(model, guardrail, content)


def _image_reader(wanted: "str | BaseChatModel | ImageReader", options: ModelOptions) -> ImageReader | None:
    if wanted == "none":
        return None
    if isinstance(wanted, ImageReader):
        return wanted
    from symptom_intake.agent.image_reading import image_reader_of  # models take time to import
    from symptom_intake.agent.models.roles import steady_model

    return image_reader_of(steady_model(wanted, "image_reader", options))
