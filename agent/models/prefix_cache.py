"""Prompts that were read before: one that begins the same is read from where they part.

All layers are kept whole, those with a sliding window too: a window that has moved on cannot be moved back to the
place where two prompts part. The masks of the model see to the window.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from transformers import DynamicCache

ENTRIES = 8


class PrefixCache:
    """Keys and values of the prompts that were read last; for one thread.

    A prompt that continues another holds all that the other could give, so the one read longest ago goes first.
    """

    def __init__(self, entries: int = ENTRIES) -> None:
        """Start empty.

        Args:
            entries: How many prompts are kept.
        """
        self._entries = entries
        self._read: OrderedDict[tuple[int, ...], list[tuple[Any, Any]]] = OrderedDict()

    def longest(self, prompt: Sequence[int]) -> tuple[int, DynamicCache]:
        """How many tokens of a prompt were read before, and a copy of what was computed for them.

        The last token never counts: what comes after it is computed from it.
        """
        best: tuple[int, ...] = max(self._read, key=lambda read: _shared(read, prompt), default=())
        length = _shared(best, prompt[:-1])
        states = self._read.get(best, [])
        return length, DynamicCache([(keys[:, :, :length], values[:, :, :length]) for keys, values in states])

    def keep(self, prompt: Iterable[int], cache: DynamicCache) -> None:
        """Keep what was computed for a prompt. Nothing is copied: a cache that grows makes itself new tensors."""
        key = tuple(prompt)
        self._read[key] = [(keys, values) for keys, values, _ in cache]
        self._read.move_to_end(key)
        while len(self._read) > self._entries:
            self._read.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._read.clear()


def _shared(read: Sequence[int], prompt: Sequence[int]) -> int:
    """How many tokens two prompts have in common from the beginning."""
    pairs = enumerate(zip(read, prompt, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(read), len(prompt)))
