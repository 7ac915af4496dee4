"""What a model in process needs of memory, and whether its weights are on this disk."""

from dataclasses import dataclass, replace

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.machine import Machine
from symptom_intake.agent.models.options import ModelOptions, Role
from symptom_intake.agent.models.sizing import CONTEXT, PUBLISHED, Kept, Place, Size, place, size_of
from symptom_intake.agent.models.spec import ModelSpec
from symptom_intake.agent.models.weights import find_weights

_KEPT: tuple[Kept, ...] = ("bf16", "8bit", "4bit")


@dataclass(frozen=True)
class Need:
    """What one way of keeping a model's weights takes; all but `place` in bytes.

    Attributes:
        kept: The way.
        weights: Of the weights. `cache`: of the KV cache of a long conversation. `needed`: all that must be free.
        place: Where there is room now; None is nowhere.
    """

    kept: Kept
    weights: int
    cache: int
    needed: int
    place: Place | None


@dataclass(frozen=True)
class Weighed:
    """A model in process and what it needs.

    Attributes:
        role: What it is for. `model`: hub id or folder.
        revision: The commit on disk, if it came from the hub.
        fault: Why it cannot be loaded from this disk; None if it can.
        needs: By how the weights are kept; empty where their size is not known.
        cache_per_1000: Bytes of KV cache for 1,000 tokens more, once the windows are full.
    """

    role: Role
    model: str
    revision: str | None
    fault: str | None
    needs: tuple[Need, ...]
    cache_per_1000: int


def weigh(spec: ModelSpec, options: ModelOptions, machine: Machine) -> Weighed:
    """What a model in process needs, from its config.json or the published shapes; nothing is fetched."""
    config, revision, fault = PUBLISHED.get(spec.model), None, None
    try:
        found = find_weights(replace(spec, may_download=False), revision_of(spec, options))
        config, revision = found.config, found.revision
    except ConfigurationError as error:
        fault = str(error)
    size = size_of(config) if config else None
    needs = tuple(_need(size, kept, machine) for kept in _KEPT) if size else ()
    growth = size.cache(2 * CONTEXT) - size.cache(CONTEXT) if size else 0
    return Weighed(spec.role, spec.model, revision, fault, needs, growth * 1000 // CONTEXT)


def revision_of(spec: ModelSpec, options: ModelOptions) -> str | None:
    """The commit that is set for the weights of a role."""
    return options.revision if spec.role == "interviewer" else options.image_revision


def _need(size: Size, kept: Kept, machine: Machine) -> Need:
    return Need(kept, size.weights(kept), size.cache(CONTEXT), size.needed(kept), place(size, kept, machine))
