"""Ages, in years, whatever unit they are told in."""

from collections.abc import Iterator
from typing import NamedTuple

from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.dates import find_dates
from symptom_intake.agent.interview.readers.numbers import Number, find_numbers
from symptom_intake.agent.interview.readers.replies import read_evasion
from symptom_intake.agent.interview.readers.words import Said, once
from symptom_intake.prompts.quantities import HOURS

OLDEST = 120
_NO_END = ("/", "%", "°", ":")
"""Signs after a number that make it something else than an age."""
_IS = ("is", "am", "are")


class Age(NamedTuple):
    """An age in a message.

    Attributes:
        first: Its first token. `end`: one past its last.
        years: The age.
    """

    first: int
    end: int
    years: float


def read_age(said: Said) -> list[Answer]:
    """The answer to "how old?": any plausible number is one."""
    found = find_ages(said) or list(_asked(said))
    if found:
        return [as_answer(said, found[0])]
    other = read_evasion(said)
    return [other] if other else []


def as_answer(said: Said, age: Age) -> Answer:
    """An age as a fact would hold it."""
    return present(*said.span(age.first, age.end), None, age.years)


@once
def find_ages(said: Said) -> list[Age]:
    """Every age that is told as one: "52 years old", "52F", "I'm 52", "aged 6 weeks", "born in 2020"."""
    found = [*_told(said), *_born(said)]
    return sorted(age for age in found if 0 <= age.years <= OLDEST)


def _told(said: Said) -> Iterator[Age]:
    for number in find_numbers(said):
        unit = said.key_at("units", number.end)
        end = unit[1] if unit else number.end
        old = said.at("old", end) or said.at("old", number.end)
        years = number.high * (HOURS[unit[0]] / HOURS["y"] if unit else 1.0)
        if old is not None:
            yield Age(number.first, old, years)
        elif (
            (_follows_sex(said, number) and said.ends_clause(end) and unit is None)
            or _is_sexed(said, number, unit[0] if unit else None)
            or _is_said_of_someone(said, number, end)
        ):
            yield Age(number.first, end, years)


def _is_sexed(said: Said, number: Number, unit: str | None) -> bool:
    """52F, 52 year female, f52."""
    place = number.end if unit is None else number.end + 1
    sex = said.key_at("sexes", place)
    if sex is None or (unit is not None and unit != "y"):
        return False
    letter = sex[1] - place == 1 and len(said.tokens[place].word) == 1
    joined = said.tokens[number.first].end == said.tokens[place].start
    named = said.before("is_aged", number.first) is not None and said.ends_clause(sex[1])
    return not letter or ((joined or named) and number.high >= 1 and not _hot(number))


def _follows_sex(said: Said, number: Number) -> bool:
    """F 34, female 34: as the first words."""
    return number.first == 1 and said.key_at("sexes", 0) is not None and number.high == int(number.high)


def _hot(number: Number) -> bool:
    """101F is no age."""
    return number.high > 95


def _is_said_of_someone(said: Said, number: Number, end: int) -> bool:
    """Aged 52, I'm 52: the number ends the statement, or nothing but its unit of years follows."""
    if said.before("aged", number.first) is not None:
        return True
    named = said.before("is_aged", number.first) is not None or _is_patient(said, number.first)
    if not named or number.high != int(number.high) or said.text[said.span(number.first, end)[1] :][:1] in _NO_END:
        return False
    following = said.tokens[end].word if end < len(said.tokens) else "and"
    return end == number.end and (said.ends_clause(end) or following in ("and", "with", "but"))


def _is_patient(said: Said, place: int) -> bool:
    """My mother is 82; my daughter (4)."""
    ends = _patient_ends(said)
    in_brackets = place in ends and said.text[: said.tokens[place].start].endswith("(")
    return in_brackets or (place - 1 in ends and said.tokens[place - 1].word in _IS)


@once
def _patient_ends(said: Said) -> list[int]:
    found = (said.key_at("patients", first) for first in range(len(said.tokens)))
    return [each[1] for each in found if each is not None]


def _born(said: Said) -> Iterator[Age]:
    for first, end in said.places.get("born", ()):
        date = next((each for each in find_dates(said) if each.day and end <= each.first <= end + 2), None)
        if date is not None and date.day is not None:
            years = (said.now.date() - date.day).days / 365.25
            yield Age(first, date.end, round(years, 2))
        elif (year := _year_at(said, end)) is not None:
            yield Age(first, end + 1, float(year))


def _year_at(said: Said, place: int) -> int | None:
    """Years since a calendar year that stands at a token."""
    word = said.tokens[place].word if place < len(said.tokens) else ""
    if len(word) != 4 or not word.isdecimal():
        return None
    years = said.now.year - int(word)
    return years if 0 <= years <= OLDEST else None


def _asked(said: Said) -> Iterator[Age]:
    for number in find_numbers(said):
        unit = said.key_at("units", number.end)
        end = unit[1] if unit else number.end
        years = number.high * (HOURS[unit[0]] / HOURS["y"] if unit else 1.0)
        since = _year_at(said, number.first)
        if since is not None:
            yield Age(number.first, number.end, float(since))
        elif 0 <= years <= OLDEST:
            yield Age(number.first, end, years)
