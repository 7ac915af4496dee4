"""One row a case, as results.jsonl keeps it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from symptom_intake.agent.errors import ContentError, Fault
from symptom_intake.agent.evaluation.case import Case, Want
from symptom_intake.agent.history import Value
from symptom_intake.prompts.levels import Urgency

RESULTS = "results.jsonl"


class Line(Value):
    """One message of a transcript; `asked`: the slot that a reply asks about."""

    who: Literal["patient", "intake"]
    text: str
    asked: str | None = None


class Result(Value):
    """What came of one case. From `phase` on the fields are about interviews alone.

    Attributes:
        id: The case's. `classes`, `want`, `expected`, `rule`: as the case has them.
        opening: The first message. `keywords`: whether the bare keyword match raises an alarm on it.
        failed: Why there is no result; None when there is one.
        level: Where it ended. `correct`: whether that is one of the levels expected; None when none is named.
        rules: Ids of the rules that fired.
        phase: How the interview ended.
        turns: Messages of the patient. `questions`: put, without read-backs. `calls`: of the model.
        repeated: Slots that were asked twice in the same words.
        facts: Facts told, be it that something is absent. `invented`, `flipped`: those that are not true.
        critical: Critical slots of the tables in play at the end.
        coverage: After each turn, the share of them of which something was known.
        transcript: Every message.
    """

    id: str
    classes: dict[str, str]
    want: Want | None
    expected: tuple[Urgency, ...]
    opening: str
    keywords: bool
    failed: str | None = None
    level: Urgency | None = None
    correct: bool | None = None
    rule: str | None = None
    rules: tuple[str, ...] = ()
    phase: str | None = None
    turns: int = 0
    questions: int = 0
    calls: int = 0
    repeated: tuple[str, ...] = ()
    facts: int = 0
    invented: tuple[str, ...] = ()
    flipped: tuple[str, ...] = ()
    critical: tuple[str, ...] = ()
    coverage: tuple[float, ...] = ()
    transcript: tuple[Line, ...] = ()

    @property
    def alarm(self) -> bool:
        """Whether it ended at an emergency level."""
        return self.level is not None and self.level.is_emergency

    @property
    def missed(self) -> bool:
        """Whether an emergency was not given an emergency level, be it that the case failed."""
        return self.want == "emergency" and not self.alarm

    @property
    def false_alarm(self) -> bool:
        """Whether something harmless was given one."""
        return self.want == "harmless" and self.alarm


def blank(case: Case, keywords: bool) -> Result:
    """The row of a case before it is played."""
    return Result(
        id=case.id,
        classes=case.classes,
        want=case.want,
        expected=case.expected,
        opening=case.opening,
        keywords=keywords,
        rule=case.rule,
        correct=False if case.expected else None,
    )


def scored(row: Result, case: Case, level: Urgency, rules: Iterable[str], **more: object) -> Result:
    """A row with what came of the case."""
    return row.model_copy(
        update={
            "level": level,
            "correct": level in case.expected if case.expected else None,
            "rules": tuple(dict.fromkeys(rules)),
            **more,
        }
    )


def write_results(folder: Path, results: Iterable[Result]) -> None:
    """Write one JSON line a case."""
    lines = (json.dumps(each.model_dump(mode="json"), ensure_ascii=False) + "\n" for each in results)
    (folder / RESULTS).write_text("".join(lines), encoding="utf-8")


def read_results(folder: Path) -> list[Result]:
    """Read the results of an earlier run.

    Raises:
        ContentError: If there are none in the folder, or a line is not one.
    """
    file = folder / RESULTS
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ContentError([Fault(str(file), 0, "there are no results of an earlier evaluation")]) from None
    return [_result(line, file, number) for number, line in enumerate(lines, 1) if line.strip()]


def _result(line: str, file: Path, number: int) -> Result:
    try:
        return Result.model_validate_json(line)
    except ValidationError:
        raise ContentError([Fault(str(file), number, "this line is no result of an evaluation")]) from None
