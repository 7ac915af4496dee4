"""A model that an interview can lean on: schema-bound answers, one deadline, and rest for a model that is down."""

from collections.abc import Sequence
from typing import TypeVar

from langchain_core.messages import BaseMessage
from pydantic import BaseModel

from symptom_intake.agent.models.breaker import Breaker
from symptom_intake.agent.models.faults import ModelFault, UnavailableError
from symptom_intake.agent.models.structured import Answer, StructuredModel

S = TypeVar("S", bound=BaseModel)


class SteadyModel:
    """Asks a model, unless it has just shown to be down. Sessions of a process share one.

    Attributes:
        name: What the records call it.
        deadline_s: Seconds that one answer may take, a repair included.
    """

    def __init__(self, model: StructuredModel, deadline_s: float, breaker: Breaker | None = None) -> None:
        """Hold the model."""
        self.name, self.deadline_s = model.name, deadline_s
        self._model, self._breaker = model, breaker or Breaker()

    def ask(self, messages: Sequence[BaseMessage], schema: type[S]) -> Answer[S]:
        """Ask for an answer of a schema.

        Raises:
            ModelFault: If there is none: the model is down or resting, too slow, or answered something else.
        """
        if not self._breaker.allows():
            raise UnavailableError("The model was down a moment ago; it is left alone for a while.")
        try:
            answer = self._model.ask(messages, schema, self.deadline_s)
        except ModelFault as fault:
            self._breaker.failed() if fault.is_down else self._breaker.worked()
            raise
        self._breaker.worked()
        return answer
