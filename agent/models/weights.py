"""The weights of a model in process: where they are, and whether they are what they should be, before anything loads.

Nothing here needs torch, and nothing that a file says is carried out. A config.json of a stranger can name code to run
(`auto_map`) or, in transformers before its fix, a kernel to fetch and run (CVE-2026-4372): both are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.hub import SETTINGS, TENSORS, cached, fetch
from symptom_intake.agent.models.options import Role
from symptom_intake.agent.models.reading import read_object
from symptom_intake.agent.models.shards import weight_files
from symptom_intake.agent.models.spec import ModelSpec

_HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*")
_ARCHITECTURES = {"Gemma3ForCausalLM": "gemma3_text", "Gemma3ForConditionalGeneration": "gemma3"}
_HARMLESS = frozenset(
    {"_name_or_path", "_sliding_window_pattern", "_attn_implementation_autoset", "_from_model_config"}
)
"""Keys with an underscore that transformers writes itself."""
_CODE = ("auto_map", "trust_remote_code", "custom_generate", "attn_implementation", "experts_implementation")
_SIZES = ("hidden_size", "intermediate_size", "num_hidden_layers")
_OPTIONAL = ("generation_config.json", "tokenizer_config.json", "processor_config.json", "preprocessor_config.json")


@dataclass(frozen=True)
class Weights:
    """Weights that passed every check.

    Attributes:
        model: Hub id or folder, as the user named it.
        folder: Where they are.
        config: What config.json says.
        revision: The full commit hash of weights from the hub.
    """

    model: str
    folder: Path
    config: dict[str, Any]
    revision: str | None = None

    @property
    def name(self) -> str:
        """For the records: the model as it was named, and its commit."""
        return f"{self.model}@{self.revision}" if self.revision else self.model

    @property
    def reads_images(self) -> bool:
        """Whether the model takes images as well as text."""
        return is_multimodal(self.config)


def is_multimodal(config: dict[str, Any]) -> bool:
    """Whether a config.json is that of a model of images and text."""
    return config.get("model_type") == "gemma3"


def find_weights(spec: ModelSpec, revision: str | None = None) -> Weights:
    """Find the weights that a string names, and fetch them if it names them in full and they are not here.

    Args:
        spec: Of the kind `medgemma`.
        revision: A commit on the hub; else the one that was fetched, or the newest.

    Raises:
        ConfigurationError: If they are not here, or not fit to load; every fault is listed.
    """
    if not is_hub_id(spec.model):
        return _checked(spec, _local(spec.model))
    folder = cached(spec.model, revision)
    if spec.may_download and (folder is None or _faults(folder, spec.role)):
        folder = fetch(spec.model, revision, SETTINGS)
        _refuse(spec, _setting_faults(folder, spec.role))
        folder = fetch(spec.model, folder.name, TENSORS)
    if folder is None:
        raise ConfigurationError(_absent(spec.model))
    return _checked(spec, folder)


def is_hub_id(model: str) -> bool:
    """Whether the name is one on the hub; a folder of that name comes first."""
    return _HUB_ID.fullmatch(model) is not None and not Path(model).exists()


def _checked(spec: ModelSpec, folder: Path) -> Weights:
    _refuse(spec, _faults(folder, spec.role))
    config, _ = read_object(folder / "config.json")
    return Weights(spec.model, folder, config, folder.name if is_hub_id(spec.model) else None)


def _refuse(spec: ModelSpec, faults: list[str]) -> None:
    if faults:
        lines = "".join(f"\n- {fault}" for fault in faults)
        raise ConfigurationError(f"The weights {spec.model!r} cannot be used:{lines}\n{_next_step(spec)}")


def _next_step(spec: ModelSpec) -> str:
    published = spec.model if is_hub_id(spec.model) else "google/medgemma-4b-it"
    return f"Next: name a folder of complete weights as they were published; `hf download {published}` fetches some."


def _absent(model: str) -> str:
    return (
        f"{model!r} is not on this disk. To have it fetched, accept its terms on https://huggingface.co/{model}, run "
        f"`hf auth login`, and name it in full: medgemma:{model}. If you have it already, name its folder: "
        "medgemma:<folder>."
    )


def _local(model: str) -> Path:
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    if folder.exists():
        raise ConfigurationError(f"{model!r} is a file; name the folder that holds config.json and *.safetensors.")
    raise ConfigurationError(
        f"There is no folder {model!r}. A name on the hub has an owner, as in medgemma:google/medgemma-4b-it."
    )


def _faults(folder: Path, role: Role) -> list[str]:
    if not (folder / "config.json").exists() and (below := next(folder.glob("**/config.json"), None)):
        return [f"config.json is not there but in its folder {str(below.parent.relative_to(folder))!r}; name that one"]
    if not any(folder.iterdir()):
        return ["the folder is empty"]
    return [*_setting_faults(folder, role), *weight_files(folder)[1]]


def _setting_faults(folder: Path, role: Role) -> list[str]:
    config, fault = read_object(folder / "config.json")
    faults = [fault] if fault else [*_config_faults(config), *_role_faults(config, role)]
    for name in _OPTIONAL:
        if (folder / name).exists():
            settings, fault = read_object(folder / name)
            faults += [fault] if fault else _code_faults(settings, name)
    if (folder / "adapter_config.json").exists():
        faults.append("adapter_config.json makes it an adapter that is put on other weights; merge it into them first")
    return [*faults, *_missing(folder, is_multimodal(config))]


def _config_faults(config: dict[str, Any]) -> list[str]:
    faults = _code_faults(config, "config.json")
    named = config.get("architectures")
    name = named[0] if isinstance(named, list) and len(named) == 1 else None
    kind = _ARCHITECTURES.get(name) if isinstance(name, str) else None
    if kind is None or config.get("model_type") != kind:
        return [*faults, f"config.json names the architecture {_short(name)}; only Gemma 3 of text or of images is run"]
    text = config.get("text_config") if is_multimodal(config) else config
    if not isinstance(text, dict) or not all(isinstance(text.get(size), int) and text[size] > 0 for size in _SIZES):
        faults.append(f"config.json does not hold the sizes of the model ({', '.join(_SIZES)})")
    if "quantization_config" in config:
        faults.append("the weights were quantised beforehand; take the original and set the quantization here")
    return faults


def _role_faults(config: dict[str, Any], role: Role) -> list[str]:
    if role == "image_reader" and config.get("model_type") == "gemma3_text":
        return ["the model reads text alone and cannot look at images; medgemma-4b can"]
    return []


def _code_faults(settings: dict[str, Any], name: str) -> list[str]:
    hostile = {
        key
        for key in _keys(settings)
        if key in _CODE or (name == "config.json" and key.startswith("_") and key not in _HARMLESS)
    }
    return [f"{name} has the key {_short(key)}, which can make the program run foreign code" for key in sorted(hostile)]


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _keys(child)


def _missing(folder: Path, multimodal: bool) -> list[str]:
    """Files that belong to the weights; each may go by one of several names."""
    wanted: list[tuple[str, ...]] = [("tokenizer.json",), ("tokenizer_config.json",)]
    if multimodal:
        wanted.append(("preprocessor_config.json", "processor_config.json"))
    faults = [f"{names[0]} is missing" for names in wanted if not any((folder / name).exists() for name in names)]
    return faults if _has_template(folder) else [*faults, "there is no chat template: take the weights that end in -it"]


def _has_template(folder: Path) -> bool:
    if any((folder / name).exists() for name in ("chat_template.jinja", "chat_template.json")):
        return True
    settings = (read_object(folder / name)[0] for name in ("tokenizer_config.json", "processor_config.json"))
    return any("chat_template" in each for each in settings)


def _short(value: object) -> str:
    return repr(value)[:60]
