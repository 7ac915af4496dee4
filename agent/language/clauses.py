"""Sentences and clauses of a text as runs of tokens; works without punctuation and capitals."""

from collections.abc import Collection, Iterable, Sequence

from symptom_intake.agent.language.tokens import Token


def sentences(tokens: Sequence[Token]) -> list[int]:
    """For each token the number of its sentence."""
    return _numbered(token.gap == 2 for token in tokens)


def clauses(
    tokens: Sequence[Token], enders: Collection[int], joiners: Collection[int], subjects: Collection[int]
) -> list[int]:
    """For each token the number of its clause.

    Args:
        tokens: The text.
        enders: Tokens that open a contrast ("but", "however").
        joiners: Tokens that join two statements ("and", "so").
        subjects: Tokens that a new statement starts with ("I", "my", "she").

    Returns:
        Numbers that rise by one at the end of a sentence, at a contrast, and where a subject follows a comma
        or a joining word.
    """
    return _numbered(
        token.gap == 2 or place in enders or (place in subjects and (token.gap == 1 or place - 1 in joiners))
        for place, token in enumerate(tokens)
    )


def _numbered(starts: Iterable[bool]) -> list[int]:
    numbers: list[int] = []
    for start in starts:
        numbers.append((numbers[-1] if numbers else 0) + bool(start and numbers))
    return numbers
