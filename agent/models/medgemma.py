"""MedGemma in process: a chat model over a model of transformers that was loaded before."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import agenerate_from_stream, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field, PrivateAttr

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.call import CallOptions, Waiting, into, waiting
from symptom_intake.agent.models.chat_template import ChatTemplate
from symptom_intake.agent.models.faults import ModelFault
from symptom_intake.agent.models.generation import Engine
from symptom_intake.agent.models.grammar import Grammars
from symptom_intake.agent.models.prefix_cache import ENTRIES, PrefixCache
from symptom_intake.agent.models.row import Event, Request


class ChatMedGemma(BaseChatModel):
    """A Gemma 3 model as a chat model of LangChain. It always takes the likeliest token.

    Threads may share it: what they ask for at the same time is written side by side. Text comes back as the model wrote
    it, thoughts and all. A call takes the options of `CallOptions`.

    Attributes:
        model: A Gemma3ForCausalLM or Gemma3ForConditionalGeneration, loaded and in evaluation mode.
        processor: Its processor of text and images, or its tokenizer.
        name: What it is called.
        max_tokens: How long an answer may be where a call does not say.
        prefix_entries: How many prompts are remembered, so that one that begins the same is read faster.
    """

    model: Any = Field(repr=False)
    processor: Any = Field(repr=False)
    name: str
    max_tokens: int = 600
    prefix_entries: int = ENTRIES
    _template: ChatTemplate = PrivateAttr()
    _grammars: Grammars = PrivateAttr()
    _engine: Engine = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Make the tokenizer ready for schemas, which takes a few seconds for Gemma's."""
        super().model_post_init(context)
        tokenizer = getattr(self.processor, "tokenizer", self.processor)
        ends = _ends(self.model, tokenizer)
        self._template, self._grammars = ChatTemplate(self.processor), Grammars(tokenizer, sorted(ends))
        self._engine = Engine(self.model, tokenizer.backend_tokenizer, ends, PrefixCache(self.prefix_entries))

    @property
    def model_name(self) -> str:
        """What it is called, where LangChain looks for it."""
        return self.name

    @property
    def _llm_type(self) -> str:
        return "medgemma"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **options: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, **options))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **options: Any,
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages, stop, **options))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **options: Any,
    ) -> Iterator[ChatGenerationChunk]:
        call, inbox, is_over = CallOptions(**options), SimpleQueue[Event](), False
        with waiting(call) as wait:
            self._engine.submit(self._request(messages, stop, call, wait, inbox.put))
            while not is_over:
                chunk, is_over = _chunk(wait.next(inbox))
                if run_manager:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **options: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        call, inbox, is_over = CallOptions(**options), asyncio.Queue[Event](), False
        with waiting(call) as wait:
            request = await asyncio.to_thread(self._request, messages, stop, call, wait, into(inbox))
            self._engine.submit(request)
            while not is_over:
                chunk, is_over = _chunk(await wait.anext(inbox))
                if run_manager:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk

    def _request(
        self,
        messages: Sequence[BaseMessage],
        stop: list[str] | None,
        call: CallOptions,
        wait: Waiting,
        emit: Callable[[Event], None],
    ) -> Request:
        if stop:
            raise ConfigurationError("A model in process takes no stop words.")
        ids, images = self._template.read(messages)
        binding = self._grammars.bind(call.schema) if call.schema else None
        images = {name: value.to(self.model.device) for name, value in images.items()}
        return Request(ids, call.max_tokens or self.max_tokens, emit, images, binding, wait.stops)


def _ends(model: Any, tokenizer: Any) -> frozenset[int]:
    """Tokens that end an answer: of Gemma the end of the text and the end of the turn."""
    told = model.generation_config.eos_token_id
    ends = {*(told if isinstance(told, list) else [told]), tokenizer.eos_token_id}
    return frozenset(end for end in ends if end is not None)


def _chunk(event: Event) -> tuple[ChatGenerationChunk, bool]:
    """A piece of the answer, and whether it is the last, which says what the answer took."""
    if isinstance(event, ModelFault):
        raise event
    if isinstance(event, str):
        return ChatGenerationChunk(message=AIMessageChunk(content=event)), False
    read, written = event.input_tokens, event.output_tokens
    message = AIMessageChunk(
        content="",
        usage_metadata=UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written),
        response_metadata={"finish_reason": event.finish, "cached_tokens": event.cached_tokens},
        chunk_position="last",
    )
    return ChatGenerationChunk(message=message), True
