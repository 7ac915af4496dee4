"""Work that must be done in time: a thread does it, and is left behind when it takes too long."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

T = TypeVar("T")
LATE_AT_MOST = 8
"""Pieces of work that were left behind and are not done; with so many, no more is begun."""


class OverdueError(Exception):
    """The work was not done in time, or was not begun because too much of it is overdue."""


class _Job(Generic[T]):
    """One piece of work, and how it came out."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.outcome: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def do(self) -> None:
        try:
            self.outcome.put((self._work(), None))
        except BaseException as error:  # noqa: BLE001 - the waiting side must hear of it, whatever it is
            self.outcome.put((None, error))


class _Worker:
    """A thread that is kept for the next piece of work: to start one takes longer than most checks."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job[Any]] = SimpleQueue()
        self._thread = Thread(target=self._work, daemon=True, name="guardrail")
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """False in a process that was forked from the one that started it."""
        return self._thread.is_alive()

    def give(self, job: _Job[Any]) -> None:
        self._jobs.put(job)

    def _work(self) -> None:
        while True:
            self._jobs.get().do()
            _IDLE.append(self)


_IDLE: list[_Worker] = []


def _worker() -> _Worker:
    while True:
        try:
            worker = _IDLE.pop()
        except IndexError:
            return _Worker()
        if worker.is_alive:
            return worker


class Bounded:
    """Runs work for one owner. Threads may share it."""

    def __init__(self) -> None:
        """Start with nothing left behind."""
        self._late: set[_Job[Any]] = set()

    def run(self, work: Callable[[], T], limit_s: float) -> T:
        """Do the work on another thread, and wait for it.

        Args:
            work: What is to be done.
            limit_s: Seconds to wait at most.

        Raises:
            OverdueError: If it takes longer. The thread is left behind; it cannot be stopped.
            Exception: Whatever the work raised.
        """
        self._late.difference_update([job for job in tuple(self._late) if not job.outcome.empty()])
        if len(self._late) >= LATE_AT_MOST:
            raise OverdueError("too much earlier work is not done")
        job = _Job(work)
        _worker().give(job)
        try:
            value, error = job.outcome.get(timeout=limit_s)
        except Empty:
            self._late.add(job)
            raise OverdueError("the work was not done in time") from None
        if error is not None:
            raise error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
        return value  # type: ignore[return-value]
