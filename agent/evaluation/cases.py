"""Reading cases from the formats that an evaluation takes, and parting them into those to tune on and the rest."""

import hashlib
from pathlib import Path
from typing import Literal

from symptom_intake.agent.errors import ContentError, Fault
from symptom_intake.agent.evaluation.case import Case
from symptom_intake.agent.evaluation.ddxplus import is_ddxplus, load_ddxplus
from symptom_intake.agent.evaluation.lay_complaints import load_lay_complaints
from symptom_intake.agent.evaluation.vignette_patient import case_of
from symptom_intake.prompts.vignettes import load_vignettes

Part = Literal["tune", "held-out", "all"]
_HELD_OUT_OF = 3


def load_cases(path: Path, part: Part = "all") -> list[Case]:
    """Read cases: vignettes (YAML), lay complaints (JSON), or DDXPlus patients (CSV).

    Args:
        path: A file, or a folder of files of one format.
        part: `held-out` is the third that a hash of the id sets aside, `tune` is the rest.

    Raises:
        ContentError: If there is no such file, it cannot be read as any of the formats, or it holds no case.
    """
    if not path.exists():
        raise ContentError([Fault(str(path), 0, "there is no such file or folder of cases")])
    cases = [case for case in _read(path) if part == "all" or (part == "held-out") == is_held_out(case.id)]
    if not cases:
        raise ContentError([Fault(str(path), 0, f"there are no cases in it (part: {part})")])
    return cases


def is_held_out(case_id: str) -> bool:
    """Whether a case belongs to the third that nobody tunes on."""
    return int(hashlib.sha256(case_id.encode()).hexdigest(), 16) % _HELD_OUT_OF == 0


def _read(path: Path) -> list[Case]:
    if is_ddxplus(path):
        return load_ddxplus(path)
    if path.suffix == ".json":
        return load_lay_complaints(path)
    if path.is_file() and path.suffix not in (".yaml", ".yml"):
        raise ContentError([Fault(str(path), 0, "cases are YAML (vignettes), JSON (lay complaints) or CSV (DDXPlus)")])
    return [case_of(vignette) for vignette in load_vignettes(path)]
