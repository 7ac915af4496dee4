"""The interviewer that a chat model drives, with the embedded one as its floor: what that heard is never lost."""

import re
from collections.abc import Mapping

from symptom_intake.agent.interview.embedded import EmbeddedInterviewer
from symptom_intake.agent.interview.model.answer import TurnAnswer
from symptom_intake.agent.interview.model.checking import believed
from symptom_intake.agent.interview.model.needed import is_plain
from symptom_intake.agent.interview.model.prompt import turn_prompt
from symptom_intake.agent.interview.protocol import Listening, Reading
from symptom_intake.agent.models.faults import ModelFault
from symptom_intake.agent.models.steady import SteadyModel
from symptom_intake.agent.models.structured import Answer
from symptom_intake.prompts.loader import GENERIC, Content
from symptom_intake.prompts.model import Slot
from symptom_intake.prompts.roles import load_role

_NEW_COMPLAINTS = 2
"""Complaints that one message may bring up by a model's word."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    ["have", "does", "with", "your", "this", "that", "what", "when", "where", "which", "there", "been", "feel", "from"]
)
"""Words of questions that say nothing of what is asked about."""


class ModelInterviewer:
    """Reads messages with a model; a plain answer, and every message when the model fails, without.

    Attributes:
        name: What the records call it.
        prompt: Id, version and hash of what the model is told.
    """

    def __init__(self, model: SteadyModel, embedded: EmbeddedInterviewer, content: Content) -> None:
        """Hold the model and the floor.

        Raises:
            ContentError: If the prompt's file is faulty.
        """
        self.name = model.name
        self._role = load_role("interviewer")
        self.prompt = self._role.stamp
        self._model, self._embedded, self._content = model, embedded, content

    def read(self, listening: Listening) -> Reading:
        """Read one message: without the model first, then with it, if there is more to hear."""
        heard = self._embedded.read(listening).model_copy(update={"read_by": self._embedded.name})
        if is_plain(listening, heard) or not listening.text:
            return heard
        slots = self._slots(listening, heard)
        try:
            answer = self._model.ask(turn_prompt(self._role, listening, slots.values(), self._content), TurnAnswer)
        except ModelFault as fault:
            return heard.model_copy(update={"fault": fault.kind, "calls": fault.calls})
        return self._joined(answer, heard, slots, listening)

    def _slots(self, listening: Listening, heard: Reading) -> Mapping[str, Slot]:
        """What may be noted, in a fixed order: the shared slots first, then those of the complaints in play."""
        shared = {slot.id: slot for slot in self._content.shared if slot.scope == "patient"}
        names = [*listening.complaints, *heard.complaints] or [GENERIC]
        tables = [self._content.protocols[name] for name in names if name in self._content.protocols]
        own = {slot.id: slot for table in tables for slot in table.slots if slot.id not in shared}
        return shared | own

    def _joined(
        self, answer: Answer[TurnAnswer], heard: Reading, slots: Mapping[str, Slot], listening: Listening
    ) -> Reading:
        told = answer.value
        added = believed(told.facts, heard.facts, slots, listening, self._embedded)
        facts = (*heard.facts, *added)
        asked = listening.asked
        return heard.model_copy(
            update={
                "facts": facts,
                "complaints": (*heard.complaints, *self._new_complaints(told, heard, listening)),
                "answered": heard.answered or (asked is not None and any(fact.slot == asked.id for fact in added)),
                "paraphrase": told.paraphrase.strip(" .") or None if facts else None,
                "wording": _wording(told, listening),
                "read_by": self.name,
                "calls": answer.calls,
                "prompt_tokens": answer.usage.prompt_tokens,
                "completion_tokens": answer.usage.completion_tokens,
                "dropped": len(told.facts) - len(added),
            }
        )

    def _new_complaints(self, told: TurnAnswer, heard: Reading, listening: Listening) -> tuple[str, ...]:
        """Complaints by the model's word: where nothing in particular was asked, and the floor heard none."""
        if heard.complaints or (listening.asked is not None and listening.asked.section != "complaint"):
            return ()
        known = self._content.protocols.keys() - {GENERIC, *listening.complaints}
        return tuple(dict.fromkeys(each for each in told.complaints if each in known))[:_NEW_COMPLAINTS]


def _wording(told: TurnAnswer, listening: Listening) -> dict[str, str]:
    """The question, if it is for an offered slot and names what that slot is about."""
    slot = next((each for each in listening.next if each.id == told.next), None)
    if slot is None or not told.question.strip().endswith("?"):
        return {}
    about = f"{slot.question} {slot.rephrase} {slot.label}"
    shared = _words(told.question) & _words(about)
    return {slot.id: " ".join(told.question.split())} if shared else {}


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)} - _COMMON
