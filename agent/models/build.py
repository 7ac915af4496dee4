"""From a model string to a chat model, ready to be asked."""

from importlib.util import find_spec
from typing import Any, Literal

from langchain_core.language_models import BaseChatModel

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.machine import Machine, this_machine
from symptom_intake.agent.models.options import ModelOptions, Quantization
from symptom_intake.agent.models.server import server_model
from symptom_intake.agent.models.sizing import PUBLISHED, Kept, refuse_if_too_big, size_of
from symptom_intake.agent.models.spec import ModelSpec
from symptom_intake.agent.models.weights import find_weights

Dtype = Literal["auto", "bf16", "fp32"]

_PACKAGES = ("torch", "transformers", "accelerate", "llguidance", "safetensors")
_DTYPES, _QUANTIZATIONS = ("auto", "bf16", "fp32"), ("none", "8bit", "4bit")


def build_model(
    spec: ModelSpec,
    *,
    quantization: Quantization = "none",
    revision: str | None = None,
    dtype: Dtype = "auto",
    deadline_s: float = ModelOptions.deadline_s,
) -> BaseChatModel:
    """Build the model that a string names; one in process is loaded here.

    Args:
        spec: What the string names; not `embedded` or `none`, which are no models.
        quantization: How the weights of a model in process are kept.
        revision: The commit of its weights on the hub.
        dtype: What it computes in; `auto` is bf16.
        deadline_s: Seconds after which a silent server is given up.

    Raises:
        ConfigurationError: If a package, the weights or memory for them is missing, or a setting cannot be.
    """
    if spec.kind == "server":
        return server_model(spec.model, spec.base_url, deadline_s)
    if spec.kind != "medgemma":
        raise ConfigurationError(f"{spec.kind!r} works without a model, so there is nothing to load.")
    kept = how_kept(quantization, dtype)
    _require_packages()
    return _in_process(spec, kept, revision)


def how_kept(quantization: str, dtype: str = "auto") -> Kept:
    """How weights are kept with these settings.

    Raises:
        ConfigurationError: If there is no such setting, or it cannot work.
    """
    if quantization not in _QUANTIZATIONS:
        raise ConfigurationError(f"The quantization {quantization!r} is none of {', '.join(_QUANTIZATIONS)}.")
    if dtype in ("fp16", "float16", "half"):
        raise ConfigurationError(
            "fp16 cannot be used: activations of Gemma 3 overflow in it, and the answers are empty. Use bf16 or fp32."
        )
    if dtype not in _DTYPES:
        raise ConfigurationError(f"The dtype {dtype!r} is none of {', '.join(_DTYPES)}.")
    if quantization == "8bit":
        return "8bit"
    if quantization == "4bit":
        return "4bit"
    return "fp32" if dtype == "fp32" else "bf16"


def _require_packages() -> None:
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"A model in process needs {', '.join(missing)}: pip install 'symptom-intake[medgemma]'"
        )


def _in_process(spec: ModelSpec, kept: Kept, revision: str | None) -> BaseChatModel:
    machine = this_machine()
    if spec.model in PUBLISHED:  # before anything is fetched that cannot run here
        _refuse(spec, PUBLISHED[spec.model], kept, machine)
    weights = find_weights(spec, revision)
    _refuse(spec, weights.config, kept, machine)
    from symptom_intake.agent.models.loading import load
    from symptom_intake.agent.models.medgemma import ChatMedGemma

    model, processor = load(weights, kept, on_gpu=bool(machine.gpus))
    return ChatMedGemma(model=model, processor=processor, name=weights.name)


def _refuse(spec: ModelSpec, config: dict[str, Any], kept: Kept, machine: Machine) -> None:
    refuse_if_too_big(spec.model, size_of(config), kept, machine)
