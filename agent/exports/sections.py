"""Which slots the report prints, in clinical order, and which it names as not asked."""

from collections.abc import Iterable, Iterator, Sequence

from symptom_intake.agent.exports.lines import lines_of
from symptom_intake.agent.exports.model import Line, Section
from symptom_intake.agent.history import History
from symptom_intake.agent.interview.planner import ABOUT, READ_BACK
from symptom_intake.agent.safety.conditions import holds
from symptom_intake.agent.safety.red_flags import CRITICAL_UNKNOWN, protocols_in_play
from symptom_intake.prompts.loader import Content, Protocol
from symptom_intake.prompts.model import Section as SectionName
from symptom_intake.prompts.model import Slot

TITLES: dict[SectionName, str] = {
    "subject": "Patient",
    "complaint": "Chief complaint",
    "hpi": "History of present illness",
    "associated": "Associated symptoms",
    "safety": "Emergency screen",
    "past": "Past history",
    "medicines": "Medicines",
    "allergies": "Allergies",
    "family": "Family history",
    "social": "Social history",
    "pregnancy": "Pregnancy",
    "function": "Function",
    "concerns": "Ideas, concerns and expectations",
}
"""The sections in the order in which a history is read."""
_NEVER_ASKED = frozenset({READ_BACK, ABOUT, CRITICAL_UNKNOWN})


class Outline:
    """The slots that belong in one session's report."""

    def __init__(self, content: Content, history: History, complaints: Sequence[str]) -> None:
        """Take the tables in play, and those of which a fact was told."""
        self._content, self._history = content, history
        told = {fact.slot.partition(".")[0] for fact in history if "." in fact.slot}
        tables = protocols_in_play(content, history, complaints)
        self.tables = [
            *tables,
            *(each for each in content.protocols.values() if each.id in told and each not in tables),
        ]
        self._asked_for = [slot for each in self.tables for slot in each.slots]
        self._shared = [slot for slot in content.shared if slot.scope == "patient"]
        self._printed, self._left_out = self._split()

    def sections(self) -> Iterator[Section]:
        """Every section that has a line."""
        for name, title in TITLES.items():
            if name == "hpi":
                yield from self._histories(title)
            elif lines := self._lines(slot for slot in self._printed if slot.section == name):
                yield Section(id=name, title=title, lines=lines)

    def not_asked(self) -> tuple[str, ...]:
        """Labels of what could have been asked beyond the lines that say so."""
        return tuple(dict.fromkeys(self._label(slot) for slot in self._left_out))

    def _histories(self, title: str) -> Iterator[Section]:
        slots = [slot for slot in self._printed if slot.section == "hpi"]
        for table in self.tables:
            own = {slot.id for slot in table.slots}
            if lines := self._lines((slot for slot in slots if slot.id in own), table):
                yield Section(id="hpi", title=f"{title}: {table.complaint.label}", complaint=table.id, lines=lines)
            slots = [slot for slot in slots if slot.id not in own]
        if slots:
            yield Section(id="hpi", title=title, lines=self._lines(slots))

    def _lines(self, slots: Iterable[Slot], within: Protocol | None = None) -> tuple[Line, ...]:
        named = [(slot, slot.label if within else self._label(slot)) for slot in slots]
        return tuple(line for slot, label in named for line in lines_of(slot, self._history, label))

    def _split(self) -> tuple[list[Slot], list[Slot]]:
        """The slots that get a line, and those that are only named as not asked."""
        important = {slot.id for slot in (*self._asked_for, *self._shared) if slot.importance != "useful"}
        printed: list[Slot] = []
        left_out: list[Slot] = []
        for slot in self._slots():
            if self._history.known(slot.id):
                printed.append(slot)
            elif self._could_be_asked(slot):
                (printed if slot.id in important else left_out).append(slot)
        return printed, left_out

    def _slots(self) -> list[Slot]:
        """Those of the tables in the order of asking, then the shared ones, then what else was told."""
        listed: dict[str, Slot] = {}
        for slot in (*self._asked_for, *self._shared):
            listed.setdefault(slot.id, slot)
        told = dict.fromkeys(fact.slot for fact in self._history if fact.slot not in listed)
        known = self._content.slots
        return [*listed.values(), *(known[name] if name in known else _dropped_from_content(name) for name in told)]

    def _could_be_asked(self, slot: Slot) -> bool:
        """Whether the slot is part of this interview and not ruled out by what was told."""
        in_play = slot.section != "associated" or any(slot.id == each.id for each in self._asked_for)
        if slot.id in _NEVER_ASKED or not in_play:
            return False
        return slot.ask_if is None or holds(slot.ask_if, self._history, self._content.slots) is not False

    def _label(self, slot: Slot) -> str:
        """The slot's label; with its complaint where two complaints have one of their own."""
        same = {each.id for each in self._asked_for if each.label == slot.label}
        owner = next((table for table in self.tables if slot.id.startswith(f"{table.id}.")), None)
        return f"{slot.label} ({owner.complaint.label})" if owner and len(same) > 1 else slot.label


def _dropped_from_content(slot: str) -> Slot:
    """A stand-in for a slot that an earlier version of the content had: what was told is still printed."""
    name = slot.rpartition(".")[2].replace("_", " ")
    return Slot(
        id=slot, label=name, kind="text", section="complaint",
        question=name, rephrase=name, proxy=name, proxy_rephrase=name, why=name,
    )  # fmt: skip
