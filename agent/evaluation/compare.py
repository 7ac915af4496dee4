"""Two runs side by side, over the cases that both have: what changed, and whether it may be chance."""

from collections.abc import Callable, Sequence
from statistics import fmean

from symptom_intake.agent.evaluation.intervals import mcnemar, paired_bootstrap
from symptom_intake.agent.evaluation.results import Result
from symptom_intake.agent.history import Value

Pair = tuple[Result, Result]


class Difference(Value):
    """One measure of this run against that of the earlier one.

    Attributes:
        measure: What is measured. `cases`: how many shared cases it is measured on.
        earlier: The share or mean then. `now`: likewise. `change`: their difference.
        low: Of its 95 % interval (paired bootstrap with a fixed seed). `high`: likewise.
        gained: Cases in which it holds now and did not then. `lost`: the other way round. None for a mean.
        chance: The exact probability of McNemar's test; None for a mean.
    """

    measure: str
    cases: int
    earlier: float
    now: float
    change: float
    low: float
    high: float
    gained: int | None = None
    lost: int | None = None
    chance: float | None = None


class Comparison(Value):
    """All measures, and how many cases only one of the runs has."""

    shared: int
    only_now: int
    only_earlier: int
    differences: tuple[Difference, ...]


def compare(now: Sequence[Result], earlier: Sequence[Result]) -> Comparison:
    """Set a run against an earlier one, case by case.

    Args:
        now: The results of this run.
        earlier: Those of the other.
    """
    before = {each.id: each for each in earlier}
    pairs = [(before[each.id], each) for each in now if each.id in before]
    played = [pair for pair in pairs if all(each.phase for each in pair)]
    differences = (
        _of_shares("emergencies caught", _wanting(pairs, "emergency"), lambda each: each.alarm),
        _of_shares("false emergencies", _wanting(pairs, "harmless"), lambda each: each.alarm),
        _of_shares("right level", [pair for pair in pairs if pair[1].expected], lambda each: each.correct is True),
        _of_means("questions", played, lambda each: each.questions),
        _of_means("critical-slot coverage at the end", played, lambda each: each.coverage[-1]),
        _of_means("invented or flipped facts", played, lambda each: len(each.invented) + len(each.flipped)),
    )
    return Comparison(
        shared=len(pairs),
        only_now=len(now) - len(pairs),
        only_earlier=len(before) - len(pairs),
        differences=tuple(each for each in differences if each),
    )


def _wanting(pairs: Sequence[Pair], want: str) -> list[Pair]:
    return [pair for pair in pairs if pair[1].want == want]


def _of_shares(measure: str, pairs: Sequence[Pair], holds: Callable[[Result], bool]) -> Difference | None:
    means = _of_means(measure, pairs, holds)
    if means is None:
        return None
    gained = sum(holds(new) and not holds(old) for old, new in pairs)
    lost = sum(holds(old) and not holds(new) for old, new in pairs)
    return means.model_copy(update={"gained": gained, "lost": lost, "chance": mcnemar(gained, lost)})


def _of_means(measure: str, pairs: Sequence[Pair], of: Callable[[Result], float]) -> Difference | None:
    if not pairs:
        return None
    low, high = paired_bootstrap([of(new) - of(old) for old, new in pairs])
    earlier, now = fmean(of(old) for old, _ in pairs), fmean(of(new) for _, new in pairs)
    return Difference(
        measure=measure, cases=len(pairs), earlier=earlier, now=now, change=now - earlier, low=low, high=high
    )
