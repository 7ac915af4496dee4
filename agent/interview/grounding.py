"""A fact without the patient's own words for it is dropped, whoever read it."""

from collections.abc import Mapping

from symptom_intake.agent.history import Fact
from symptom_intake.agent.interview.protocol import Reading


def ground(reading: Reading, turns: Mapping[str, str]) -> Reading:
    """Keep the facts whose every quote stands in the turn that it names, at the place that it names.

    Args:
        reading: What an interviewer made of a message.
        turns: The text of each turn, by id.

    Returns:
        The reading without the facts that have no evidence, or evidence that does not match.
    """
    kept = tuple(fact for fact in reading.facts if _is_grounded(fact, turns))
    return reading if len(kept) == len(reading.facts) else reading.model_copy(update={"facts": kept})


def _is_grounded(fact: Fact, turns: Mapping[str, str]) -> bool:
    return bool(fact.evidence) and all(
        bool(each.quote.strip()) and each.start >= 0 and turns.get(each.turn, "")[each.start : each.end] == each.quote
        for each in fact.evidence
    )
