"""The layers of the content: ours, and over it a pack of the user's own."""

import hashlib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.reading import line_of

NOT_IN_USE = frozenset({"vignettes", "skeleton", "banned.yaml"})
"""What no interview draws on; it may change without a new version of the content."""


def content_root() -> Traversable:
    """The folder of the content that ships with the package."""
    return files("symptom_intake.prompts")


class File(NamedTuple):
    """One file of one layer.

    Attributes:
        path: Where it is.
        name: Its path inside the layer.
        label: What faults call it.
        own: Whether it belongs to the user's pack.
    """

    path: Traversable
    name: str
    label: str
    own: bool

    def fault(self, place: Sequence[int | str], message: str) -> Fault:
        """A fault at a place in it, which is a path of keys and indices."""
        return Fault(self.label, line_of(self.path.read_text(encoding="utf-8"), place), message)


class Layers:
    """Our content and, if there is one, a pack over it.

    Attributes:
        own: The user's pack.
    """

    def __init__(self, own: Path | None = None) -> None:
        """Take the pack.

        Raises:
            ContentError: If there is no such folder.
        """
        if own is not None and not own.is_dir():
            raise ContentError([Fault(str(own), 0, "there is no such folder of content")])
        self.own = own

    def every(self, name: str) -> list[File]:
        """The file of this name in each layer that has it, ours first; ours alone where none has."""
        ours = File(content_root() / name, name, name, own=False)
        return [file for file in (ours, *self._owned(name)) if file.path.is_file()] or [ours]

    def has(self, name: str) -> bool:
        """Whether a layer has this file."""
        return any(file.path.is_file() for file in self.every(name))

    def files_in(self, folder: str) -> list[File]:
        """The YAML files of a folder in the order of their names; one of the pack stands for ours of that name."""
        found: dict[str, File] = {}
        for place in (File(content_root() / folder, folder, folder, own=False), *self._owned(folder)):
            found |= {file.name: file for file in _yaml_files(place)}
        return [found[name] for name in sorted(found)]

    def folders_in(self, folder: str) -> list[str]:
        """Names of the folders in a folder, of whichever layer."""
        places = [content_root() / folder, *(file.path for file in self._owned(folder))]
        return sorted({each.name for place in places if place.is_dir() for each in place.iterdir() if each.is_dir()})

    def version(self) -> str:
        """The hash of every file in use, by name and bytes."""
        digest = hashlib.sha256()
        for root in (content_root(), *([self.own] if self.own else [])):
            digest.update(b"layer\0")
            for name, data in sorted(_files(root, "")):
                digest.update(name.encode() + b"\0" + data)
        return digest.hexdigest()[:16]

    def _owned(self, name: str) -> list[File]:
        return [File(self.own / name, name, str(self.own / name), own=True)] if self.own else []


def _yaml_files(folder: File) -> Iterator[File]:
    if folder.path.is_dir():
        for each in folder.path.iterdir():
            if each.name.endswith(".yaml"):
                yield File(each, f"{folder.name}/{each.name}", f"{folder.label}/{each.name}", folder.own)


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in folder.iterdir():
        if prefix + each.name in NOT_IN_USE:
            continue
        if each.is_dir() and each.name != "__pycache__":
            found += _files(each, f"{prefix}{each.name}/")
        elif each.name.endswith((".yaml", ".md")):
            found.append((prefix + each.name, each.read_bytes()))
    return found
