"""The figures of a run: levels, alarms, and how the interviews went. Values, as summary.json keeps them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, quantiles

from symptom_intake.agent.evaluation.baselines import SYSTEMS, given
from symptom_intake.agent.evaluation.intervals import wilson
from symptom_intake.agent.evaluation.results import Result
from symptom_intake.agent.history import Value
from symptom_intake.prompts.levels import Urgency

FAILED = "failed"
COVERAGE_TURNS = (3, 5, 8, 12, 15, 20)


class Rate(Value):
    """So many of so many, with a 95 % Wilson interval; `share` is None when there was nothing to count."""

    count: int
    of: int
    share: float | None
    low: float
    high: float


class Levels(Value):
    """How well a system gave levels.

    Attributes:
        right: Of the cases with expected levels, those given one of them. `under`: a lower one. `over`: a higher.
        caught: Of the emergencies, those given an emergency level. `false_alarms`: of the harmless cases.
        alarms: Of all cases, those given one.
    """

    right: Rate
    under: Rate
    over: Rate
    caught: Rate
    false_alarms: Rate
    alarms: Rate


class Spread(Value):
    """The median of a count and its middle half."""

    median: float
    low: float
    high: float


class Interviews(Value):
    """How the interviews went.

    Attributes:
        questions: Put to a patient. `turns`, `calls`: messages of the patient and calls of the model.
        completed_questions: The same of the interviews that were not cut short by an emergency.
        facts_per_question: Facts told, over the questions put, the opening included as one.
        coverage: By turn, the mean share of critical slots known; an interview that is over keeps its last.
        final_coverage: At the end of the interviews that ran to their end. `fully_covered`: of these, those at 100 %.
        repeated: Questions put twice in the same words. `invented`: facts of the reports. `flipped`: likewise.
    """

    questions: Spread
    completed_questions: Spread
    turns: Spread
    calls: Spread
    facts_per_question: float
    coverage: dict[int, float]
    final_coverage: float | None
    fully_covered: Rate
    repeated: int
    invented: Rate
    flipped: Rate


class Summary(Value):
    """All figures of a run.

    Attributes:
        cases: How many. `failed`: those without a result, which count as wrong, and as no alarm.
        systems: Ours and the trivial ones. `classes`: the same by kind of class, class and system.
        confusion: By the case's first class and the level given.
        interviews: None for a run that scans messages only.
        misses: Ids of the emergencies that were given no emergency level. `false_alarms`: of harmless cases that were.
        failures: Ids of the cases without a result.
    """

    cases: int
    failed: int
    systems: dict[str, Levels]
    classes: dict[str, dict[str, dict[str, Levels]]]
    confusion: dict[str, dict[str, int]]
    interviews: Interviews | None
    misses: tuple[str, ...]
    false_alarms: tuple[str, ...]
    failures: tuple[str, ...]


def summarise(results: Sequence[Result]) -> Summary:
    """Count what came of a run."""
    ended = [each for each in results if each.phase]
    return Summary(
        cases=len(results),
        failed=sum(each.failed is not None for each in results),
        systems={system: levels_of(results, system) for system in SYSTEMS},
        classes={name: _by_class(results, name) for name in _names(results)},
        confusion=_confusion(results),
        interviews=_interviews(ended) if ended else None,
        misses=tuple(each.id for each in results if each.missed),
        false_alarms=tuple(each.id for each in results if each.false_alarm),
        failures=tuple(each.id for each in results if each.failed),
    )


def rate(judged: Iterable[bool]) -> Rate:
    """The share of the true ones, with its interval."""
    counted = list(judged)
    count, total = sum(counted), len(counted)
    low, high = wilson(count, total)
    return Rate(count=count, of=total, share=count / total if total else None, low=low, high=high)


def levels_of(results: Sequence[Result], system: str) -> Levels:
    """How well a system gave the levels of some cases; no level is as wrong as one can be, and no alarm."""
    pairs = [(each, given(each, system)) for each in results]
    expecting = [(each, level) for each, level in pairs if each.expected]
    return Levels(
        right=rate(level in each.expected for each, level in expecting),
        under=rate(_rank(level) < min(want.rank for want in each.expected) for each, level in expecting),
        over=rate(_rank(level) > max(want.rank for want in each.expected) for each, level in expecting),
        caught=rate(_alarm(level) for each, level in pairs if each.want == "emergency"),
        false_alarms=rate(_alarm(level) for each, level in pairs if each.want == "harmless"),
        alarms=rate(_alarm(level) for _, level in pairs),
    )


def _rank(level: Urgency | None) -> int:
    return -1 if level is None else level.rank


def _alarm(level: Urgency | None) -> bool:
    return level is not None and level.is_emergency


def _names(results: Iterable[Result]) -> list[str]:
    return list(dict.fromkeys(name for each in results for name in each.classes))


def _by_class(results: Sequence[Result], name: str) -> dict[str, dict[str, Levels]]:
    groups: dict[str, list[Result]] = {}
    for each in results:
        if name in each.classes:
            groups.setdefault(each.classes[name], []).append(each)
    return {label: {system: levels_of(groups[label], system) for system in SYSTEMS} for label in sorted(groups)}


def _confusion(results: Sequence[Result]) -> dict[str, dict[str, int]]:
    counts = Counter((next(iter(each.classes.values()), "all"), each.level or FAILED) for each in results)
    table: dict[str, dict[str, int]] = {}
    for (label, level), count in sorted(counts.items()):
        table.setdefault(label, {})[str(level)] = count
    return table


def _interviews(ended: Sequence[Result]) -> Interviews:
    completed = [each for each in ended if each.phase == "done"]
    final = [each.coverage[-1] for each in completed]
    return Interviews(
        questions=_spread(ended, lambda each: each.questions),
        completed_questions=_spread(completed, lambda each: each.questions),
        turns=_spread(ended, lambda each: each.turns),
        calls=_spread(ended, lambda each: each.calls),
        facts_per_question=sum(each.facts for each in ended) / sum(each.questions + 1 for each in ended),
        coverage={turn: fmean(_covered(each, turn) for each in ended) for turn in COVERAGE_TURNS},
        final_coverage=fmean(final) if final else None,
        fully_covered=rate(share == 1.0 for share in final),
        repeated=sum(len(each.repeated) for each in ended),
        invented=_of_facts(ended, lambda each: len(each.invented)),
        flipped=_of_facts(ended, lambda each: len(each.flipped)),
    )


def _covered(result: Result, turn: int) -> float:
    return result.coverage[min(turn, len(result.coverage)) - 1]


def _of_facts(results: Sequence[Result], wrong: Callable[[Result], int]) -> Rate:
    count, total = sum(wrong(each) for each in results), sum(each.facts for each in results)
    low, high = wilson(count, total)
    return Rate(count=count, of=total, share=count / total if total else None, low=low, high=high)


def _spread(results: Sequence[Result], of: Callable[[Result], int]) -> Spread:
    values = [of(each) for each in results]
    if len(values) < 2:
        only = float(values[0]) if values else 0.0
        return Spread(median=only, low=only, high=only)
    low, median, high = quantiles(values, n=4, method="inclusive")
    return Spread(median=median, low=low, high=high)
