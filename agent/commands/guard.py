"""`guard`: the guardrail for any other chatbot's drafts."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from symptom_intake.agent.commands.lines import Line, Words, answer_lines
from symptom_intake.agent.commands.options import ContentPack, Language, Lines, Region, settings
from symptom_intake.prompts.levels import Urgency

if TYPE_CHECKING:
    from symptom_intake.agent.safety.guardrail import Guardrail


class Draft(Line):
    """A draft, and what it is judged against."""

    draft: Words
    said: list[Words] = []
    urgency: Annotated[Urgency | None, Field(strict=False)] = None
    audience: Literal["patient", "clinician"] = "patient"


def guard(
    lines: Lines = "-",  # type: ignore[assignment]
    region: Region = None,
    language: Language = None,
    content: ContentPack = None,
) -> None:
    """Judge drafts before a patient sees them: JSON lines in, JSON lines out.

    In: {"draft": str, "said": [str, ...]?, "urgency": str?, "audience": "patient"|"clinician"?}

    Out: {"allowed": bool, "violations": [{"class", "span": [start, end], "reason"}]}

    A line that cannot be read gets {"error"}, and the command ends with status 1.

    Example: echo '{"draft": "You have the flu."}' | symptom-intake guard
    """
    from symptom_intake.agent.safety.guardrail import Guardrail
    from symptom_intake.prompts.loader import load_content
    from symptom_intake.prompts.templates import load_messages

    config = settings(region=region, language=language, content=content)
    messages = load_messages(config.language, config.region, config.content)
    guardrail = Guardrail(load_content(config.content), messages)
    answer_lines(lines, Draft, lambda draft: _judged(draft, guardrail))


def _judged(draft: Draft, guardrail: "Guardrail") -> dict[str, Any]:
    verdict = guardrail.check(draft.draft, said=draft.said, urgency=draft.urgency, audience=draft.audience)
    return {
        "allowed": verdict.allowed,
        "violations": [
            {"class": each.cls, "span": [each.start, each.end], "reason": each.reason} for each in verdict.violations
        ],
    }
