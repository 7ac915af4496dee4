"""Writing a new complaint that an author changes into their own."""

import re
from pathlib import Path

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.prompts.layers import content_root
from symptom_intake.prompts.loader import load_content

_NAME = re.compile(r"[a-z][a-z_]*")
_FILES = {"complaint.yaml": "complaints", "vignettes.yaml": "vignettes"}


def write_new(name: str, pack: Path) -> tuple[Path, list[Path]]:
    """Write a complaint and its cases into a pack.

    Args:
        name: The complaint's id.
        pack: The folder; made if it is not there.

    Returns:
        The pack, and the files.

    Raises:
        ConfigurationError: If the name is no id or is taken, or a file cannot be written. Nothing is ever overwritten.
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} is no id: use small letters and underscores, as in hand_injury.")
    if name in load_content().protocols:
        raise ConfigurationError(
            f"There is a complaint {name!r} already. Choose another name; or, to change that one, copy "
            f"{content_root() / 'complaints' / f'{name}.yaml'} into {pack / 'complaints'} and edit it."
        )
    texts = {pack / folder / f"{name}.yaml": _filled(file, name) for file, folder in _FILES.items()}
    for path in texts:
        if path.exists():
            raise ConfigurationError(f"{path} is there already, and nothing was written. Choose another name.")
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"The pack could not be written: {error.strerror}.") from error
    return pack, list(texts)


def _filled(file: str, name: str) -> str:
    text = (content_root() / "skeleton" / file).read_text(encoding="utf-8")
    values = {"__NAME__": name, "__LABEL__": name.replace("_", " "), "__RULE__": name.replace("_", "-").upper()}
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
