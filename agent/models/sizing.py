"""How much memory a Gemma 3 model takes: its weights and its KV cache, computed from its config.json."""

from dataclasses import dataclass
from typing import Any, Literal

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.machine import Machine
from symptom_intake.agent.models.weights import is_multimodal

Kept = Literal["fp32", "bf16", "8bit", "4bit"]
"""How weights are kept in memory."""
Place = Literal["GPU", "GPU and memory", "memory"]

CONTEXT = 8192
"""Tokens of KV cache that a model must have room for."""
SPARE = 1.1
"""What a model takes beside weights and cache, as a factor: an allowance for activations, not a measurement."""

_LINEAR = {"fp32": 4.0, "bf16": 2.0, "8bit": 1.0, "4bit": 0.5 + 4 / 64}
"""Bytes a parameter of a linear layer; 4 bit is NF4 with one float32 for each block of 64 (bitsandbytes)."""
_CACHED_BYTES = {"fp32": 4, "bf16": 2, "8bit": 2, "4bit": 2}
_DEFAULTS = {"vocab_size": 262_208, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256}
_WINDOW, _PATTERN = 4096, 6
"""What transformers takes where a published config.json is silent (Gemma3TextConfig)."""

_VISION = {
    "hidden_size": 1152,
    "intermediate_size": 4304,
    "num_hidden_layers": 27,
    "image_size": 896,
    "patch_size": 14,
    "vision_use_head": False,
}
_TEXT_27B = {
    "hidden_size": 5376,
    "intermediate_size": 21_504,
    "num_hidden_layers": 62,
    "num_attention_heads": 32,
    "num_key_value_heads": 16,
    "head_dim": 128,
    "sliding_window": 1024,
}
_TEXT_4B = {"hidden_size": 2560, "intermediate_size": 10_240, "num_hidden_layers": 34, "sliding_window": 1024}
PUBLISHED: dict[str, dict[str, Any]] = {
    "google/medgemma-27b-text-it": {"model_type": "gemma3_text", **_TEXT_27B},
    "google/medgemma-27b-it": {"model_type": "gemma3", "text_config": _TEXT_27B, "vision_config": _VISION},
    "google/medgemma-4b-it": {"model_type": "gemma3", "text_config": _TEXT_4B, "vision_config": _VISION},
}
"""Shapes of the models that have short names, for when they are not on disk.

Source: Gemma 3 Technical Report, arXiv 2503.19786, and google/gemma_pytorch, gemma/config.py; MedGemma keeps the shapes
of Gemma 3.
"""


@dataclass(frozen=True)
class Size:
    """The parameters of a model and the shape of its cache.

    Attributes:
        linear: Parameters of linear layers, which quantization makes smaller.
        other: The rest: embeddings, norms, biases.
        cached: Numbers that one layer caches for one token.
        whole: Layers that see the whole context. `local`: layers that see `window` tokens.
    """

    linear: int
    other: int
    cached: int
    whole: int
    local: int
    window: int

    @property
    def parameters(self) -> int:
        """All of them."""
        return self.linear + self.other

    def weights(self, kept: Kept) -> int:
        """Bytes of the weights."""
        return int(self.linear * _LINEAR[kept] + self.other * (4 if kept == "fp32" else 2))

    def cache(self, tokens: int, kept: Kept = "bf16") -> int:
        """Bytes of the KV cache of so many tokens; a local layer keeps those in its window alone."""
        return self.cached * _CACHED_BYTES[kept] * (self.whole * tokens + self.local * min(tokens, self.window))

    def needed(self, kept: Kept) -> int:
        """Bytes to run one conversation: weights, cache, and an allowance for the rest."""
        return int((self.weights(kept) + self.cache(CONTEXT, kept)) * SPARE)


def size_of(config: dict[str, Any]) -> Size:
    """The size of a model.

    Args:
        config: What config.json says, or one of PUBLISHED.
    """
    multimodal = is_multimodal(config)
    text = _DEFAULTS | (config["text_config"] if multimodal else config)
    hidden, layers = text["hidden_size"], text["num_hidden_layers"]
    attention = 2 * hidden * text["head_dim"] * (text["num_attention_heads"] + text["num_key_value_heads"])
    linear = layers * (attention + 3 * hidden * text["intermediate_size"])
    embeddings = 1 if config.get("tie_word_embeddings", True) else 2
    other = embeddings * text["vocab_size"] * hidden + layers * (4 * hidden + 2 * text["head_dim"]) + hidden
    if multimodal:
        seen, around = _vision(_VISION | {"vision_use_head": True} | config.get("vision_config", {}), hidden)
        linear, other = linear + seen, other + around
    local = _local_layers(text)
    window = text.get("sliding_window") or _WINDOW
    cached = 2 * text["num_key_value_heads"] * text["head_dim"]
    return Size(linear, other, cached, layers - local, local, window)


def place(size: Size, kept: Kept, machine: Machine) -> Place | None:
    """Where a model has room now; None is nowhere."""
    needed = size.needed(kept)
    if needed <= machine.gpu_free:
        return "GPU"
    if needed <= machine.gpu_free + machine.free:
        return "GPU and memory" if machine.gpus else "memory"
    return None


def refuse_if_too_big(name: str, size: Size, kept: Kept, machine: Machine) -> None:
    """Say before loading that a model will not fit, with what would.

    Raises:
        ConfigurationError: If it has no room.
    """
    if place(size, kept, machine):
        return
    smaller: tuple[Kept, ...] = ("8bit", "4bit")
    fitting = [f"{each} ({gigabytes(size.needed(each))})" for each in smaller if place(size, each, machine)]
    advice = (
        f"It would fit with the quantization {' or '.join(fitting)}."
        if fitting
        else "Free some, take a smaller model such as medgemma-4b, or serve it elsewhere and name that server."
    )
    gpus = f" and {gigabytes(machine.gpu_free)} on GPUs" if machine.gpus else ""
    free = f"{gigabytes(machine.free)} of memory{gpus} are free"
    raise ConfigurationError(f"{name!r} needs {gigabytes(size.needed(kept))} in {kept}; {free}. {advice}")


def gigabytes(count: int) -> str:
    """Bytes for people, in units of 1,000,000,000."""
    return f"{count / 1e9:.1f} GB"


def _local_layers(text: dict[str, Any]) -> int:
    if kinds := text.get("layer_types"):
        return sum(kind == "sliding_attention" for kind in kinds)
    pattern = text.get("sliding_window_pattern") or text.get("_sliding_window_pattern") or _PATTERN
    return int(text["num_hidden_layers"] - text["num_hidden_layers"] // pattern)


def _vision(shape: dict[str, Any], hidden: int) -> tuple[int, int]:
    """Parameters of the image encoder (SigLIP) and of the projector behind it: of linear layers, and the rest."""
    width, inner, layers, patch = (
        shape[key] for key in ("hidden_size", "intermediate_size", "num_hidden_layers", "patch_size")
    )
    block, biases = 4 * width * width + 2 * width * inner, 5 * width + inner
    places = (shape["image_size"] // patch) ** 2
    around = layers * (biases + 4 * width) + width * (3 * patch * patch + 1 + places + 2) + width * (hidden + 1)
    if not shape["vision_use_head"]:
        return layers * block, around
    return (layers + 1) * block, around + biases + 3 * width
