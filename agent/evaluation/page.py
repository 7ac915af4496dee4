"""One page with everything: figures, pictures, and the transcripts of what went wrong. It needs no network."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.evaluation.metrics import Summary
from symptom_intake.agent.evaluation.plots import plots_of
from symptom_intake.agent.evaluation.results import Result
from symptom_intake.agent.evaluation.tables import Table, tables_of

PAGE = "report.html"
_TEMPLATE = "page.html"


class Wrong(NamedTuple):
    """Cases that went wrong in one way, to be listed under a heading."""

    title: str
    results: list[Result]


def check_page() -> None:
    """Find out early whether the page can be made.

    Raises:
        ConfigurationError: If what it needs is not installed.
    """
    try:
        import jinja2  # noqa: F401
        import matplotlib  # noqa: F401
    except ImportError:
        raise ConfigurationError(
            "The report of an evaluation needs more packages: pip install 'symptom-intake[evaluate]'."
        ) from None


def write_page(
    folder: Path, title: str, setup: dict[str, str], summary: Summary, results: Sequence[Result], more: Sequence[Table]
) -> Path:
    """Write the page.

    Args:
        folder: Where to.
        title: Its heading.
        setup: What was evaluated, by name.
        summary: The figures.
        results: One a case; those that went wrong are shown with their transcripts.
        more: Tables besides those of the summary.

    Returns:
        The file.
    """
    from jinja2 import Environment, StrictUndefined

    source = (files("symptom_intake.agent.evaluation") / _TEMPLATE).read_text(encoding="utf-8")
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(source)
    wrong = _wrong(results)
    file = folder / PAGE
    page = template.render(
        title=title,
        setup=setup,
        tables=[*more, *tables_of(summary)],
        plots=plots_of(summary, results),
        wrong=wrong,
        numbers={each.id: number for number, each in enumerate(results, 1)},
        shown=list({each.id: each for group in wrong for each in group.results}.values()),
    )
    file.write_text(page, encoding="utf-8")
    return file


def _wrong(results: Sequence[Result]) -> list[Wrong]:
    missed = [each for each in results if each.missed]
    alarmed = [each for each in results if each.false_alarm]
    seen = {each.id for each in (*missed, *alarmed)}
    others = [each for each in results if each.correct is False and each.id not in seen]
    untrue = [each for each in results if each.invented or each.flipped or each.repeated]
    return [
        Wrong("Missed emergencies", missed),
        Wrong("False emergencies", alarmed),
        Wrong("Other wrong levels", others),
        Wrong("Untrue facts and repeated questions", untrue),
        Wrong("Cases that failed", [each for each in results if each.failed]),
    ]
