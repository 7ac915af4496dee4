"""A second opinion from a chat model: it reads what the rules have let pass, and can only speak against it."""

import json
import logging
from collections.abc import Sequence
from typing import Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict, Field

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.quirks import neutralise
from symptom_intake.agent.models.steady import SteadyModel
from symptom_intake.agent.models.structured import StructuredModel
from symptom_intake.agent.safety.verdict import GuardClass, Judge, Violation
from symptom_intake.prompts.roles import load_role

_LOG = logging.getLogger(__name__)
_MAX_TOKENS = 120


class Opinion(BaseModel):
    """What the model answers; the reason comes first, for it is to be thought of first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str = Field(max_length=100)
    cls: Literal["none", "DX", "DXN", "PROB", "TX", "REASS", "DISC", "LEAK", "IDENT", "IMG", "FAB"] = Field(
        alias="class"
    )


class ModelJudge:
    """Asks a chat model for its opinion. What it answers in any other form counts against the draft.

    Attributes:
        deadline_s: Seconds that it may take, a repair included.
        prompt: Id, version and hash of what the model is told.
    """

    def __init__(self, model: BaseChatModel, *, deadline_s: float = 5.0) -> None:
        """Hold the model.

        Args:
            model: The chat model; after two failures in a row it is left alone for a while, and drafts are blocked.
            deadline_s: Seconds that an opinion may take.

        Raises:
            ConfigurationError: If it is no chat model.
            ContentError: If the prompt's file is faulty.
        """
        if not isinstance(model, BaseChatModel):
            raise ConfigurationError("The judge is no chat model.")
        self._role = load_role("judge")
        self.prompt, self.deadline_s = self._role.stamp, deadline_s
        self._model = SteadyModel(StructuredModel(model, "judge", max_tokens=_MAX_TOKENS), deadline_s)

    def violations(self, draft: str, said: Sequence[str]) -> tuple[Violation, ...]:
        """What the model finds wrong with a draft: one violation over the whole, or none.

        Raises:
            ModelFault: If it gave no opinion that can be used. The guardrail takes this as a violation.
        """
        opinion = self._model.ask([SystemMessage(self._role.text), HumanMessage(_data(draft, said))], Opinion).value
        if opinion.cls == "none":
            return ()
        reason = "".join(char for char in neutralise(opinion.reason) if char.isprintable()).strip()
        return (Violation(cls=GuardClass(opinion.cls), start=0, end=len(draft), reason=f"second opinion: {reason}"),)


def as_judge(judge: BaseChatModel | Judge) -> Judge:
    """A judge as it is, or the one that asks a chat model.

    Raises:
        ConfigurationError: If it is neither.
    """
    return judge if isinstance(judge, Judge) else ModelJudge(judge)


def _data(draft: str, said: Sequence[str]) -> str:
    """Draft and words as data: inside a JSON string nothing can end the fence, and no control token is left."""
    fenced = {"said": [neutralise(each) for each in said], "draft": neutralise(draft)}
    return f"The data:\n```json\n{json.dumps(fenced, ensure_ascii=False)}\n```"
