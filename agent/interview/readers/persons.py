"""Who the patient is, as a narrative tells it: the writer or somebody else, how old, of which sex."""

from collections.abc import Sequence
from typing import NamedTuple

from symptom_intake.agent.interview.readers.ages import Age, find_ages
from symptom_intake.agent.interview.readers.ages import as_answer as age_answer
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.words import Said, once
from symptom_intake.prompts.answers import Patient


class Person(NamedTuple):
    """Somebody who is named in a message.

    Attributes:
        first: The first token. `end`: one past the last.
        patient: What it tells if this is the patient; None for the writer.
    """

    first: int
    end: int
    patient: Patient | None


def find_patient(said: Said, told_at: Sequence[int]) -> Person | None:
    """Whom the first thing told is said of.

    Args:
        said: The message.
        told_at: Offsets of what is told of the patient, in order.
    """
    people = _people(said)
    for offset in told_at:
        place = next((place for place, token in enumerate(said.tokens) if token.end > offset), None)
        person = _subject(said, people, place) if place is not None else None
        if person is not None:
            return person
    return _writer_who_feels(said) if told_at else None


def _writer_who_feels(said: Said) -> Person | None:
    """It burns when I pee: the writer, if nobody else is named and it is no doing to another ("when I press on it")."""
    others = ("third_person", "others", "relations")
    if any(said.places.get(name) for name in others) or any(each.patient for each in _people(said)):
        return None
    felt = (place for place in said.places.get("own_doing", ()) if said.at("done_to_another", place[1]) is None)
    place = next(felt, None)
    return Person(*place, None) if place is not None else None


@once
def _people(said: Said) -> list[Person]:
    others = [
        Person(first, found[1], said.words.answers.patients[int(found[0])])
        for first in range(len(said.tokens))
        if (found := said.key_at("patients", first)) is not None and not _only_speaks(said, found[1])
    ]
    taken = {place for person in others for place in range(person.first, person.end)}
    writer = [
        Person(first, end, None)
        for first, end in said.places.get("first_person", ())
        if first not in taken and said.key_at("patients", first) is None and said.at("relations", first + 1) is None
    ]
    return sorted([*others, *writer], key=lambda each: each[:2])


def _only_speaks(said: Said, end: int) -> bool:
    """My husband says ..."""
    return said.at("not_patient_verbs", end) is not None


def _subject(said: Said, people: Sequence[Person], place: int) -> Person | None:
    """The person named last before a token in its sentence, else another's name after it."""
    first, end = said.sentence(place)
    before = [person for person in people if first <= person.first <= place]
    named = [each for each in people if place < each.first < end and each.patient]
    after = [each for each in named if said.before("of_person", each.first) is not None]
    return before[-1] if before else (after[0] if after else None)


def reporter_answer(said: Said, person: Person) -> Answer:
    """Who is writing, in relation to the patient."""
    return present(*said.span(person.first, person.end), person.patient.reporter if person.patient else "self")


def sex_answer(said: Said, person: Person | None, age: Age | None) -> Answer | None:
    """The patient's sex: "52F", "a 34 year old woman", "I am a man", "my son"."""
    between = ("article", "person_word")
    places = [age.end, said.skip((*between, "and"), age.end)] if age else []
    places += [said.skip(between, end) for _, end in said.places.get("is_aged", ()) if said.at("article", end)]
    if age is not None and age.first > 0:
        places.append(age.first - 1)
    for place in places:
        sex = said.key_at("sexes", place)
        if sex is not None:
            return present(*said.span(place, sex[1]), sex[0])
    if person is not None and person.patient is not None and person.patient.sex:
        return present(*said.span(person.first, person.end), person.patient.sex)
    return None


def find_age(said: Said, by_proxy: bool) -> Age | None:
    """The patient's age; not that of a relative, nor the writer's when the patient is somebody else."""
    people = _people(said)
    for age in find_ages(said):
        first, _ = said.sentence(age.first)
        if any(first <= place < age.first for place, _ in _relatives(said, people)):
            continue
        person = next((each for each in reversed(people) if first <= each.first <= age.first), None)
        if person is None or (person.patient is not None) == by_proxy:
            return age
    return None


def _relatives(said: Said, people: Sequence[Person]) -> list[tuple[int, int]]:
    patients = {place for person in people if person.patient for place in range(person.first, person.end)}
    return [place for place in said.places.get("relations", ()) if place[0] not in patients]


__all__ = ["Person", "age_answer", "find_age", "find_patient", "reporter_answer", "sex_answer"]
