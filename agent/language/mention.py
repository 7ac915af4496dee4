"""A mention: a phrase of a vocabulary as it was found in a text, and how it was meant."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mention:
    """One find.

    Attributes:
        key: What the vocabulary calls the phrase.
        spans: Where its words stand, as offsets into the text; at least one, in order.
        negated: Said not to be so ("no fever or chills").
        other: Said of somebody else than the patient ("my dad had a stroke").
        past: Said of a remote past or over for longer than 24 hours ("in 2010", "as a child").
        hypothetical: Asked, supposed or quoted ("what if", "is it a stroke if"). A figure of speech ("dying to
            know") is no find at all.
    """

    key: str
    spans: tuple[tuple[int, int], ...]
    negated: bool = False
    other: bool = False
    past: bool = False
    hypothetical: bool = False

    @property
    def asserted(self) -> bool:
        """Whether it is said of the patient, as so, now or lately."""
        return not (self.negated or self.other or self.past or self.hypothetical)

    @property
    def start(self) -> int:
        """Offset of its first character."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Offset past its last character."""
        return max(end for _, end in self.spans)
