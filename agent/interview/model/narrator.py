"""The story at the end, worded by a model from the facts alone; a sentence that they do not bear out is left out."""

from collections.abc import Iterator, Sequence

from langchain_core.messages import HumanMessage

from symptom_intake.agent.history import Fact, History, Sentence, SlotState
from symptom_intake.agent.interview.model.answer import NarrativeAnswer, ToldSentence
from symptom_intake.agent.interview.planner import SCREEN
from symptom_intake.agent.interview.protocol import Narrative
from symptom_intake.agent.interview.wording import describe
from symptom_intake.agent.models.faults import ModelFault
from symptom_intake.agent.models.quirks import neutralise
from symptom_intake.agent.models.steady import SteadyModel
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.roles import load_role

_TOLD = (SlotState.PRESENT, SlotState.ABSENT)


class ModelNarrator:
    """Words the history for the clinician.

    Attributes:
        prompt: Id, version and hash of what the model is told.
    """

    def __init__(self, model: SteadyModel, guardrail: Guardrail, content: Content) -> None:
        """Hold the model, and what judges its sentences.

        Raises:
            ContentError: If the prompt's file is faulty.
        """
        self._role = load_role("narrator")
        self.prompt = self._role.stamp
        self._model, self._guardrail, self._content = model, guardrail, content

    def narrate(self, history: History) -> Narrative:
        """Word the story, in one call; none when nothing was told."""
        facts = [fact for fact in history if fact.state in _TOLD and fact.slot != SCREEN]
        if not facts:
            return Narrative()
        prompt = [HumanMessage(self._role.render({"facts": "\n".join(self._lines(facts))}))]
        try:
            answer = self._model.ask(prompt, NarrativeAnswer)
        except ModelFault as fault:
            return Narrative(fault=fault.kind, calls=fault.calls)
        told = answer.value.sentences
        kept = tuple(sentence for each in told if (sentence := self._supported(each, facts)))
        return Narrative(
            sentences=kept,
            calls=answer.calls,
            prompt_tokens=answer.usage.prompt_tokens,
            completion_tokens=answer.usage.completion_tokens,
            dropped=len(told) - len(kept),
        )

    def _lines(self, facts: Sequence[Fact]) -> Iterator[str]:
        for number, fact in enumerate(facts, 1):
            words = " ".join(fact.quote.split())
            yield neutralise(f"{number}. {describe(fact, self._content.slots)} (said: “{words}”)")

    def _supported(self, told: ToldSentence, facts: Sequence[Fact]) -> Sentence | None:
        """The sentence, if the facts that it names exist and bear it out word by word."""
        if any(number > len(facts) for number in told.facts):
            return None
        cited = [facts[number - 1] for number in dict.fromkeys(told.facts)]
        text = " ".join(told.text.split())
        quotes = [fact.quote for fact in cited]
        verdict = self._guardrail.check(text, said=quotes, facts=cited, audience="clinician")
        if not verdict.allowed or not self._guardrail.bears_out(text, quotes, cited):
            return None
        return Sentence(text=text, facts=tuple(fact.id for fact in cited))
