"""The interviewer that needs no model: it knows what was asked, and reads the answer in that light."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from symptom_intake.agent.history import Evidence, Fact
from symptom_intake.agent.interview.asides import first_aside, is_only_an_aside
from symptom_intake.agent.interview.linked import PICKED
from symptom_intake.agent.interview.narrative import make_story, read_narrative, with_denial
from symptom_intake.agent.interview.picked import picked_options
from symptom_intake.agent.interview.protocol import Listening, Reading
from symptom_intake.agent.interview.readers import amounts, plain
from symptom_intake.agent.interview.readers.ages import read_age
from symptom_intake.agent.interview.readers.allergies import read_allergies
from symptom_intake.agent.interview.readers.answer import Answer, Told
from symptom_intake.agent.interview.readers.choices import read_choice, read_choices
from symptom_intake.agent.interview.readers.corrected import corrected_from, find_corrections
from symptom_intake.agent.interview.readers.durations import read_duration
from symptom_intake.agent.interview.readers.family import read_family
from symptom_intake.agent.interview.readers.index import Found, Index
from symptom_intake.agent.interview.readers.medicines import read_medicines
from symptom_intake.agent.interview.readers.others import is_of_another
from symptom_intake.agent.interview.readers.persons import find_patient
from symptom_intake.agent.interview.readers.readings import read_glucose
from symptom_intake.agent.interview.readers.replies import read_reply
from symptom_intake.agent.interview.readers.set_aside import set_aside
from symptom_intake.agent.interview.readers.sites import read_site
from symptom_intake.agent.interview.readers.temperatures import read_temperature
from symptom_intake.agent.interview.readers.words import Said, Words
from symptom_intake.agent.interview.readers.yes_no import read_yes_no
from symptom_intake.agent.language.lexicon import AS_WRITTEN
from symptom_intake.agent.language.mention import Mention
from symptom_intake.prompts.answers import load_answers
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.model import Slot

_READERS = {
    "severity": amounts.read_severity,
    "temperature": read_temperature,
    "glucose": read_glucose,
    "duration": read_duration,
    "age": read_age,
    "site": read_site,
    "text": plain.read_plain,
    "medicines": read_medicines,
    "allergies": read_allergies,
    "family": read_family,
}
_TAKES_ANYTHING = frozenset({"text", "site", "medicines", "allergies", "family"})
"""Kinds whose reader would take a correction for the answer."""


class EmbeddedInterviewer:
    """Reads messages with the content's words alone.

    Attributes:
        name: What the records call it.
    """

    name = "embedded"

    def __init__(self, content: Content) -> None:
        """Compile the words of the content and of answers."""
        self._content = content
        self._index = Index(content)
        self._words = Words(load_answers(), content.vocabulary.concepts.get(AS_WRITTEN, ()))

    def read(self, listening: Listening) -> Reading:
        """Read one message: what it corrects, what it answers, and what it tells besides."""
        asked = listening.asked
        picked = picked_options(listening.text, asked) if asked else ()
        if asked and picked:
            facts = _facts([(Told(asked.id, each), PICKED) for each in picked], listening)
            return Reading(facts=facts, answered=True)
        said = Said(listening.text, self._words, listening.now)
        named = self._index.find(listening.text)
        writer = _is_by_patient(said, named, listening)
        found = set_aside(said, named, writer)
        story = make_story(said, found, listening, self._content)
        corrected = find_corrections(said, listening, self._index)
        answers = self._answers(said, found, listening, bool(corrected))
        told = [
            *((each, "correction") for each in corrected),
            *((each, self._method(said, each, listening, "slot_answer")) for each in answers),
            *((each, self._method(said, each, listening, "narrative")) for each in read_narrative(story, answers)),
        ]
        facts = _facts([each for each in told if not (writer and self._is_of_another(said, each[0]))], listening)
        return Reading(
            facts=facts,
            complaints=story.complaints,
            answered=listening.asked is not None and any(fact.slot == listening.asked.id for fact in facts),
            aside=first_aside(self._content.asides, found.asides),
        )

    def read_words(self, text: str, slot: Slot, now: datetime) -> list[Answer]:
        """Read some words as an answer to one slot; offsets count from their start."""
        return _read(Said(text, self._words, now), self._index.find(text), slot)

    def meant(self, listening: Listening, start: int, end: int) -> tuple[Mention, tuple[int, int]]:
        """How a part of a message was meant, and where it stands with the word that denies it, if one does."""
        said = Said(listening.text, self._words, listening.now)
        mention = self._index.meant(said.text, start, end)
        writer = _is_by_patient(said, self._index.find(said.text), listening)
        mention = replace(mention, other=mention.other or (writer and is_of_another(said, start)))
        return mention, with_denial(said, mention) if mention.negated else (start, end)

    def _answers(self, said: Said, found: Found, listening: Listening, corrects: bool) -> list[Told]:
        """What the message answers to the question that was put."""
        asked = listening.asked
        if asked is None or _is_no_answer(said, found, asked):
            return []
        if corrects and (asked.kind in _TAKES_ANYTHING or corrected_from(said, asked) == 0):
            return []
        return [Told(asked.id, answer) for answer in _read(said, found, asked)]

    def _is_of_another(self, said: Said, told: Told) -> bool:
        """Whether something is told of another person; what is kept as the patient's own words may be."""
        slot = self._content.slots.get(told.slot)
        own_words = slot is not None and slot.kind == "text"
        return not own_words and told.slot != "family_history" and is_of_another(said, told.answer.start)

    @staticmethod
    def _method(said: Said, told: Told, listening: Listening, method: str) -> str:
        """A known slot told anew after "actually" or the like is a correction."""
        known = listening.history.known(told.slot)
        return "correction" if known and corrected_from(said, listening.asked) is not None else method


def _is_by_patient(said: Said, named: Found, listening: Listening) -> bool:
    """Whether the patient writes, as far as that is known or the first thing told is of the writer."""
    reporter = listening.history.value("reporter")
    if reporter is not None or listening.source == "proxy":
        return reporter == "self"
    person = find_patient(said, sorted(each.start for each in (*named.complaints, *named.slots) if each.asserted))
    return person is not None and person.patient is None


def _read(said: Said, found: Found, asked: Slot) -> list[Answer]:
    named = found.options.get(asked.id, ())
    if asked.kind == "yes_no":
        others = [each for each in (*found.slots, *found.complaints) if each.key != asked.id]
        return read_yes_no(said, found.of(asked.id), others)
    if asked.kind == "choice":
        return read_choice(said, asked, named)
    if asked.kind == "choices":
        return read_choices(said, asked, named)
    if asked.kind == "number":
        return amounts.read_number(said, asked)
    return _READERS[asked.kind](said)


def _is_no_answer(said: Said, found: Found, asked: Slot) -> bool:
    """A question back, or nothing but something said to the interviewer."""
    reply = read_reply(said)
    if reply is not None:
        return reply.kind == "question"
    if asked.kind not in _TAKES_ANYTHING or asked.section == "concerns":
        return False
    return said.text.rstrip().endswith("?") or is_only_an_aside(said.text, found.asides)


def _facts(told: Iterable[tuple[Told, str]], listening: Listening) -> tuple[Fact, ...]:
    """Facts from what was told; the first told of a slot stands, and a list takes each entry once."""
    kept: list[Fact] = []
    for each, method in told:
        slot, answer = listening.slots.get(each.slot), each.answer
        methods = {fact.method for fact in kept if fact.slot == each.slot}
        many = slot is not None and slot.many and methods <= {method}
        if answer.start >= answer.end or (methods and not many) or _is_told(kept, each):
            continue
        kept.append(_fact(each.slot, answer, method, len(kept) + 1, listening))
    return tuple(kept)


def _is_told(kept: Sequence[Fact], told: Told) -> bool:
    return any(fact.slot == told.slot and fact.value == told.answer.value for fact in kept)


def _fact(slot: str, answer: Answer, method: str, number: int, listening: Listening) -> Fact:
    quote = listening.text[answer.start : answer.end]
    return Fact(
        id=f"{listening.turn}.{number}",
        slot=slot,
        state=answer.state,
        value=answer.value,
        number=answer.number,
        details=answer.details,
        evidence=(Evidence(turn=listening.turn, start=answer.start, end=answer.end, quote=quote),),
        source=listening.source,
        method=method,
    )
