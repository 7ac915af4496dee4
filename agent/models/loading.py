"""Loads checked weights with transformers: no foreign code, no pickle, no network."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.sizing import Kept
from symptom_intake.agent.models.weights import Weights


def load(weights: Weights, kept: Kept, on_gpu: bool) -> tuple[Any, Any]:
    """Load a model, with a progress bar on a terminal.

    Args:
        weights: Where they are.
        kept: How to keep them in memory. In bf16 as published on a CPU too: half the memory of fp32.
        on_gpu: Whether there is a GPU; the weights are then spread over GPUs and, as a last resort, main memory.

    Returns:
        The model, ready to write, and its processor (for text alone: its tokenizer).

    Raises:
        ConfigurationError: If memory runs out, a package is missing, or weights are missing in the files.
    """
    with _progress(weights.model):
        model, report = _loaded(weights, _how(kept, on_gpu))
    if report["missing_keys"]:
        raise ConfigurationError(
            f"{len(report['missing_keys'])} of the weights of {weights.model!r} are not in its files, so that they "
            "would be random numbers. Fetch the weights anew."
        )
    return model.eval(), _processor(weights)


def _loaded(weights: Weights, how: dict[str, Any]) -> tuple[Any, Any]:
    import torch

    try:
        model, report = _auto_model(weights).from_pretrained(
            weights.folder, output_loading_info=True, use_safetensors=True, **_OWN_FILES, **how
        )
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise ConfigurationError(
            f"Memory ran out while {weights.model!r} was loading. End other programs that use it, or take fewer bits "
            "for each weight (quantization 4bit)."
        ) from error
    except (ImportError, RuntimeError, ValueError) as error:
        raise ConfigurationError(
            f"{weights.model!r} could not be loaded ({type(error).__name__}): its files do not fit together, or this "
            "machine cannot run them so. Try without quantization, or fetch the weights anew."
        ) from error
    return model, report


_OWN_FILES: dict[str, Any] = {"trust_remote_code": False, "local_files_only": True}


def _auto_model(weights: Weights) -> Any:
    from transformers import AutoModelForCausalLM, AutoModelForImageTextToText

    return AutoModelForImageTextToText if weights.reads_images else AutoModelForCausalLM


def _processor(weights: Weights) -> Any:
    from transformers import AutoProcessor, AutoTokenizer

    kind = AutoProcessor if weights.reads_images else AutoTokenizer
    return kind.from_pretrained(weights.folder, **_OWN_FILES)


def _how(kept: Kept, on_gpu: bool) -> dict[str, Any]:
    import torch

    # Attention by name: what a config.json says about it is not asked.
    how: dict[str, Any] = {
        "dtype": torch.float32 if kept == "fp32" else torch.bfloat16,
        "attn_implementation": "sdpa",
        "device_map": "auto" if on_gpu else None,
    }
    if kept in ("8bit", "4bit"):
        how["quantization_config"] = _quantization(kept)
    return how


def _quantization(kept: Kept) -> Any:
    if find_spec("bitsandbytes") is None:
        raise ConfigurationError(f"Weights in {kept} need the package bitsandbytes: pip install bitsandbytes")
    import torch
    from transformers import BitsAndBytesConfig

    if kept == "8bit":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)


@contextmanager
def _progress(name: str) -> Iterator[None]:
    """A bar of our own in place of the ones that transformers draws, and none of its warnings."""
    from rich.console import Console
    from rich.progress import track
    from transformers.utils import logging

    console = Console(stderr=True)

    def bar(factory: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return track(args[0], f"Loading {name}", console=console, transient=True, disable=not sys.stderr.isatty())

    verbosity, hook = logging.get_verbosity(), logging.set_tqdm_hook(bar)
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_tqdm_hook(hook)
        logging.set_verbosity(verbosity)
