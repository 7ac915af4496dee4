"""The scan of one message, scored on the openings of cases."""

from collections.abc import Sequence

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.evaluation.baselines import has_keyword
from symptom_intake.agent.evaluation.case import Case
from symptom_intake.agent.evaluation.play import Done
from symptom_intake.agent.evaluation.results import Line, Result, blank, scored
from symptom_intake.agent.evaluation.stage import NOW, Setup
from symptom_intake.agent.screening import screen_text, vouched_for
from symptom_intake.prompts.levels import Urgency, highest


def screen_messages(cases: Sequence[Case], setup: Setup | None = None, *, done: Done | None = None) -> list[Result]:
    """Scan the opening of each case; the patient's age and sex are taken as known.

    Args:
        cases: From `load_cases`, or of your own.
        setup: What is evaluated; by default the package's content.
        done: Called with each result as it comes.

    Raises:
        ContentError: If the content is faulty.
    """
    context = (setup or Setup()).context()
    results = []
    for case in cases:
        results.append(_screened(case, context))
        if done:
            done(results[-1])
    return results


def _screened(case: Case, context: IntakeContext) -> Result:
    row = blank(case, has_keyword(case.opening))
    try:
        hits = screen_text(case.opening, vouched_for(case.age, case.sex), context, NOW)
    except Exception as error:  # noqa: BLE001 - one case must not end the evaluation of the others
        return row.model_copy(update={"failed": error.__class__.__name__})
    level = highest(Urgency.ROUTINE, *(hit.rule.level or Urgency.ROUTINE for hit in hits))
    said = (Line(who="patient", text=case.opening),)
    return scored(row, case, level, [hit.rule.id for hit in hits], transcript=said)
