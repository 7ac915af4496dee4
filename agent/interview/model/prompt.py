"""What the model is told for one message: instructions and lists first, then the conversation, then how things stand.

The order lets a server keep what it has computed: the beginning is the same for all sessions with the same complaints,
the conversation only grows, and what changes each turn comes last.
"""

from collections.abc import Iterable, Sequence

from langchain_core.messages import BaseMessage, HumanMessage

from symptom_intake.agent.history import Turn
from symptom_intake.agent.interview.protocol import Listening
from symptom_intake.agent.models.quirks import neutralise
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.model import Slot
from symptom_intake.prompts.roles import Role

KINDS = {
    "choice": "One of several",
    "choices": "Any of several",
    "yes_no": "Yes or no",
    "duration": "A time or how long",
    "severity": "0 to 10",
    "age": "Age",
    "number": "A number",
    "temperature": "A temperature",
    "glucose": "A blood sugar with its unit",
    "site": "A place on the body",
    "text": "Own words",
    "medicines": "Medicines",
    "allergies": "Allergies",
    "family": "Illness in the family",
}
NEVER = frozenset({"read_back", "chief_complaint", "reporter"})
"""Slots that code alone fills."""


def turn_prompt(role: Role, listening: Listening, slots: Iterable[Slot], content: Content) -> list[BaseMessage]:
    """The prompt for one message.

    Args:
        role: The instructions.
        listening: The message and what is known.
        slots: Everything that may be noted, in a fixed order.
        content: For the complaints.
    """
    complaints = "; ".join(f"{name} ({each.complaint.label})" for name, each in content.protocols.items())
    shared, own = _parted(slots)
    lists = {"slots": slot_list(shared, with_options=False), "own": slot_list(own, with_options=True)}
    told = role.render({"complaints": complaints} | lists)
    return [HumanMessage("\n".join([told, *_conversation(listening.turns, content), "", *_now(listening)]))]


def _parted(slots: Iterable[Slot]) -> tuple[list[Slot], list[Slot]]:
    """The slots that every session has, and those of its complaints; the first part is the same for all sessions."""
    listed = list(slots)
    return [slot for slot in listed if "." not in slot.id], [slot for slot in listed if "." in slot.id]


def slot_list(slots: Iterable[Slot], with_options: bool) -> str:
    """The slots by kind; a name says enough of most.

    Args:
        slots: Them, in order.
        with_options: Whether closed questions show their options. Without them code reads the option from the quote.
    """
    lines = []
    by_kind: dict[str, list[str]] = {}
    for slot in slots:
        if slot.options and with_options:
            lines.append(f"{slot.id} {_options(slot)}")
        elif slot.id not in NEVER:
            by_kind.setdefault(KINDS[slot.kind], []).append(slot.id)
    return "\n".join([*(f"{kind}: {', '.join(names)}" for kind, names in by_kind.items()), *lines])


def _options(slot: Slot) -> str:
    return f"({'any' if slot.many else 'one'} of {'|'.join(option.value for option in slot.options)})"


def _conversation(turns: Sequence[Turn], content: Content) -> list[str]:
    """One line a message; of a reply only which slot it asked about, and how."""
    lines = []
    for turn in turns:
        if turn.role == "patient" and turn.text and not turn.taken_back:
            lines.append(f"Patient: {neutralise(' '.join(turn.text.split()))}")
        elif turn.asked in content.slots:
            lines.append(f"Asked: {content.slots[turn.asked].question}")
    return lines


def _now(listening: Listening) -> list[str]:
    asked = listening.asked
    offered = "; ".join(f"{slot.id}: {slot.question}" for slot in listening.next)
    options = f" {_options(asked)}" if asked and asked.options else ""
    return [
        f"Just asked: {asked.id if asked else 'nothing in particular'}{options}",
        f"May be asked next: {offered or 'nothing'}",
        "The JSON object for the patient's last message:",
    ]
