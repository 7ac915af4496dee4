"""The circuit breaker: it rests after failures in a row, lets one try through, and forgives."""

from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.models.breaker import FAILURES, FIRST_REST_S, LONGEST_REST_S, Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def broken() -> tuple[Breaker, Clock]:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    return breaker, clock


def test_it_rests_after_failures_in_a_row() -> None:
    breaker, _ = broken()
    assert not breaker.allows()


def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = Breaker(Clock())
    for _ in range(5):
        breaker.failed()
        breaker.worked()
    assert breaker.allows()


def test_after_the_rest_one_caller_tries_and_the_others_wait() -> None:
    breaker, clock = broken()
    clock.now = FIRST_REST_S
    assert breaker.allows()
    assert not breaker.allows()
    breaker.worked()
    assert breaker.allows()


def test_a_failed_try_doubles_the_rest() -> None:
    breaker, clock = broken()
    clock.now = FIRST_REST_S
    assert breaker.allows()
    breaker.failed()
    clock.now += FIRST_REST_S * 1.9
    assert not breaker.allows()
    clock.now += FIRST_REST_S * 0.2
    assert breaker.allows()


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 400)), max_size=40))
def test_it_never_rests_longer_than_the_longest_rest(steps: list[tuple[bool, float]]) -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for works, passed in steps:
        clock.now += passed
        if breaker.allows():
            breaker.worked() if works else breaker.failed()
    clock.now += LONGEST_REST_S
    assert breaker.allows()
