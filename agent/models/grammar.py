"""Answers that keep to a JSON schema: what would leave it is masked, token by token."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from llguidance import LLMatcher, LLParserLimits
from llguidance.hf import from_tokenizer

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.faults import OffSchemaError

_COMPACT = {"whitespace_flexible": False}


class Binding:
    """One answer on its way through a schema."""

    def __init__(self, matcher: LLMatcher) -> None:
        """Hold a matcher that nobody else uses."""
        self._matcher = matcher

    @property
    def is_complete(self) -> bool:
        """Whether the answer can take no more."""
        return bool(self._matcher.is_stopped())

    def allowed(self, size: int) -> Any:
        """Which tokens may come next: a boolean tensor with one place for each of `size` logits."""
        bits = np.unpackbits(np.frombuffer(self._matcher.compute_bitmask(), np.uint8), bitorder="little", count=size)
        return torch.from_numpy(bits).bool()

    def take(self, token: int) -> None:
        """Go on by a token.

        Raises:
            OffSchemaError: If it is not one of those allowed, or the schema has grown too large to follow.
        """
        if not self._matcher.consume_token(token):
            raise OffSchemaError("It left its schema.")


class Grammars:
    """JSON schemas made ready for one tokenizer. Threads may share it."""

    def __init__(self, tokenizer: Any, ends: Sequence[int]) -> None:
        """Read the tokenizer, which takes about a second for one as large as Gemma's.

        Args:
            tokenizer: A fast tokenizer of transformers.
            ends: Tokens that end an answer.
        """
        self._tokenizer = from_tokenizer(tokenizer, eos_token=list(ends))
        self._matcher = lru_cache(maxsize=16)(self._compile)

    def bind(self, schema: dict[str, Any]) -> Binding:
        """Begin an answer. White space between the parts of the JSON is ruled out, since a model may never end it.

        Raises:
            ConfigurationError: If the schema cannot be kept to.
        """
        return Binding(self._matcher(json.dumps(schema)).deep_copy())

    def _compile(self, schema: str) -> LLMatcher:
        grammar = LLMatcher.grammar_from_json_schema(schema, overrides=_COMPACT)
        matcher = LLMatcher(self._tokenizer, grammar, log_level=0, limits=LLParserLimits(verbose_errors=False))
        if matcher.is_error():
            raise ConfigurationError(f"A model cannot be bound to this schema: {matcher.get_error()}")
        return matcher
