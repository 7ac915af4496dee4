"""Statements about somebody else than a patient who writes: "my husband takes metformin", "he has diabetes"."""

from symptom_intake.agent.interview.readers.words import Said, once
from symptom_intake.agent.language.phrases import Place


@once
def said_of_others(said: Said) -> list[Place]:
    """Offsets of what is told of other persons, each to the end of its clause or to the next "I" or "my".

    It holds only when the patient writes: a carer's "she has" is of the patient.
    """
    found: list[Place] = []
    for first in range(len(said.tokens)):
        end = _person_at(said, first)
        if end is not None and _has_it(said, end):
            found.append(said.span(first, _stop(said, end)))
    return found


def is_of_another(said: Said, offset: int) -> bool:
    """Whether what stands at an offset is told of somebody else."""
    return any(start <= offset < end for start, end in said_of_others(said))


def _person_at(said: Said, first: int) -> int | None:
    patient = said.key_at("patients", first)
    relative = said.at("relations", first + 1) if said.at("first_person", first) == first + 1 else None
    return max((end for end in (patient and patient[1], relative, said.at("third_person", first)) if end), default=None)


def _has_it(said: Said, end: int) -> bool:
    if said.at("not_patient_verbs", end) is not None:
        return False
    return said.at("family_had", end) is not None or said.at("on_medicine", end) is not None


def _stop(said: Said, place: int) -> int:
    _, end = said.clause(place)
    return next((each for each in range(place, end) if said.at("first_person", each) is not None), end)
