"""What `protocols lint` finds, and how it says so."""

import json
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from symptom_intake.prompts.errors import Fault

_NAMED = 5
"""Files without a signature that are named."""


class Linted(NamedTuple):
    """What was found in a pack.

    Attributes:
        faults: Every fault.
        checked: What was checked, counted. `drafts`: files that no clinician has signed.
    """

    faults: list[Fault]
    checked: str
    drafts: list[str]


def linted(own: Path | None) -> Linted:
    """Check a pack, or our content; examples are tried once everything that they need is sound."""
    from symptom_intake.agent.trial import trial_faults
    from symptom_intake.prompts.errors import ContentError
    from symptom_intake.prompts.layers import Layers
    from symptom_intake.prompts.lint import lint_content, sources_of
    from symptom_intake.prompts.loader import read_content
    from symptom_intake.prompts.vignette_checks import cases, read_vignettes

    faults = lint_content(own)
    try:
        content = read_content(own)
    except ContentError:
        return Linted(faults, "", [])
    sources = sources_of(content, own)
    written = [each for each in read_vignettes(Layers(own), []) if each.file.own or own is None]
    counts = {
        "file": len(sources),
        "rule": sum(1 for source in sources for _ in source.rules()),
        "written case": sum(1 for _ in cases(written)),
    }
    labels = {source.file.label for source in sources}
    drafts = [label for label in content.drafts if label in labels]
    return Linted([*faults, *trial_faults(content, own)], ", ".join(map(_counted, counts, counts.values())), drafts)


def _counted(noun: str, count: int) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def as_text(found: Linted) -> str:
    """For a person: the faults file by file, or a friendly line."""
    if not found.faults:
        return f"No faults in {found.checked}. {_unsigned(found.drafts)}"
    lines = []
    for file, faults in groupby(sorted(found.faults), key=lambda fault: fault.file):
        lines += [file, *(f"  {_where(fault)}{fault.message}" for fault in faults), ""]
    return "\n".join([*lines, f"{_counted('fault', len(found.faults))}. Mend them, and lint again."])


def _where(fault: Fault) -> str:
    return f"line {fault.line}: " if fault.line else ""


def _unsigned(drafts: list[str]) -> str:
    if not drafts:
        return "All of it is signed."
    more = f" and {len(drafts) - _NAMED} more" if len(drafts) > _NAMED else ""
    return f"Draft, not signed by a clinician: {', '.join(drafts[:_NAMED])}{more}."


def as_json_text(found: Linted) -> str:
    """For a program."""
    faults = [fault._asdict() for fault in found.faults]
    return json.dumps({"faults": faults, "count": len(faults), "draft": found.drafts}, indent=2)
