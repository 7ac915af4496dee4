"""The root of the package's errors, and the one that an author of content can act on."""

from typing import NamedTuple


class IntakeError(Exception):
    """Anything this package raises on purpose; the message is a sentence for a person."""


class Fault(NamedTuple):
    """One thing wrong in a content file.

    Attributes:
        file: The file's path inside the content folder.
        line: Line number, from 1; 0 when the fault belongs to the whole file.
        message: What is wrong, in plain words.
    """

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """The fault as editors print it: file, line, message."""
        return f"{self.file}:{self.line}: {self.message}"


class ContentError(IntakeError):
    """The content cannot be used; whoever edits it can mend it.

    Attributes:
        faults: Every fault found, in the order of the files.
    """

    def __init__(self, faults: list[Fault]) -> None:
        """Take every fault at once, so that an author mends them in one go."""
        self.faults = faults
        noun = "fault" if len(faults) == 1 else "faults"
        super().__init__(f"{len(faults)} {noun} in the content:\n" + "\n".join(map(str, faults)))
