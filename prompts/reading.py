"""Reading one YAML file into a validated value, every fault with its line."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from symptom_intake.prompts.errors import Fault

Model = TypeVar("Model", bound=BaseModel)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as people write it: only true and false are truth values; yes, no, on and off are words."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_file(
    path: Traversable, name: str, model: type[Model], faults: list[Fault], parsed: dict[str, Any] | None = None
) -> Model | None:
    """Read and validate a content file.

    Args:
        path: The file.
        name: What faults call it.
        model: What it must hold.
        faults: Gets one entry for each thing wrong.
        parsed: What the file's YAML is known to hold, under its name; gets it if it was not.

    Returns:
        The value, or None when there was a fault.
    """
    parsed = {} if parsed is None else parsed
    try:
        if name not in parsed:
            parsed[name] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
        return model.model_validate(parsed[name])
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(name, 0, f"cannot be read: {error.__class__.__name__}"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        faults.append(Fault(name, mark.line + 1 if mark else 0, f"not YAML: {getattr(error, 'problem', error)}"))
    except ValidationError as error:
        text = path.read_text(encoding="utf-8")
        for each in error.errors(include_url=False):
            where = ".".join(str(part) for part in each["loc"])
            faults.append(Fault(name, line_of(text, each["loc"]), f"{where}: {each['msg']}"))
    return None


def line_of(text: str, loc: Sequence[int | str]) -> int:
    """The line (from 1) at which the value at a path of keys and indices stands in YAML text."""
    node = _nodes(text)
    for part in loc:
        step = _step(node, part)
        if step is None:
            continue  # pydantic puts the name of a union's member into the path
        node = step
    return node.start_mark.line + 1 if node is not None else 0


@lru_cache(maxsize=8)
def _nodes(text: str) -> Any:
    return yaml.compose(text, Loader=_Loader)


def _step(node: Any, part: int | str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None
