"""The patient of a vignette: tells what the case tells, denies what it denies, and makes nothing up."""

from dataclasses import dataclass

from symptom_intake.agent.evaluation.case import ADMITS_NOTHING, Case, Truth, Words
from symptom_intake.agent.evaluation.rendering import ORDINARY, none_label, said
from symptom_intake.prompts.model import Slot
from symptom_intake.prompts.quantities import parse_quantity
from symptom_intake.prompts.vignettes import Told, Vignette

CLOSING = {"anything_else": "no, that's all", "read_back": "yes", "can_see_patient": "yes"}
_SCREEN = "universal_screen"


@dataclass(frozen=True)
class VignettePatient:
    """Answers from a vignette."""

    vignette: Vignette

    def answer(self, slot: Slot) -> Words:
        """What is told in the case's words if it has any; what it does not tell is denied, or not known."""
        told = self._told(slot)
        if told and told.says:
            return Words(told.says, own=True, plain=said(slot, _values(told)))
        if told:
            return Words(said(slot, _values(told)))
        if slot.id == "chief_complaint":
            return Words(self.vignette.opening, own=True)
        return Words(CLOSING.get(slot.id) or self._untold(slot))

    def truth(self, slot: Slot) -> Truth:
        """What the case says of a slot, be it by an answer on a card that settles it."""
        told = self._told(slot)
        if told is None:
            return Truth(False) if self._is_denied(slot.id) else Truth()
        values = _values(told)
        if set(values) <= {"unknown", "declined"}:
            return Truth()
        if set(values) <= {*ORDINARY}:
            return Truth(False)
        return Truth(True, frozenset(values) - {"yes"}, _number(slot, values))

    def _told(self, slot: Slot) -> Told | None:
        facts = self.vignette.told
        told = facts.get(slot.id) or facts.get(_name(slot.id))
        if told:
            return told
        if slot.id in ("age", "sex", "reporter"):
            value = getattr(self.vignette.patient, slot.id)
            return Told(value=value) if value else None
        return self._of_another_complaint(slot) or self._by_card(slot)

    def _of_another_complaint(self, slot: Slot) -> Told | None:
        """How bad, since when: told of one complaint, it answers the same question about another."""
        options = {option.value for option in slot.options}
        same = (each for key, each in self.vignette.told.items() if _name(key) == _name(slot.id))
        fitting = (each for each in same if not options or options.issuperset(_values(each)))
        return next(fitting, None) if slot.section == "hpi" else None

    def _by_card(self, slot: Slot) -> Told | None:
        """What a card's options say of symptoms told on their own; the universal screen is for signs of its own."""
        if slot.id == _SCREEN:
            return None
        facts, complaints = self.vignette.told, self._complaints()
        there = [each.value for each in slot.options if each.sets in facts and facts[each.sets].value == "yes"]
        there += [each.value for each in slot.options if not each.sets and complaints.intersection(each.brings)]
        return Told(value=there) if there else None

    def _complaints(self) -> set[str]:
        """The complaints of which the case tells that something is wrong."""
        there = (key for key, told in self.vignette.told.items() if not set(_values(told)) <= {*ORDINARY})
        return {key.partition(".")[0] for key in there if "." in key}

    def _is_denied(self, slot_id: str) -> bool:
        return slot_id in self.vignette.denied or _name(slot_id) in self.vignette.denied

    def _untold(self, slot: Slot) -> str:
        if none := none_label(slot):
            return none
        return "no" if slot.kind == "yes_no" or self._is_denied(slot.id) else ADMITS_NOTHING


def case_of(vignette: Vignette) -> Case:
    """A vignette as a case."""
    emergencies = [level.is_emergency for level in vignette.level]
    labels = {"kind": vignette.kind, "group": vignette.group, "voice": vignette.voice}
    return Case(
        id=vignette.id,
        opening=vignette.opening,
        patient=VignettePatient(vignette),
        expected=vignette.level,
        want="emergency" if all(emergencies) else None if any(emergencies) else "harmless",
        classes={"expected level": vignette.level[0].value} | {name: label for name, label in labels.items() if label},
        rule=vignette.rule,
        age=parse_quantity(vignette.patient.age, "years") if vignette.patient.age else None,
        sex=vignette.patient.sex,
    )


def _name(slot_id: str) -> str:
    return slot_id.rpartition(".")[2]


def _values(told: Told) -> list[str]:
    return (told.value or ["none"]) if isinstance(told.value, list) else [told.value]


def _number(slot: Slot, values: list[str]) -> float | None:
    if slot.kind not in ("number", "severity", "temperature", "glucose", "duration", "age"):
        return None
    try:
        return parse_quantity(values[0], slot.unit)
    except ValueError:
        return None
