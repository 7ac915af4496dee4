from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.prompts.levels import Urgency, highest

LEVELS = st.sampled_from(list(Urgency))


@given(st.lists(LEVELS, min_size=1))
def test_highest_is_one_of_them_and_none_is_above_it(levels: list[Urgency]) -> None:
    top = highest(*levels)
    assert top in levels
    assert all(each.rank <= top.rank for each in levels)


@given(LEVELS, st.integers(0, 5), st.none() | LEVELS)
def test_raising_never_lowers_and_respects_its_limit(level: Urgency, steps: int, limit: Urgency | None) -> None:
    raised = level.raised(steps, limit)
    assert raised.rank >= level.rank
    assert raised.rank <= max(level.rank, (limit or Urgency.EMERGENCY_NOW).rank)


def test_the_two_emergency_levels_and_only_they() -> None:
    assert [each for each in Urgency if each.is_emergency] == [
        Urgency.EMERGENCY_DEPARTMENT,
        Urgency.EMERGENCY_NOW,
    ]
