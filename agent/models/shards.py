"""The files that hold a model's weights, checked without loading them: safetensors alone, all there, whole."""

import json
import struct
from pathlib import Path

from symptom_intake.agent.models.reading import read_object

_SINGLE, _INDEX = "model.safetensors", "model.safetensors.index.json"
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
_LONGEST_HEADER = 100_000_000
"""Bytes; the safetensors format allows no longer header."""


def weight_files(folder: Path) -> tuple[list[Path], list[str]]:
    """The files that the weights of a folder consist of, and what is wrong with them.

    Args:
        folder: Where they lie.
    """
    faults: list[str] = []
    if (folder / _SINGLE).exists():
        files = [folder / _SINGLE]
    elif (folder / _INDEX).exists():
        files, faults = _indexed(folder)
    else:
        return [], [_nothing_in(folder)]
    return files, [*faults, *(f"{file.name} {fault}" for file in files if (fault := _fault(file)))]


def _indexed(folder: Path) -> tuple[list[Path], list[str]]:
    index, fault = read_object(folder / _INDEX)
    if fault:
        return [], [fault]
    placed = index.get("weight_map")
    names = set(placed.values()) if isinstance(placed, dict) and all(map(_is_name, placed.values())) else set()
    if not names:
        return [], [f"{_INDEX} does not say which *.safetensors files there are"]
    return [folder / name for name in sorted(names)], []


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.endswith(".safetensors") and Path(value).name == value


def _nothing_in(folder: Path) -> str:
    names = sorted(file.name for file in folder.iterdir())
    if shards := [name for name in names if name.endswith(".safetensors")]:
        return f"{_INDEX} is missing, so that nobody knows whether {shards[0]} is all of the weights"
    if pickles := [name for name in names if name.endswith(_PICKLES)]:
        return (
            f"the weights are pickle files ({pickles[0]}), which can run any program when they are read; "
            "only *.safetensors are taken"
        )
    if gguf := [name for name in names if name.endswith(".gguf")]:
        return f"the weights are GGUF ({gguf[0]}); llama.cpp, Ollama and LM Studio serve these, see docs/models.md"
    return "there are no weights (*.safetensors)"


def _fault(file: Path) -> str | None:
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            start = stream.read(8)
            if start.startswith(b"version "):
                return "is a git-LFS pointer and not the file itself; `git lfs pull` fetches it"
            length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
            if not 2 <= length <= _LONGEST_HEADER:
                return "is empty or cut off" if size <= 8 else "is no safetensors file"
            header = stream.read(length)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return _fault_of_length(header, length, size)


def _fault_of_length(header: bytes, length: int, size: int) -> str | None:
    if not header.startswith(b"{"):
        return "is no safetensors file"
    if len(header) < length:
        return "is cut off in its header: the download was not finished"
    try:
        tensors = json.loads(header)
        end = 8 + length + max(entry["data_offsets"][1] for key, entry in tensors.items() if key != "__metadata__")
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return "is no safetensors file"
    if size < end:
        return f"is cut off: {size:,} of {end:,} bytes are there, the download was not finished"
    return None if size == end else f"is longer than it says itself: {size:,} bytes instead of {end:,}"
