"""A circuit breaker: a model that is down costs a few turns their deadline, not every one, and is tried again later."""

import threading
import time
from collections.abc import Callable

FAILURES = 2
"""Failures in a row after which the model is left alone."""
FIRST_REST_S = 30.0
LONGEST_REST_S = 300.0


class Breaker:
    """Counts failures. Threads may share one; after a rest a single call is let through to try."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start closed.

        Args:
            clock: Seconds, never going back.
        """
        self._clock, self._lock = clock, threading.Lock()
        self._failures, self._rest_s, self._until = 0, FIRST_REST_S, 0.0

    def allows(self) -> bool:
        """Whether a call may be made now; one that is let through after a rest keeps the others waiting."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + self._rest_s
            return True

    def worked(self) -> None:
        """A call came through: everything is forgiven."""
        with self._lock:
            self._failures, self._rest_s = 0, FIRST_REST_S

    def failed(self) -> None:
        """A call failed; each failed try after a rest doubles the next rest."""
        with self._lock:
            self._failures += 1
            if self._failures > FAILURES:
                self._rest_s = min(self._rest_s * 2, LONGEST_REST_S)
            if self._failures >= FAILURES:
                self._until = self._clock() + self._rest_s
