"""Playing many cases at once: in processes where reading takes the processor, in threads where it waits for a model."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from multiprocessing import get_context

from symptom_intake.agent.evaluation.baselines import has_keyword
from symptom_intake.agent.evaluation.case import Case
from symptom_intake.agent.evaluation.results import Result, blank
from symptom_intake.agent.evaluation.stage import Setup, Stage

Done = Callable[[Result], None]


def play_interviews(
    cases: Sequence[Case], setup: Setup | None = None, *, jobs: int = 1, done: Done | None = None
) -> list[Result]:
    """Play each case through the real graph to its end.

    Args:
        cases: From `load_cases`, or of your own.
        setup: What is evaluated; by default the embedded interviewer on the package's content.
        jobs: How many at a time. More than one starts processes: call it from a module that can be imported.
        done: Called with each result as it comes.

    Returns:
        The results in the order of the cases. A case that fails has one that says why.

    Raises:
        ConfigurationError: If the model cannot be used as it is set up.
        ContentError: If the content is faulty.
    """
    setup = setup or Setup()
    stage = Stage(setup.context())  # here as well, so that what is wrong with the setup is said in plain words
    if jobs == 1:
        return [_told(stage.play(case), done) for case in cases]
    if setup.model != "embedded":
        with ThreadPoolExecutor(jobs) as threads:
            return _gathered(cases, {threads.submit(stage.play, case): case for case in cases}, done)
    with _processes(setup, jobs) as processes:
        return _gathered(cases, {processes.submit(_play, case): case for case in cases}, done)


def _processes(setup: Setup, jobs: int) -> Executor:
    return ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_open_stage, initargs=(setup,))


_stage: Stage


def _open_stage(setup: Setup) -> None:
    global _stage
    _stage = Stage(setup.context())


def _play(case: Case) -> Result:
    return _stage.play(case)


def _gathered(cases: Sequence[Case], running: "dict[Future[Result], Case]", done: Done | None) -> list[Result]:
    results = {case.id: _told(result, done) for case, result in _finished(running)}
    return [results[case.id] for case in cases]


def _finished(running: "dict[Future[Result], Case]") -> Iterator[tuple[Case, Result]]:
    for future in as_completed(running):
        case, error = running[future], future.exception()
        yield case, _lost(case, error) if error else future.result()


def _lost(case: Case, error: BaseException) -> Result:
    return blank(case, has_keyword(case.opening)).model_copy(update={"failed": error.__class__.__name__})


def _told(result: Result, done: Done | None) -> Result:
    if done:
        done(result)
    return result
