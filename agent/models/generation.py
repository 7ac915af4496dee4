"""Answers for callers from many threads: one worker owns the model and writes up to eight of them side by side."""

import atexit
import threading
from collections import deque
from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

import torch
from transformers import DynamicCache

from symptom_intake.agent.models.batch import Batch
from symptom_intake.agent.models.faults import ModelFault, OutOfMemoryError, UnavailableError
from symptom_intake.agent.models.prefix_cache import PrefixCache
from symptom_intake.agent.models.row import Finished, Request, Row

ROWS = 8
"""Answers at once; more wait."""
CHUNK = 512
"""Tokens of a prompt that are read in one go; between two chunks an answer can be given up."""

_WORKERS: WeakSet[threading.Thread] = WeakSet()
_LEAVING = threading.Event()


class Engine:
    """Writes answers. Its worker is a thread that ends when there is nothing to write."""

    def __init__(self, model: Any, tokenizer: Any, ends: frozenset[int], prefixes: PrefixCache) -> None:
        """Hold a model.

        Args:
            model: A causal language model of transformers, which nobody else calls.
            tokenizer: Its tokenizer, of the tokenizers library.
            ends: Tokens that end an answer.
            prefixes: Prompts that were read before.
        """
        self._model, self._tokenizer, self._ends, self._prefixes = model, tokenizer, ends, prefixes
        self._waiting: deque[Request] = deque()
        self._lock, self._is_working = threading.Lock(), False

    def submit(self, request: Request) -> None:
        """Have an answer written; it comes through the request's `emit`, in the worker's thread."""
        with self._lock:
            self._waiting.append(request)
            if not self._is_working:
                self._is_working = True
                worker = threading.Thread(target=self._work, daemon=True, name="medgemma")
                _WORKERS.add(worker)
                worker.start()

    def _work(self) -> None:
        batch = Batch(self._model)
        with torch.inference_mode():
            while self._goes_on(batch):
                if request := self._next(batch):
                    self._start(request, batch)
                if batch.rows:
                    self._step(batch)

    def _goes_on(self, batch: Batch) -> bool:
        with self._lock:
            self._is_working = bool(self._waiting or batch.rows) and not _LEAVING.is_set()
            return self._is_working

    def _next(self, batch: Batch) -> Request | None:
        """The next that can be begun; whoever gave up while waiting is let go."""
        with self._lock:
            gone = [request for request in self._waiting if request.is_cancelled]
            for request in gone:
                self._waiting.remove(request)
            found = self._waiting.popleft() if self._waiting and len(batch.rows) < ROWS else None
        for request in gone:
            request.emit(Finished("cancelled"))
        return found

    def _start(self, request: Request, batch: Batch) -> None:
        try:
            cached, cache = (0, DynamicCache()) if request.images else self._prefixes.longest(request.ids)
            logits = self._read(request, cached, cache)
            if logits is None:
                return request.emit(Finished("cancelled"))
            if not request.images:  # two images have the same tokens
                self._prefixes.keep(request.ids, cache)
            batch.join(Row(request, self._tokenizer, self._ends, cached), cache, logits)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the caller must hear of it
            self._fail([request], error)

    def _step(self, batch: Batch) -> None:
        try:
            batch.step()
        except Exception as error:  # noqa: BLE001 - whatever breaks, the callers must hear of it
            requests = [row.request for row in batch.rows]
            batch.clear()
            self._fail(requests, error)

    def _read(self, request: Request, cached: int, cache: DynamicCache) -> Any:
        """Read the rest of a prompt: logits of the first token, or nothing if the answer was given up.

        A prompt with an image is read in one go, since the tokens of an image look at each other.
        """
        ids = torch.tensor([request.ids[cached:]], device=self._model.device)
        logits = None
        for chunk in [ids] if request.images else ids.split(CHUNK, dim=1):
            if request.is_cancelled or _LEAVING.is_set():
                return None
            read = self._model(input_ids=chunk, cache=cache, use_cache=True, logits_to_keep=1, **request.images)
            logits = read.logits[:, -1]
        return logits

    def _fail(self, requests: Sequence[Request], error: Exception) -> None:
        if _is_memory(error):
            error.__traceback__ = None  # its frames hold tensors
            self._prefixes.clear()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
        for request in requests:
            request.emit(_fault_of(error))


def _fault_of(error: Exception) -> ModelFault:
    if _is_memory(error):
        return OutOfMemoryError("The model has run out of memory. Use a smaller one, or fewer bits for each weight.")
    return UnavailableError(f"The model failed with {type(error).__name__}.")


def _is_memory(error: Exception) -> bool:
    words = ("out of memory", "can't allocate memory")
    return isinstance(error, MemoryError) or any(each in str(error) for each in words)


@atexit.register
def _leave() -> None:
    """Let the workers come to a halt: a thread that is killed inside torch takes the process down with an abort."""
    _LEAVING.set()
    for worker in list(_WORKERS):
        worker.join()
