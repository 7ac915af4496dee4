"""A file of the content as it was written, so that whatever is wrong with it can be shown where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from symptom_intake.prompts.errors import Fault
from symptom_intake.prompts.layers import File
from symptom_intake.prompts.model import Complaint, Entry, Rule, RuleFile, Trigger, TriggerFile

Place = tuple[int | str, ...]
"""Where something stands in a file: a path of keys and indices."""


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes:
        file: Which.
        value: What it holds.
    """

    file: File
    value: Entry

    def rules(self) -> Iterator[tuple[Place, Rule]]:
        """Its rules, a complaint's default included."""
        if isinstance(self.value, (Complaint, RuleFile)):
            yield from ((("rules", number), rule) for number, rule in enumerate(self.value.rules))
        if isinstance(self.value, Complaint):
            yield ("default",), self.value.default

    def triggers(self) -> Iterator[tuple[Place, Trigger]]:
        """Its triggers."""
        if isinstance(self.value, (Complaint, TriggerFile)):
            yield from ((("triggers", number), trigger) for number, trigger in enumerate(self.value.triggers))

    def fault(self, place: Place, message: str) -> Fault:
        """A fault at a place in the file."""
        return self.file.fault(place, message)
