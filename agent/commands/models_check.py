"""What `models check` finds out: whether the models that were named do their work."""

import base64
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage
from pydantic import BaseModel, ConfigDict, Field

from symptom_intake.agent.commands.models_need import Weighed, revision_of
from symptom_intake.agent.errors import IntakeError
from symptom_intake.agent.models.build import build_model, how_kept
from symptom_intake.agent.models.faults import EmptyOutputError
from symptom_intake.agent.models.options import ModelOptions, Role
from symptom_intake.agent.models.server import served_models
from symptom_intake.agent.models.spec import ModelSpec
from symptom_intake.agent.models.stream import Streamer
from symptom_intake.agent.models.structured import StructuredModel

if TYPE_CHECKING:
    from PIL.Image import Image

What = Literal["files and memory", "server", "load", "plain turn", "schema-bound answer", "image"]
PATIENCE_S = 120.0
"""Seconds that a step may take here, so that a slow model is measured and not only given up."""
_TOKENS = 48


@dataclass(frozen=True)
class Step:
    """One thing that was tried.

    Attributes:
        role: Whose model. `what`: what was tried.
        works: Whether it worked. `said`: more about it, with the next step if it failed.
        seconds: How long it took.
        tokens_per_second: Written, from the first token on; for a schema-bound answer the reading is in it.
    """

    role: Role
    what: What
    works: bool
    said: str
    seconds: float
    tokens_per_second: float | None = None


class _Spoken(NamedTuple):
    """Tokens that a model wrote, and the seconds from the first on; None where these are not known."""

    tokens: int
    seconds: float | None


def foresee(spec: ModelSpec, weighed: Weighed | None, options: ModelOptions) -> Step:
    """Say without loading whether a model that was named could work: its files and memory, or its server."""
    if weighed is None:
        return _reached(spec)
    kept = how_kept(options.quantization)
    fits = any(need.place for need in weighed.needs if need.kept == kept)
    room = "its files are whole" if fits else f"there is no room for it in {kept}; quantization or a server may help"
    return Step(spec.role, "files and memory", weighed.fault is None and fits, weighed.fault or room, 0.0)


def attempt(spec: ModelSpec, options: ModelOptions, begin: Callable[[str], None]) -> Iterator[Step]:
    """Load a model, or reach its server, and let it do each kind of work; ends with the first thing that fails.

    Args:
        spec: The model.
        options: How it is loaded, and how long a turn waits for it.
        begin: Is told what comes next.
    """
    if spec.kind == "server":
        begin(f"reaching the server of the {spec.role.replace('_', ' ')}")
        yield (reached := _reached(spec))
        if not reached.works:
            return
    begin("")
    begun = time.monotonic()
    try:
        model = build_model(
            spec, quantization=options.quantization, revision=revision_of(spec, options), deadline_s=PATIENCE_S
        )
    except IntakeError as error:
        yield Step(spec.role, "load", False, str(error), time.monotonic() - begun)
        return
    if spec.kind == "medgemma":
        yield Step(spec.role, "load", True, str(model.name), time.monotonic() - begun)
    yield from _work(spec, model, options, begin)


def _reached(spec: ModelSpec) -> Step:
    begun = time.monotonic()
    try:
        served = served_models(spec.base_url)
    except IntakeError as error:
        return Step(spec.role, "server", False, str(error), time.monotonic() - begun)
    listed = f"it lists {', '.join(map(repr, served[:5])) or 'no model'}"
    said = "it serves the model" if spec.model in served else f"{spec.model!r} is not on its list: {listed}"
    return Step(spec.role, "server", True, said, time.monotonic() - begun)


def _work(spec: ModelSpec, model: BaseChatModel, options: ModelOptions, begin: Callable[[str], None]) -> Iterator[Step]:
    works: dict[What, Callable[[], _Spoken]] = {
        "plain turn": lambda: _write(model, HumanMessage("Say in one sentence what a nurse does.")),
        "schema-bound answer": lambda: _answer(model),
        "image": lambda: _write(model, _picture()),
    }
    if spec.role == "interviewer":
        del works["image"]
    for what, work in works.items():
        begin(f"{spec.role.replace('_', ' ')}: {what}")
        step = _timed(spec.role, what, work, options.deadline_s)
        yield step
        if not step.works:
            return


def _timed(
    role: Role,
    what: What,
    work: Callable[[], _Spoken],
    deadline_s: float,
) -> Step:
    begun = time.monotonic()
    try:
        spoken = work()
    except IntakeError as error:
        return Step(role, what, False, str(error), time.monotonic() - begun)
    took = time.monotonic() - begun
    said = "ok" if took <= deadline_s else f"slower than the {deadline_s:g} s that a turn waits for it"
    rate = spoken.tokens / (spoken.seconds or took) if spoken.tokens else None
    return Step(role, what, took <= deadline_s, said, took, rate)


def _write(model: BaseChatModel, message: BaseMessage) -> _Spoken:
    until, heard = time.monotonic() + PATIENCE_S, list[float]()

    def watch(text: str) -> None:
        if text:
            heard.append(time.monotonic())

    written = Streamer(model).write([message], until, watch, Event(), max_tokens=_TOKENS)
    if not written.text.strip():
        raise EmptyOutputError("The answer was empty. Weights kept in fp16 do that: serve them in bf16.")
    return _Spoken(written.completion_tokens, time.monotonic() - heard[0])


class _Heard(BaseModel):
    model_config = ConfigDict(extra="forbid")

    side: Literal["left", "right", "unclear"]
    days: Annotated[int, Field(ge=0, le=99)]
    quote: Annotated[str, Field(min_length=1, max_length=40)]


def _answer(model: BaseChatModel) -> _Spoken:
    """An answer of a schema; what it says is not judged."""
    question = HumanMessage("A patient says: 'My left knee has hurt for 3 days.' Which side, how many days?")
    usage = StructuredModel(model, "checked").ask([question], _Heard, PATIENCE_S).usage
    return _Spoken(usage.completion_tokens, None)


def _picture() -> BaseMessage:
    """A picture made here, of the size that MedGemma looks at."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (896, 896), "white")
    ImageDraw.Draw(image).ellipse((248, 248, 648, 648), fill="red")
    block = {"type": "image", "base64": _encoded(image), "mime_type": "image/png"}
    return HumanMessage(content=[{"type": "text", "text": "Which shape and colour is in this picture?"}, block])


def _encoded(image: "Image") -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
