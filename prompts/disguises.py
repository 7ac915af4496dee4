"""What the plain copy of a text is made with: characters that pass for letters, and pictures that stand for words."""

from functools import cache

from symptom_intake.prompts.errors import ContentError, Fault
from symptom_intake.prompts.layers import content_root
from symptom_intake.prompts.model import Entry, Text
from symptom_intake.prompts.reading import read_file


class Confusables(Entry):
    """Characters that pass for Latin letters or digits.

    Attributes:
        ours: By the letter that they pass for, as we see it. `unicode`: as Unicode's table has it.
    """

    version: str
    ours: dict[str, str]
    unicode: dict[str, str]

    def letters(self) -> dict[str, str]:
        """The plain letters of each character; ours go first."""
        groups = (*self.unicode.items(), *self.ours.items())
        return {char: letter for letter, chars in groups for char in chars}


class Symbols(Entry):
    """Pictures.

    Attributes:
        words: What those say that stand for a word.
        dress: Those that say nothing.
    """

    version: str
    words: dict[str, Text]
    dress: str


@cache
def load_disguises() -> tuple[Confusables, Symbols]:
    """Load both files that ship with the package.

    Raises:
        ContentError: With every fault in them.
    """
    folder = content_root() / "guardrail"
    faults: list[Fault] = []
    letters = read_file(folder / "confusables.yaml", "guardrail/confusables.yaml", Confusables, faults)
    symbols = read_file(folder / "symbols.yaml", "guardrail/symbols.yaml", Symbols, faults)
    if not (letters and symbols):
        raise ContentError(faults)
    return letters, symbols
