"""Patients of DDXPlus (Fansi Tchango et al. 2022), read from its own files."""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symptom_intake.agent.errors import ContentError, Fault
from symptom_intake.agent.evaluation.case import Case, Want
from symptom_intake.agent.evaluation.ddxplus_patient import DdxPatient
from symptom_intake.agent.evaluation.evidences import CONDITIONS, load_book, read_json, read_rows
from symptom_intake.prompts.levels import Urgency

_COLUMNS = {"diagnosis": "pathology", "features": "evidences", "feature_id": "initial_evidence"}
"""Names of columns that some releases use, and those of the paper."""
_WANT: dict[int, Want] = {1: "emergency", 5: "harmless"}
_EXPECTED: dict[int, tuple[Urgency, ...]] = {
    1: (Urgency.EMERGENCY_NOW, Urgency.EMERGENCY_DEPARTMENT),
    5: (Urgency.URGENT_24H, Urgency.ROUTINE, Urgency.SELF_CARE),
}
"""By the severity of the condition. It is the disease's and not the patient's, so that 2 to 4 expect nothing."""


def is_ddxplus(path: Path) -> bool:
    """Whether a path leads to patients of DDXPlus."""
    return path.suffix == ".csv" or (path.is_dir() and any(path.glob("patients_*.csv")))


def load_ddxplus(path: Path) -> list[Case]:
    """Read the patients of a file, or of every `patients_*.csv` in a folder.

    Raises:
        ContentError: If a file is missing or a row cannot be read.
    """
    folder = path if path.is_dir() else path.parent
    load_book(folder)
    conditions = read_json(folder / CONDITIONS)
    return [
        _case(f"{file.stem}-{line}", row, file, line, conditions)
        for file in (sorted(path.glob("patients_*.csv")) if path.is_dir() else [path])
        for line, row in read_rows(file)
    ]


def _case(name: str, raw: Mapping[str, str], file: Path, line: int, conditions: Mapping[str, Any]) -> Case:
    row = {_COLUMNS.get(column, column): value for column, value in raw.items()}
    try:
        patient = DdxPatient(
            folder=file.parent,
            age=int(row["age"]),
            sex={"F": "female", "M": "male"}.get(row["sex"], "other"),
            held=_held(ast.literal_eval(row["evidences"])),
            initial=row["initial_evidence"],
        )
        severity = int(conditions[row["pathology"]]["severity"])
        opening = patient.opening
    except (KeyError, ValueError, SyntaxError, TypeError) as error:
        reason = f"this row is no patient of DDXPlus, or its codes are not in the files beside it ({error!r})"
        raise ContentError([Fault(str(file), line, reason)]) from None
    return Case(
        id=name,
        opening=opening,
        patient=patient,
        expected=_EXPECTED.get(severity, ()),
        want=_WANT.get(severity),
        classes={"severity of the condition": str(severity), "condition": row["pathology"]},
        age=float(patient.age),
        sex=patient.sex,
    )


def _held(evidences: list[str]) -> dict[str, tuple[str, ...]]:
    held: dict[str, tuple[str, ...]] = {}
    for each in evidences:
        code, _, value = each.partition("_@_")
        held[code] = (*held.get(code, ()), value) if value else ()
    return held
