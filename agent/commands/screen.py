"""`screen`: red flags in any text, for other chatbots."""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from symptom_intake.agent.commands.lines import Line, Words, answer_lines
from symptom_intake.agent.commands.options import ContentPack, Lines, settings
from symptom_intake.prompts.levels import Urgency, highest

if TYPE_CHECKING:
    from symptom_intake.agent.context import IntakeContext


class Statement(Line):
    """What a patient wrote, and what is known of them."""

    text: Words
    age: float | None = Field(None, ge=0, le=150, allow_inf_nan=False)
    sex: Literal["female", "male", "other"] | None = None
    pregnant: bool | None = None


def screen(lines: Lines = "-", content: ContentPack = None) -> None:  # type: ignore[assignment]
    """Find red flags in text: JSON lines in, JSON lines out.

    In: {"text": str, "age": years?, "sex": "female"|"male"|"other"?, "pregnant": bool?}

    Out: {"urgency", "rules": [{"id", "level", "evidence": [[start, end], ...]}]}

    A line that cannot be read gets {"error"}, and the command ends with status 1.

    Example: echo '{"text": "my chest feels crushed"}' | symptom-intake screen
    """
    from symptom_intake.agent.context import make_context

    context = make_context(content=settings(content=content).content)
    answer_lines(lines, Statement, lambda statement: _screened(statement, context))


def _screened(statement: Statement, context: "IntakeContext") -> dict[str, Any]:
    from symptom_intake.agent.screening import screen_text, vouched_for

    known = vouched_for(statement.age, statement.sex, statement.pregnant)
    hits = screen_text(statement.text, known, context, context.clock())
    rules = [
        {
            "id": hit.rule.id,
            "level": hit.rule.level or Urgency.ROUTINE,
            "evidence": [list(span) for span in hit.spans],
        }
        for hit in hits
    ]
    return {"urgency": highest(Urgency.ROUTINE, *(hit.rule.level or Urgency.ROUTINE for hit in hits)), "rules": rules}
