"""Settings: from the command line, else environment variables, else one TOML file, else the defaults."""

import difflib
import os
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_config_path
from pydantic import AfterValidator, Field, ValidationError

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.history import Value
from symptom_intake.agent.models.options import ModelOptions, Quantization
from symptom_intake.agent.models.spec import parse_spec
from symptom_intake.prompts.templates import languages

PREFIX = "SYMPTOM_INTAKE_"
KEY = f"{PREFIX}API_KEY"
"""Holds the key of a model's server. Keys come from the environment only."""
FILE = f"{PREFIX}CONFIG"
_NO_SETTINGS = frozenset({KEY, FILE, f"{PREFIX}DEBUG"})
_LOCAL = "symptom-intake.toml"


Pack = Annotated[Path, AfterValidator(Path.expanduser)]


class Config(Value):
    """What a deployer may set.

    Attributes:
        model: What reads the patient's words: `embedded`, or a string that names a model (docs/models.md).
        image_model: What looks at images: `none`, or likewise.
        deadline_s: Seconds that a turn waits for a model.
        quantization: How the weights of a model in process are kept.
        revision: Commit of the interviewer's weights on the hub. `image_revision`: of the image reader's.
        region: Emergency numbers and wording. `language`: of the messages.
        content: A pack of questions, rules and messages that is laid over ours; None for ours alone.
        db: Path of the database; None for the one in the user's folder for application data.
    """

    model: str = "embedded"
    image_model: str = "none"
    deadline_s: float = Field(default=ModelOptions.deadline_s, gt=0, le=600)
    quantization: Quantization = "none"
    revision: str | None = None
    image_revision: str | None = None
    region: str = "us"
    language: str = "en"
    content: Pack | None = None
    db: str | None = Field(default=None, min_length=1)

    @property
    def without_model(self) -> bool:
        """Whether no model is named for either role."""
        return (self.model, self.image_model) == ("embedded", "none")

    @property
    def options(self) -> ModelOptions:
        """The part of it that is about loading and waiting for models."""
        return ModelOptions(self.deadline_s, self.quantization, self.revision, self.image_revision)


@dataclass(frozen=True)
class Resolved:
    """Settings in force.

    Attributes:
        config: Their values.
        origin: Where each comes from, for a person.
        file: The TOML file that was read; None when there is none.
    """

    config: Config
    origin: Mapping[str, str]
    file: Path | None


def load_config(overrides: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None) -> Resolved:
    """Find the settings.

    Args:
        overrides: What the command line says; None stands for what it does not say.
        environ: The environment; the process's own by default.

    Raises:
        ConfigurationError: If anything is unknown or wrong; every fault is named.
    """
    environ = os.environ if environ is None else environ
    file = config_file(environ)
    told = {name: value for name, value in (overrides or {}).items() if value is not None}
    variables = {name.removeprefix(PREFIX).lower(): value for name, value in _variables(environ).items()}
    written, faults = _read(file) if file else ({}, [])
    sources = (("command line", told), ("environment", variables), (f"file {file}", written))
    faults += [fault for label, values in sources for fault in _unknown(label, values)]
    values: dict[str, Any] = {}
    origin = dict.fromkeys(Config.model_fields, "default")
    for label, found in reversed(sources):
        values |= found
        origin |= {name: _place(label, name) for name in found}
    faults += _meaningless(values, origin)
    try:
        config = Config(**{name: value for name, value in values.items() if name in Config.model_fields})
    except ValidationError as error:
        faults += [f"{each['loc'][0]} ({origin[str(each['loc'][0])]}): {each['msg']}." for each in error.errors()]
    if faults:
        raise ConfigurationError("The settings cannot be used:\n" + "\n".join(f"- {fault}" for fault in faults))
    return Resolved(config, {name: origin[name] for name in Config.model_fields}, file)


def config_file(environ: Mapping[str, str]) -> Path | None:
    """The TOML file: the one that SYMPTOM_INTAKE_CONFIG names, else the first of `candidates` that there is."""
    if named := environ.get(FILE):
        return Path(named).expanduser()
    return next((path for path in candidates() if path.is_file()), None)


def candidates() -> tuple[Path, Path]:
    """Where a file is looked for: in the working folder, then in the user's folder for settings."""
    return Path(_LOCAL), user_config_path("symptom-intake", appauthor=False) / "config.toml"


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith(PREFIX) and name not in _NO_SETTINGS}


def _read(file: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")), []
    except (OSError, UnicodeDecodeError):
        return {}, [f"The file of settings {str(file)!r} cannot be read."]
    except tomllib.TOMLDecodeError as error:
        return {}, [f"The file of settings {str(file)!r} is no TOML: {error}."]


def _meaningless(values: Mapping[str, object], origin: Mapping[str, str]) -> list[str]:
    """What has the right type and names nothing."""
    checks: dict[str, Callable[[str], object]] = {
        "language": lambda text: _known_language(text, values.get("content")),
        "content": _known_pack,
        "model": lambda text: parse_spec(text, "interviewer"),
        "image_model": lambda text: parse_spec(text, "image_reader"),
    }
    faults = []
    for name, check in checks.items():
        value = values.get(name)
        try:
            if isinstance(value, str):
                check(value)
        except ConfigurationError as error:
            faults.append(f"{name} ({origin[name]}): {error}")
    return faults


def _known_pack(folder: str) -> None:
    if not folder or not Path(folder).expanduser().is_dir():
        raise ConfigurationError(f"There is no folder {folder!r}.")


def _known_language(language: str, content: object) -> None:
    pack = Path(content).expanduser() if isinstance(content, str) and content else None
    found = languages(pack if pack and pack.is_dir() else None)
    if language not in found:
        known = ", ".join(found)
        raise ConfigurationError(f"There are no messages in the language {language!r}; there are: {known}.")


def _unknown(label: str, values: Iterable[str]) -> list[str]:
    faults = []
    for name in values:
        if name in Config.model_fields:
            continue
        if "key" in name or "token" in name:
            faults.append(f"{name} ({_place(label, name)}): keys come from the environment only, as {KEY}.")
            continue
        near = difflib.get_close_matches(name, Config.model_fields, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(Config.model_fields)}."
        faults.append(f"{name} ({_place(label, name)}): there is no such setting; {hint}")
    return faults


def _place(label: str, name: str) -> str:
    return f"environment variable {PREFIX}{name.upper()}" if label == "environment" else label
