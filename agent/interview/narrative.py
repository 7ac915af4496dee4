"""What a message tells beside the answer: complaints, symptoms, times, and who it is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.protocol import Listening
from symptom_intake.agent.interview.readers.amounts import find_severities, severity_answer
from symptom_intake.agent.interview.readers.answer import Answer, Told, present
from symptom_intake.agent.interview.readers.choices import option_answers
from symptom_intake.agent.interview.readers.durations import as_answer as duration_answer
from symptom_intake.agent.interview.readers.index import Found
from symptom_intake.agent.interview.readers.misnamed import is_where_it_hurts
from symptom_intake.agent.interview.readers.onset import find_onsets
from symptom_intake.agent.interview.readers.persons import (
    age_answer,
    find_age,
    find_patient,
    reporter_answer,
    sex_answer,
)
from symptom_intake.agent.interview.readers.placed import placed_sites
from symptom_intake.agent.interview.readers.readings import find_readings
from symptom_intake.agent.interview.readers.sites import as_answer as site_answer
from symptom_intake.agent.interview.readers.stated import stated_allergies, stated_family, stated_medicines
from symptom_intake.agent.interview.readers.temperatures import as_answer as temperature_answer
from symptom_intake.agent.interview.readers.temperatures import find_temperatures
from symptom_intake.agent.interview.readers.vague import is_conditional, is_everyday, is_part_of_place, is_unfelt
from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention
from symptom_intake.prompts.loader import GENERIC, Content
from symptom_intake.prompts.model import Slot

LASTING = frozenset({"past", "pregnancy", "social", "family", "medicines", "allergies", "function"})
"""Sections in which an illness of long ago counts as well."""
_QUOTED = frozenset({"concerns"})
"""Sections whose answers are kept and never interpreted."""
_OWN_LISTS = frozenset({"allergies", "family"})
"""Kinds whose answers name illnesses that are no symptoms of the patient."""
_OPEN_SECTIONS = frozenset({"complaint", "hpi", "associated", "safety", "subject"})
_OF_COMPLAINT = frozenset({"duration", "severity"})
"""Kinds whose questions are about the complaint itself, so that an "it" in the answer is as well."""
_NEAR = 5


@dataclass(frozen=True)
class Story:
    """A message and what is known when it is read.

    Attributes:
        said: The message.
        found: What it names of the content.
        listening: What was asked, and what is known.
        slots: Every slot in play, those of newly recognised complaints included.
        complaints: Ids of the complaints that the message brings up.
    """

    said: Said
    found: Found
    listening: Listening
    slots: Mapping[str, Slot]
    complaints: tuple[str, ...]

    @property
    def in_play(self) -> tuple[str, ...]:
        """Every complaint in play; the generic table when there is none."""
        return (*self.listening.complaints, *self.complaints) or (GENERIC,)

    @property
    def in_use(self) -> tuple[Mention, ...]:
        """Mentions of slots in play."""
        return tuple(each for each in self.found.slots if each.key in self.slots)


def make_story(said: Said, found: Found, listening: Listening, content: Content) -> Story:
    """Recognise the complaints, and put their slots into play."""
    new = tuple(
        dict.fromkeys(
            each.key
            for each in found.complaints
            if each.asserted and each.key not in listening.complaints and _may_bring(each, found, listening, content)
        )
    )
    added = {slot.id: slot for name in new for slot in content.protocols[name].slots}
    unused = content.protocols.keys() - ({*listening.complaints, *new} or {GENERIC})
    slots = {
        name: slot
        for name, slot in (dict(listening.slots) | added).items()
        if "." not in name or name.partition(".")[0] not in unused
    }
    return Story(said, found, listening, slots, new)


def _may_bring(mention: Mention, found: Found, listening: Listening, content: Content) -> bool:
    """Whether a mention may bring a complaint: not when a table in play asks about that very thing."""
    asked = listening.asked
    if asked is None or asked.section == "complaint":
        return True
    if asked.section not in _OPEN_SECTIONS or asked.kind in _OWN_LISTS:
        return False
    tables = (content.protocols[name] for name in listening.complaints)
    covered = {asked.id, *(slot.id for table in tables for slot in table.slots)}
    answering = (*(each for each in found.slots if each.key in covered), *found.options.get(asked.id, ()))
    return not any(_overlap(mention, each) for each in answering)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def read_narrative(story: Story, answers: Sequence[Told] = ()) -> list[Told]:
    """Everything that a message tells, whatever was asked.

    Args:
        story: The message.
        answers: What it answers to the question that was put; the words of a closed question's answer are its own.
    """
    asked = story.listening.asked
    if asked is not None and (asked.section in _QUOTED or asked.kind in _OWN_LISTS):
        return []
    told = [*_symptoms(story), *_options(story, answers), *_measured(story), *_person(story), *_lists(story)]
    if asked is None or asked.kind not in ("duration", "age", "medicines"):
        told += _onset(story)
    return [each for each in told if each.slot in story.slots]


def _symptoms(story: Story) -> Iterator[Told]:
    by_slot: dict[str, list[Mention]] = {}
    for mention in story.found.slots:
        by_slot.setdefault(mention.key, []).append(mention)
    for name, mentions in by_slot.items():
        slot = story.slots.get(name)
        if slot is None or slot.kind != "yes_no":
            continue
        here = next((each for each in mentions if _is_told(each, slot) and not is_conditional(story.said, each)), None)
        gone = next((each for each in mentions if each.negated and not (each.other or each.hypothetical)), None)
        if here is not None:
            yield Told(name, present(here.start, here.end))
        elif gone is not None and not any(each.asserted for each in mentions):
            yield Told(name, Answer(SlotState.ABSENT, *with_denial(story.said, gone)))


def with_denial(said: Said, mention: Mention) -> tuple[int, int]:
    """The span of a denied mention with the word that denies it, where that stands close before."""
    place = next(place for place, token in enumerate(said.tokens) if token.end > mention.start)
    inside = [each for each, token in enumerate(said.tokens) if mention.start <= token.start < mention.end]
    near = () if any(said.at("not", each) for each in inside) else range(max(0, place - _NEAR), place)
    denial = next((each for each in reversed(near) if said.at("not", each) is not None), None)
    return (said.tokens[denial].start if denial is not None else mention.start), mention.end


def _is_told(mention: Mention, slot: Slot) -> bool:
    """Whether a mention is of the patient and so; an old illness still counts as one."""
    long_ago = mention.past and slot.section in LASTING
    return mention.asserted or (long_ago and not (mention.negated or mention.other or mention.hypothetical))


def _options(story: Story, answers: Sequence[Told]) -> Iterator[Told]:
    asked = story.listening.asked
    used = [each.answer for each in answers] if asked is not None and asked.options else []
    for name, mentions in story.found.options.items():
        slot = story.slots.get(name)
        if slot is None or slot == asked or not _is_told_in_passing(slot):
            continue
        free = [each for each in mentions if not any(each.start < own.end and own.start < each.end for own in used)]
        clear = option_answers(each for each in free if _is_told(each, slot) and _is_clear(story, slot, each))
        if slot.kind == "choices" or len({answer.value for answer in clear}) == 1:
            yield from (Told(name, answer) for answer in clear)


def _is_told_in_passing(slot: Slot) -> bool:
    """Whether an option named in a story answers a closed question.

    Not that of a card of signs: one sign named does not answer for the others, so the card is still put. Who the
    patient is, is read from the sentence.
    """
    return slot.section != "subject" and (slot.kind == "choice" or (slot.kind == "choices" and slot.section == "hpi"))


def _is_clear(story: Story, slot: Slot, mention: Mention) -> bool:
    said = story.said
    unclear = said.is_denied(mention.start) or is_unfelt(said, mention) or is_conditional(said, mention)
    unclear = unclear or (slot.section in LASTING and is_where_it_hurts(said, mention))
    return not (unclear or is_everyday(said, mention) or is_part_of_place(said, mention, slot.section == "hpi"))


def _measured(story: Story) -> Iterator[Told]:
    said = story.said
    marked = [each for each in find_temperatures(said) if each.marked]
    if marked:
        yield Told("temperature", temperature_answer(said, max(marked, key=lambda each: each.celsius)))
    asked = story.listening.asked
    yield from find_readings(said, about_sugar=asked is not None and asked.kind == "glucose")
    for number in find_severities(said)[:1]:
        yield from _scoped(story, "severity", number.first, severity_answer(said, number))
    others = [*story.in_use, *_options_besides(story)]
    for name, site in placed_sites(said, story.found.complaints, others, _meant_by_it(story)):
        yield Told(f"{name}.site", site_answer(said, site))


def _options_besides(story: Story) -> Iterator[Mention]:
    """Options named that are no description of the complaint itself."""
    for name, mentions in story.found.options.items():
        if name in story.slots and story.slots[name].section in ("associated", "safety"):
            yield from (each for each in mentions if not is_everyday(story.said, each))


def _meant_by_it(story: Story) -> str | None:
    """The complaint that "it is on the left" is about, if that is clear."""
    asked, complaints = story.listening.asked, story.in_play
    if len(complaints) != 1 or (asked is not None and asked.kind not in _OF_COMPLAINT):
        return None
    return None if story.listening.history.known(f"{complaints[0]}.site") else complaints[0]


def _scoped(story: Story, name: str, place: int, answer: Answer) -> Iterator[Told]:
    """A fact for the complaints of its sentence, or for the first one in play."""
    first, end = story.said.sentence(place)
    low, high = story.said.span(first, end)
    here = [each.key for each in story.found.complaints if each.asserted and low <= each.start < high]
    for complaint in dict.fromkeys([each for each in here if each in story.in_play] or story.in_play[:1]):
        yield Told(f"{complaint}.{name}", answer)


def _onset(story: Story) -> Iterator[Told]:
    """For each complaint the time nearest to it, of those that tell since when."""
    said, asked = story.said, story.listening.asked
    named = {each.end for each in story.found.complaints if each.asserted}
    onsets = find_onsets(said, asked is None, named)
    told: dict[str, tuple[int, Answer]] = {}
    for onset in onsets:
        answer = duration_answer(said, onset)
        for each in _scoped(story, "onset_time", onset.first, answer):
            distance = _distance(story, each.slot.partition(".")[0], answer)
            if distance is not None and (each.slot not in told or distance < told[each.slot][0]):
                told[each.slot] = (distance, answer)
    yield from (Told(slot, answer) for slot, (_, answer) in told.items())


def _distance(story: Story, complaint: str, answer: Answer) -> int | None:
    """Characters between a time and the nearest mention of a complaint; None when none makes the time its onset."""
    here = [each for each in story.found.complaints if each.key == complaint and each.asserted]
    named = (*story.found.complaints, *story.in_use)
    others = [each for each in named if each.past or each.other or _is_apart(story.said.text, each, here)]
    gap = min((_gap(each, answer) for each in here), default=None)
    if any(_gap(each, answer) < (gap if gap is not None else len(story.said.text)) for each in others):
        return None
    if gap is not None:
        return gap
    started = "started" in story.said.places or story.listening.asked is None
    return len(story.said.text) if started else None


def _is_apart(text: str, symptom: Mention, complaint: Sequence[Mention]) -> bool:
    """Whether a symptom is told in another part of the sentence than the complaint."""
    return bool(complaint) and symptom.asserted and all("," in text[each.end : symptom.start] for each in complaint)


def _gap(mention: Mention, answer: Answer) -> int:
    return max(mention.start - answer.end, answer.start - mention.end, 0)


def _person(story: Story) -> Iterator[Told]:
    said, history = story.said, story.listening.history
    by_proxy = story.listening.source == "proxy"
    person = find_patient(said, _told_at(story))
    asked = story.listening.asked
    if asked is not None and asked.section not in ("subject", "complaint"):
        person = None
    if person is not None and not history.known("reporter"):
        by_proxy = person.patient is not None
        yield Told("reporter", reporter_answer(said, person))
    age = find_age(said, by_proxy)
    if age is not None and not history.known("age"):
        yield Told("age", age_answer(said, age))
    sex = sex_answer(said, person, age)
    if sex is not None and not history.known("sex"):
        yield Told("sex", sex)


def _told_at(story: Story) -> list[int]:
    """Offsets of what is told of the patient, in order."""
    mentions: Iterable[Mention] = (*story.found.complaints, *story.found.slots)
    offsets = {each.start for each in mentions if each.asserted}
    age = find_age(story.said, by_proxy=True) or find_age(story.said, by_proxy=False)
    offsets |= {story.said.tokens[each.first].start for each in find_temperatures(story.said) if each.marked}
    return sorted(offsets | ({story.said.tokens[age.first].start} if age else set()))


def _lists(story: Story) -> Iterator[Told]:
    said = story.said
    mentions: Sequence[Mention] = (
        *story.found.complaints,
        *story.found.slots,
        *(each for found in story.found.options.values() for each in found),
    )
    yield from (Told("medicines", answer) for answer in stated_medicines(said))
    yield from (Told("allergies", answer) for answer in stated_allergies(said))
    yield from (Told("family_history", answer) for answer in stated_family(said, mentions))
