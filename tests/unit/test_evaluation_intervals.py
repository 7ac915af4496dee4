"""Intervals and tests of the evaluation, against published values."""

import pytest

from symptom_intake.agent.evaluation.intervals import mcnemar, paired_bootstrap, wilson


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    # Newcombe 1998, table I, method 3 (score without continuity correction).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(count: int, total: int, low: float, high: float) -> None:
    assert wilson(count, total) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_everything_and_of_nothing() -> None:
    assert wilson(20, 20) == pytest.approx((1 - 0.1611, 1.0), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_mcnemar_is_the_two_sided_binomial() -> None:
    assert mcnemar(10, 2) == pytest.approx(2 * (1 + 12 + 66) / 2**12)
    assert mcnemar(2, 10) == mcnemar(10, 2)
    assert mcnemar(3, 3) == 1.0
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(0, 2000) == 0.0


def test_the_bootstrap_is_the_same_in_every_run_and_holds_the_mean() -> None:
    changes = [1.0] * 30 + [0.0] * 60 + [-1.0] * 10
    low, high = paired_bootstrap(changes)
    assert (low, high) == paired_bootstrap(changes)
    assert low < 0.2 < high
    # The normal approximation: 0.2 -/+ 1.96 x 0.6 / 10.
    assert (low, high) == pytest.approx((0.0824, 0.3176), abs=0.03)
    assert paired_bootstrap([0.0] * 5) == (0.0, 0.0)
    assert paired_bootstrap([]) == (0.0, 0.0)
