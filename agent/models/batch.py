"""Answers that are written side by side: one step of the model gives each of them a token."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from transformers import DynamicCache

from symptom_intake.agent.models.row import Row


class Batch:
    """Answers of one model. They may come and go at each step; shorter ones are padded on the left.

    Attributes:
        rows: The answers that are being written.
    """

    def __init__(self, model: Any) -> None:
        """Start empty."""
        self.rows: list[Row] = []
        self._model, self._cache = model, DynamicCache()

    def join(self, row: Row, cache: DynamicCache, logits: Any) -> None:
        """Take in an answer whose prompt was read.

        Args:
            row: The answer.
            cache: What was computed for the prompt; it is the batch's from now on.
            logits: Of the first token, of shape [1, tokens]; changed in place.
        """
        _advance([row], logits)
        if not row.is_over:
            self._cache = _side_by_side(self._cache, cache) if self.rows else cache
            self.rows.append(row)

    def step(self) -> None:
        """Write one token of each answer, and let go of those that are done."""
        device = self._model.device
        lengths = torch.tensor([[row.length] for row in self.rows])
        width = int(lengths.max())
        is_padded = bool((lengths < width).any())
        written = self._model(
            input_ids=torch.tensor([[row.last] for row in self.rows], device=device),
            position_ids=lengths.to(device),
            attention_mask=(torch.arange(width + 1) >= width - lengths).to(device) if is_padded else None,
            cache=self._cache,
            use_cache=True,
        )
        for row in self.rows:
            row.length += 1
        _advance(self.rows, written.logits[:, -1])
        self._drop()

    def clear(self) -> None:
        """Give up all answers."""
        self.rows, self._cache = [], DynamicCache()

    def _drop(self) -> None:
        """Let go of the answers that are done, and of padding that nobody needs any longer."""
        live = [place for place, row in enumerate(self.rows) if not row.is_over]
        if not live:
            self.clear()
        elif len(live) < len(self.rows):
            self.rows = [self.rows[place] for place in live]
            width = max(row.length for row in self.rows)
            self._cache = _changed(self._cache, lambda states: states[live, :, -width:])


def _advance(rows: Sequence[Row], logits: Any) -> None:
    """Give each answer the likeliest token that it may have."""
    for row, scores in zip(rows, logits, strict=True):
        row.mask(scores)
    for row, token in zip(rows, logits.argmax(dim=-1).tolist(), strict=True):
        row.take(token)


def _side_by_side(cache: DynamicCache, other: DynamicCache) -> DynamicCache:
    width = max(cache.get_seq_length(), other.get_seq_length())

    def padded(states: Any) -> Any:
        return torch.nn.functional.pad(states, (0, 0, width - states.shape[2], 0))

    pairs = zip(_changed(cache, padded), _changed(other, padded), strict=True)
    return DynamicCache([(torch.cat([one[0], two[0]]), torch.cat([one[1], two[1]])) for one, two in pairs])


def _changed(cache: DynamicCache, change: Callable[[Any], Any]) -> DynamicCache:
    """The cache with all keys and values changed, which have the shape [answers, heads, tokens, size]."""
    return DynamicCache([(change(keys), change(values)) for keys, values, _ in cache])
