"""The guardrail, scored on contrast pairs beside a list of banned words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symptom_intake.agent.evaluation.baselines import any_word_of
from symptom_intake.agent.evaluation.guard_pairs import Pair
from symptom_intake.agent.evaluation.metrics import rate
from symptom_intake.agent.evaluation.tables import Table, shown
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.prompts.templates import Messages

ALL = "all"


@dataclass(frozen=True)
class Judged:
    """What came of one pair.

    Attributes:
        group: Class or kind. `id`: the pair's.
        blocked: Whether the wrong one was kept in; None where there is none. `named`: for its own class.
        passed: Whether the right one went out; None where there is none.
        banned: Whether the wrong one holds a banned word. `banned_right`: whether the right one does.
    """

    group: str
    id: str
    blocked: bool | None
    named: bool | None
    passed: bool | None
    banned: bool | None
    banned_right: bool | None


def judge_pairs(pairs: Sequence[Pair], guard: Guardrail, messages: Messages) -> list[Judged]:
    """Judge both sides of each pair."""
    return [_judged(pair, guard, messages) for pair in pairs]


def guard_table(judged: Sequence[Judged]) -> Table:
    """The figures by class, and over all of them."""
    names = [*sorted({each.group for each in judged}), ALL]
    head = ("Class", "Kept in", "Named so", "False blocks", "Banned words: kept in", "False blocks")
    note = (
        "Under each share its counts and its 95 % interval (Wilson). Named so: the verdict names the pair's own class."
    )
    return Table("The guardrail on contrast pairs", note, head, [(name, *_row(_of(judged, name))) for name in names])


def has_banned_word(text: str) -> bool:
    """Whether a text has any of the banned words, whatever it says of them."""
    return any_word_of("banned_words.yaml").search(text.lower()) is not None


def _judged(pair: Pair, guard: Guardrail, messages: Messages) -> Judged:
    wrong = None if pair.block is None else guard.check(pair.block, said=pair.said, urgency=pair.urgency)
    right = messages.text(pair.allow_template) if pair.allow_template else pair.allow
    said = pair.said if pair.allow_said is None else pair.allow_said
    let = None if right is None else guard.check(right, said=said, urgency=pair.allow_urgency).allowed
    return Judged(
        pair.group,
        pair.id,
        blocked=None if wrong is None else not wrong.allowed,
        named=None if wrong is None else pair.group in {each.value for each in wrong.classes},
        passed=let,
        banned=None if pair.block is None else has_banned_word(pair.block),
        banned_right=None if right is None else has_banned_word(right),
    )


def _of(judged: Sequence[Judged], name: str) -> list[Judged]:
    return [each for each in judged if name in (each.group, ALL)]


def _row(judged: Sequence[Judged]) -> tuple[str, ...]:
    wanted: tuple[Callable[[Judged], bool | None], ...] = (
        lambda each: each.blocked,
        lambda each: each.named,
        lambda each: None if each.passed is None else not each.passed,
        lambda each: each.banned,
        lambda each: each.banned_right,
    )
    return tuple(shown(rate(value for each in judged if (value := want(each)) is not None)) for want in wanted)
