"""What the models are told: one Markdown file a role, with a front matter, in `prompts/roles`."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.model import Entry, Review, Text

_FOLDER = Path(__file__).parent / "roles"
_FRONT = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
_VARIABLE = re.compile(r"\{(\w+)\}")


class Front(Entry):
    """The front matter: the prompt's id and version, what the caller fills in, and who has signed it."""

    id: Text
    version: Text
    variables: tuple[str, ...] = ()
    review: Review = Review()


@dataclass(frozen=True)
class Role:
    """One prompt.

    Attributes:
        id: Its name. `version`: as its author numbers it.
        sha256: Of the file, for the records.
        text: The words, with `{name}` for each variable.
        variables: Names of what a caller fills in.
    """

    id: str
    version: str
    sha256: str
    text: str
    variables: tuple[str, ...]

    @property
    def stamp(self) -> str:
        """Id, version and the beginning of the hash, for the audit trail."""
        return f"{self.id} {self.version} {self.sha256[:12]}"

    def render(self, values: Mapping[str, str]) -> str:
        """Fill in the variables.

        Raises:
            KeyError: If one is missing.
        """
        return _VARIABLE.sub(lambda match: values[match[1]], self.text)


@lru_cache(maxsize=16)
def load_role(name: str, folder: Path = _FOLDER) -> Role:
    """Read a prompt.

    Args:
        name: The file's name without its ending.
        folder: Where it lies.

    Raises:
        ContentError: If the file is missing or faulty; every fault is listed.
    """
    path = folder / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError([Fault(f"roles/{name}.md", 0, "the file cannot be read")]) from error
    match = _FRONT.fullmatch(text)
    if match is None:
        raise ContentError([Fault(f"roles/{name}.md", 1, "it begins with a front matter between two lines of ---")])
    front = _front(match[1], name)
    body = match[2].strip()
    faults = _faults(front, body, name)
    if faults:
        raise ContentError(faults)
    return Role(front.id, front.version, hashlib.sha256(text.encode()).hexdigest(), body, front.variables)


def _front(text: str, name: str) -> Front:
    try:
        return Front.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ContentError([Fault(f"roles/{name}.md", 2, "the front matter is no YAML")]) from error
    except ValidationError as error:
        faults = [Fault(f"roles/{name}.md", 2, f"{'.'.join(map(str, e['loc']))}: {e['msg']}") for e in error.errors()]
        raise ContentError(faults) from error


def _faults(front: Front, body: str, name: str) -> list[Fault]:
    used = set(_VARIABLE.findall(body))
    file = f"roles/{name}.md"
    return [
        *([] if front.id == name else [Fault(file, 2, f"its id is {front.id!r}, but the file is called {name!r}")]),
        *(
            Fault(file, 2, f"the variable {each!r} is declared and not used")
            for each in sorted({*front.variables} - used)
        ),
        *(
            Fault(file, 2, f"the variable {each!r} is used and not declared")
            for each in sorted(used - {*front.variables})
        ),
    ]
