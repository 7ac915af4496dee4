"""The real graph, set up once and then played on by one case after the other."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage

from symptom_intake.agent.checkpoints import memory_saver
from symptom_intake.agent.context import IntakeContext, make_context
from symptom_intake.agent.evaluation.baselines import has_keyword
from symptom_intake.agent.evaluation.case import Case, Words
from symptom_intake.agent.evaluation.facts import untrue_facts
from symptom_intake.agent.evaluation.results import Line, Result, blank, scored
from symptom_intake.agent.graph import RECURSION_LIMIT, build_graph
from symptom_intake.agent.history import History, Settings, SlotState
from symptom_intake.agent.interview.planner import READ_BACK
from symptom_intake.agent.interview.wording import slot_as_asked
from symptom_intake.agent.models.options import ModelOptions
from symptom_intake.agent.reply import OVER
from symptom_intake.agent.safety.red_flags import critical_slots
from symptom_intake.agent.state import IntakeState, open_ask
from symptom_intake.prompts.errors import IntakeError

NOW = datetime(2026, 1, 14, 15, tzinfo=UTC)
"""When every case takes place, so that "since Tuesday" means the same in every run: a Wednesday afternoon."""
MOST_TURNS = 60
"""Messages after which an interview counts as one that does not end."""


class EndlessInterviewError(IntakeError):
    """The interview was still going on when it should long have been over."""


@dataclass(frozen=True)
class Setup:
    """What is evaluated.

    Attributes:
        model: What reads the patient, as for `IntakeSession`. `options`: how it is loaded.
        region: Of the messages. `language`: likewise.
        content: A pack of content that is laid over ours; None for ours alone.
    """

    model: str = "embedded"
    options: ModelOptions = field(default_factory=ModelOptions)
    region: str = "us"
    language: str = "en"
    content: Path | None = None

    def context(self) -> IntakeContext:
        """What the nodes work with.

        Raises:
            ConfigurationError: If the model cannot be used as it is set up.
            ContentError: If the content is faulty.
        """
        settings = Settings(region=self.region, language=self.language)
        return make_context(settings, self.model, options=self.options, content=self.content, clock=lambda: NOW)


@dataclass
class _Played:
    """An interview as it goes: the last state, what the patient said, and what was known after each turn."""

    state: IntakeState
    words: list[Words]
    known: list[frozenset[str]]

    @property
    def own_turns(self) -> frozenset[str]:
        return frozenset(f"t{number}" for number, words in enumerate(self.words, 1) if words.own)


class Stage:
    """A compiled graph on which cases are played; threads may share it."""

    def __init__(self, context: IntakeContext) -> None:
        """Compile the graph."""
        self._context = context
        self._saver = memory_saver()
        self._graph: Any = build_graph(context).compile(checkpointer=self._saver)

    def play(self, case: Case) -> Result:
        """Play one case; whatever goes wrong in it is its result."""
        row = blank(case, has_keyword(case.opening))
        try:
            return self._scored(row, case, self._interview(case))
        except Exception as error:  # noqa: BLE001 - one case must not end the evaluation of the others
            reason = str(error) if isinstance(error, IntakeError) else error.__class__.__name__
            return row.model_copy(update={"failed": reason})
        finally:
            self._saver.delete_thread(case.id)

    def _interview(self, case: Case) -> _Played:
        config = {"configurable": {"thread_id": case.id}, "recursion_limit": RECURSION_LIMIT}
        played = _Played(IntakeState(messages=[]), [], [])
        while played.state.get("phase") not in OVER:
            if len(played.words) == MOST_TURNS:
                raise EndlessInterviewError(f"The interview was not over after {MOST_TURNS} messages.")
            words = self._next_words(case, played.state)
            self._graph.invoke({"messages": [HumanMessage(words.text)]}, config, durability="exit")
            played.state = self._graph.get_state(config).values
            played.words.append(words)
            played.known.append(frozenset(fact.slot for fact in played.state["history"]))
        return played

    def _next_words(self, case: Case, state: IntakeState) -> Words:
        ask = open_ask(state)
        if ask is None:
            return Words(case.opening, own=True)
        words = case.patient.answer(slot_as_asked(self._context.content, state["complaints"], ask.slot))
        return Words(words.plain) if ask.wording and words.plain else words

    def _scored(self, row: Result, case: Case, played: _Played) -> Result:
        state, content = played.state, self._context.content
        history: History = state["history"]
        asks = [ask for ask in state["asks"] if ask.slot != READ_BACK]
        critical = [slot.id for slot in critical_slots(content, history, state["complaints"])]
        untrue = untrue_facts(history, content.slots, case.patient, played.own_turns)
        return scored(
            row,
            case,
            state["urgency"],
            [flag.rule for flag in state["flags"]],
            phase=state["phase"],
            turns=len(played.words),
            questions=len(asks),
            calls=sum(turn.calls for turn in state["turns"]),
            repeated=tuple(ask.slot for place, ask in enumerate(asks) if ask in asks[:place]),
            facts=sum(fact.state in (SlotState.PRESENT, SlotState.ABSENT) for fact in history),
            invented=untrue.invented,
            flipped=untrue.flipped,
            critical=tuple(critical),
            coverage=tuple(_share(critical, known) for known in played.known),
            transcript=_transcript(state),
        )


def _share(critical: list[str], known: frozenset[str]) -> float:
    return sum(slot in known for slot in critical) / len(critical) if critical else 1.0


def _transcript(state: IntakeState) -> tuple[Line, ...]:
    return tuple(
        Line(who="patient" if turn.role == "patient" else "intake", text=turn.text, asked=turn.asked)
        for turn in state["turns"]
    )
