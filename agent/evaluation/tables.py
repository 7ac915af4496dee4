"""The figures as tables, for the terminal and for the page alike."""

from typing import NamedTuple

from symptom_intake.agent.evaluation.baselines import OURS, SYSTEMS
from symptom_intake.agent.evaluation.compare import Comparison, Difference
from symptom_intake.agent.evaluation.metrics import Interviews, Levels, Rate, Spread, Summary

_BASELINES = SYSTEMS[1:]


class Table(NamedTuple):
    """A table: its first column names the rows. A line break in a cell parts a share from what it was counted over."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


def tables_of(summary: Summary) -> list[Table]:
    """The tables of a run, the most important first: all cases, the interviews, then class by class."""
    interviews = [_interviews(summary.interviews)] if summary.interviews else []
    return [_systems(summary), *interviews, *(_classes(name, groups) for name, groups in summary.classes.items())]


def comparison_table(comparison: Comparison) -> Table:
    """What changed against an earlier run."""
    note = (
        f"On the {comparison.shared} cases that both runs have ({comparison.only_now} are new, "
        f"{comparison.only_earlier} are gone). Interval: paired bootstrap. p: McNemar's exact test."
    )
    head = ("Measure", "Cases", "Earlier", "Now", "Change (95 % interval)", "Gained / lost", "p")
    return Table("Against the earlier run", note, head, [_difference(each) for each in comparison.differences])


def percent(share: float | None) -> str:
    """A share as people read it; a dash when there was nothing to count."""
    return "–" if share is None else f"{100 * share:.1f} %"


def shown(rate: Rate) -> str:
    """A rate with what it was counted over and its interval."""
    if rate.share is None:
        return "–"
    return f"{percent(rate.share)}\n{rate.count}/{rate.of}\n{100 * rate.low:.0f}–{100 * rate.high:.0f}"


def _systems(summary: Summary) -> Table:
    head = ("System", "Caught", "False alarms", "Right level", "Under-triage", "Over-triage")
    rows = [
        (name, *map(shown, (each.caught, each.false_alarms, each.right, each.under, each.over)))
        for name, each in summary.systems.items()
    ]
    failed = f" {summary.failed} of them failed, and count as wrong and as no alarm." if summary.failed else ""
    note = (
        f"{summary.cases} cases.{failed} Caught: emergencies given an emergency level. False alarms: harmless cases "
        "given one. Under each share its counts and its 95 % interval. Always and never give every case one, or none; "
        "keywords looks for plain words in the first message."
    )
    return Table("Levels", note, head, rows)


def _classes(name: str, groups: dict[str, dict[str, Levels]]) -> Table:
    head = (name.capitalize(), "Alarm", "Right level", "Under", "Over", *_BASELINES)
    note = "Alarm: given an emergency level. The last three columns: alarms and right levels of the trivial systems."
    return Table(f"Levels by {name}", note, head, [_class_row(label, groups[label]) for label in groups])


def _class_row(label: str, systems: dict[str, Levels]) -> tuple[str, ...]:
    ours = systems[OURS]
    beside = (f"{percent(systems[each].alarms.share)}\n{percent(systems[each].right.share)}" for each in _BASELINES)
    return (label, *map(shown, (ours.alarms, ours.right, ours.under, ours.over)), *beside)


def _interviews(figures: Interviews) -> Table:
    coverage = [(f"Critical-slot coverage after turn {turn}", percent(at)) for turn, at in figures.coverage.items()]
    rows: list[tuple[str, ...]] = [
        ("Questions, median (middle half)", _spread(figures.questions)),
        ("Questions of those that ran to their end", _spread(figures.completed_questions)),
        ("Turns", _spread(figures.turns)),
        ("Model calls", _spread(figures.calls)),
        ("Facts told per question", f"{figures.facts_per_question:.2f}"),
        *coverage,
        ("Critical-slot coverage at the end, of those that ran to it", percent(figures.final_coverage)),
        ("Of these, every critical slot covered", _in_line(figures.fully_covered)),
        ("Questions put twice in the same words", str(figures.repeated)),
        ("Invented facts", _in_line(figures.invented)),
        ("Flipped facts", _in_line(figures.flipped)),
    ]
    return Table("The interviews", "An emergency cuts an interview short.", ("Measure", "Value"), rows)


def _difference(each: Difference) -> tuple[str, ...]:
    show = _mean if each.chance is None else percent
    scale, unit = (1, "") if each.chance is None else (100, " points")
    change = f"{scale * each.change:+.2f}{unit} ({scale * each.low:+.2f} to {scale * each.high:+.2f})"
    pairs = ("–", "–") if each.chance is None else (f"{each.gained} / {each.lost}", f"{each.chance:.3f}")
    return (each.measure, str(each.cases), show(each.earlier), show(each.now), change, *pairs)


def _mean(value: float) -> str:
    return f"{value:.2f}"


def _in_line(rate: Rate) -> str:
    return f"{percent(rate.share)} ({rate.count} of {rate.of}; {100 * rate.low:.2g}–{100 * rate.high:.3g} %)"


def _spread(spread: Spread) -> str:
    return f"{spread.median:g} ({spread.low:g}–{spread.high:g})"
