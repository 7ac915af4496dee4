"""From what a deployer names to a model that an interview can lean on."""

from functools import lru_cache
from pathlib import Path
from threading import Lock

from langchain_core.language_models import BaseChatModel

from symptom_intake.agent.models.options import ModelOptions, Role
from symptom_intake.agent.models.steady import SteadyModel
from symptom_intake.agent.models.structured import StructuredModel

_LOADING = Lock()
"""Two sessions that open at once load a model once."""


def steady_model(wanted: str | BaseChatModel, role: Role, options: ModelOptions) -> SteadyModel:
    """The model for a role; the same string and options get the same one, so that sessions share it and its rest.

    Raises:
        ConfigurationError: If the string names no model, or the model cannot be loaded.
    """
    if isinstance(wanted, str):
        with _LOADING:
            return _named(wanted, role, options)
    return SteadyModel(StructuredModel(wanted, _name(wanted)), options.deadline_s)


def _name(model: BaseChatModel) -> str:
    """What the records call a model: its own name, and no path of this machine."""
    name = str(getattr(model, "model_name", None) or type(model).__name__)
    folder = Path(name)
    return folder.name if folder.is_dir() else name


@lru_cache(maxsize=8)
def _named(wanted: str, role: Role, options: ModelOptions) -> SteadyModel:
    from symptom_intake.agent.models.build import build_model  # a chat model that is given needs none of it
    from symptom_intake.agent.models.spec import parse_spec

    revision = options.revision if role == "interviewer" else options.image_revision
    spec = parse_spec(wanted, role)
    model = build_model(spec, quantization=options.quantization, revision=revision, deadline_s=options.deadline_s)
    return SteadyModel(StructuredModel(model, _name(model)), options.deadline_s)
