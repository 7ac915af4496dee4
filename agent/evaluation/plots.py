"""The pictures of the page, as SVG to stand in it."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from symptom_intake.agent.evaluation.metrics import FAILED, Summary
from symptom_intake.agent.evaluation.results import Result
from symptom_intake.prompts.levels import Urgency

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GIVEN = (FAILED, *(level.value for level in Urgency))
_LAST_TURN = 25
_BLUE = "#1f5a8a"


class Plot(NamedTuple):
    """A picture: what it is called, what it shows in words, and the SVG."""

    title: str
    words: str
    svg: str


def plots_of(summary: Summary, results: Sequence[Result]) -> list[Plot]:
    """The pictures of a run; those of interviews only where there were any.

    Args:
        summary: The figures.
        results: The results that they were counted over.
    """
    ended = [each for each in results if each.phase]
    plots = [_confusion(summary), *([_coverage(ended), _questions(ended)] if ended else [])]
    return [plot._replace(svg=_with_own_ids(plot.svg, number)) for number, plot in enumerate(plots, 1)]


def _with_own_ids(svg: str, number: int) -> str:
    """Several pictures stand in one page, and each of matplotlib's calls its parts by the same names."""
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>picture{number}-", svg)


def _confusion(summary: Summary) -> Plot:
    labels, given = list(summary.confusion), [each for each in _GIVEN if _is_given(summary, each)]
    counts = [[summary.confusion[label].get(level, 0) for level in given] for label in labels]
    shares = [[count / sum(row) for count in row] for row in counts]
    axes = _axes(1.6 + 1.3 * len(given), 1.4 + 0.5 * len(labels))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(given)), [level.replace("_", "\n") for level in given])
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("level given")
    axes.set_ylabel("class of the case")
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            colour = "white" if shares[row][column] > 0.5 else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=colour)
    words = "; ".join(
        f"{label}: " + ", ".join(f"{count} {level}" for level, count in row.items())
        for label, row in summary.confusion.items()
    )
    return Plot("Confusion of levels", f"Cases by class and by level given. {words}.", _svg(axes))


def _is_given(summary: Summary, level: str) -> bool:
    return level not in (FAILED, Urgency.SELF_CARE) or any(level in row for row in summary.confusion.values())


def _coverage(ended: Sequence[Result]) -> Plot:
    turns = range(1, _LAST_TURN + 1)
    means = [fmean(each.coverage[min(turn, len(each.coverage)) - 1] for each in ended) for turn in turns]
    done = [each for each in ended if each.phase == "done"]
    of_done = [fmean(each.coverage[min(turn, len(each.coverage)) - 1] for each in done) for turn in turns if done]
    axes = _axes(6.4, 3.4)
    axes.plot(turns, means, color=_BLUE, marker="o", markersize=3, label="all interviews")
    if done:
        axes.plot(turns, of_done, color="#b3541e", linestyle="--", label="those that ran to their end")
    axes.set(xlabel="messages of the patient", ylabel="critical slots known", ylim=(0, 1.02))
    axes.legend(loc="lower right")
    at = ", ".join(f"{100 * means[turn - 1]:.0f} % after {turn}" for turn in (3, 5, 10, 15, 20))
    return Plot("Critical-slot coverage by turn", f"Mean share of critical slots known: {at} messages.", _svg(axes))


def _questions(ended: Sequence[Result]) -> Plot:
    counts = Counter(each.questions for each in ended)
    asked = range(max(counts) + 1)
    axes = _axes(6.4, 3.0)
    axes.bar(asked, [counts[number] for number in asked], color=_BLUE)
    axes.set(xlabel="questions asked", ylabel="interviews")
    words = ", ".join(f"{count} with {number}" for number, count in sorted(counts.items()))
    return Plot("Questions asked", f"Interviews by the number of questions: {words}.", _svg(axes))


def _axes(width: float, height: float) -> "Axes":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def _svg(axes: "Axes") -> str:
    """The figure as an SVG element; the same drawing gives the same text."""
    import matplotlib as mpl

    out = io.StringIO()
    figure = axes.get_figure(root=True)
    assert figure is not None  # noqa: S101 - they were made with one
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "symptom-intake", "font.family": "sans-serif"}):
        figure.savefig(out, format="svg", metadata={"Date": None})
    drawn = out.getvalue()
    return drawn[drawn.index("<svg") :]
