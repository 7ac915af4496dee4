"""Intervals and tests for proportions and for pairs, in plain Python."""

import random
from collections.abc import Sequence
from math import comb, sqrt
from statistics import fmean

Z95 = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""
SEED = 20260114
RESAMPLES = 2000


def wilson(successes: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion (Wilson 1927); the whole range when nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    share, spread = successes / total, Z95**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = Z95 * sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided probability of so uneven a split of the pairs that differ (McNemar 1947)."""
    total = only_first + only_second
    tail = sum(comb(total, count) for count in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / (1 << total))


def paired_bootstrap(differences: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile interval of a mean difference over pairs, by resampling them; the same in every run."""
    if not differences:
        return 0.0, 0.0
    chance = random.Random(SEED)  # noqa: S311 - resampling, no secret
    means = sorted(fmean(chance.choices(differences, k=len(differences))) for _ in range(RESAMPLES))
    return means[int(RESAMPLES * 0.025)], means[int(RESAMPLES * 0.975) - 1]
