"""The embedded interviewer on the shipped content: answers, narratives, corrections, and any text at all."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symptom_intake.agent.history import Evidence, Fact, History, SlotState
from symptom_intake.agent.interview.embedded import EmbeddedInterviewer
from symptom_intake.agent.interview.grounding import ground
from symptom_intake.agent.interview.protocol import Listening, Reading
from symptom_intake.prompts import load_content
from symptom_intake.prompts.answers import load_answers
from symptom_intake.prompts.model import Slot

CONTENT = load_content()
EMBEDDED = EmbeddedInterviewer(CONTENT)
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
PRESENT, ABSENT = SlotState.PRESENT, SlotState.ABSENT


def slots(complaints: Iterable[str]) -> dict[str, Slot]:
    own = {slot.id: slot for name in (complaints or ["generic"]) for slot in CONTENT.protocols[name].slots}
    return own | {slot.id: slot for slot in CONTENT.shared if slot.scope == "patient"}


def read(
    text: str,
    asked: str | None = None,
    complaints: tuple[str, ...] = (),
    history: History | None = None,
    earlier: tuple[str, ...] = (),
) -> Reading:
    in_play = slots(complaints)
    return EMBEDDED.read(
        Listening(
            text=text,
            turn="t2",
            asked=in_play[asked] if asked else None,
            slots=in_play,
            history=history or History(),
            now=NOW,
            earlier=tuple(in_play[name] for name in earlier),
            complaints=complaints,
        )
    )


def told(reading: Reading) -> dict[str, tuple[SlotState, str | None, float | None]]:
    return {fact.slot: (fact.state, fact.value, fact.number) for fact in reading.facts}


def states(reading: Reading) -> dict[str, SlotState]:
    return {fact.slot: fact.state for fact in reading.facts}


def known(slot: str, value: str | None = None, number: float | None = None, **details: str) -> Fact:
    evidence = (Evidence(turn="t1", start=0, end=4, quote="said"),)
    return Fact(
        id=f"t1.{slot}", slot=slot, state=PRESENT, value=value, number=number, details=details, evidence=evidence
    )


HISTORY = History(
    facts=(
        known("headache.onset_time", "3 days", 72),
        known("headache.site", "right temple", side="right", part="temple"),
        known("headache.severity", "7", 7),
    )
)


class TestAnswers:
    @pytest.mark.parametrize(
        ("text", "state"),
        [
            ("yes", PRESENT),
            ("yeah a bit", PRESENT),
            ("my legs are swollen", PRESENT),
            ("no, my legs are swollen", PRESENT),
            ("nope", ABSENT),
            ("no swelling in my legs", ABSENT),
            ("not that i know", ABSENT),
            ("idk", SlotState.UNKNOWN),
            ("rather not say", SlotState.DECLINED),
        ],
    )
    def test_yes_no(self, text: str, state: SlotState) -> None:
        reading = read(text, "leg_swelling", ("chest_pain",))
        assert states(reading)["leg_swelling"] is state
        assert reading.answered

    @pytest.mark.parametrize("text", ["why?", "what do you mean", "hmm", "my cat is called Tom", "no fever"])
    def test_no_answer_to_yes_no(self, text: str) -> None:
        reading = read(text, "leg_swelling", ("chest_pain",))
        assert not reading.answered
        assert "leg_swelling" not in states(reading)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("getting worse", "worse"),
            ("wrse", "worse"),
            ("3", "worse"),
            ("the same", "same"),
            ("not better, worse", "worse"),
        ],
    )
    def test_choice(self, text: str, value: str) -> None:
        assert told(read(text, "headache.course", ("headache",)))["headache.course"][1] == value

    @pytest.mark.parametrize("text", ["better and worse", "yes", "17", "blue"])
    def test_an_unclear_choice_is_asked_again(self, text: str) -> None:
        assert not read(text, "headache.course", ("headache",)).answered

    def test_choices_take_all_that_is_named(self) -> None:
        reading = read("sweating and I felt faint", "chest_pain.came_with", ("chest_pain",))
        assert [fact.value for fact in reading.facts if fact.slot == "chest_pain.came_with"] == ["sweating", "faint"]

    @pytest.mark.parametrize("text", ["none of these", "no", "nope, none", "nothing"])
    def test_none_of_a_card(self, text: str) -> None:
        reading = read(text, "universal_screen", ("headache",))
        assert states(reading) == {"universal_screen": ABSENT}

    def test_no_to_a_choice_that_offers_none(self) -> None:
        assert states(read("no", "diabetes", ("headache",)))["diabetes"] is ABSENT
        assert not read("no", "headache.course", ("headache",)).answered

    def test_an_allergy_is_no_symptom(self) -> None:
        reading = read("penicillin gives me a rash", "allergies", ("headache",))
        (fact,) = reading.facts
        assert (fact.slot, fact.value, fact.details) == ("allergies", "penicillin", {"reaction": "rash"})

    def test_a_worry_is_quoted_and_never_read_as_a_symptom(self) -> None:
        reading = read("I'm scared it is cancer and I have a fever", "worry", ("headache",))
        assert states(reading) == {"worry": PRESENT}
        assert reading.complaints == ()

    def test_several_answers_in_one_message(self) -> None:
        reading = read("yes, 38.5 degrees since this morning, and I have a rash but no cough", "fever", ("headache",))
        facts = told(reading)
        assert facts["fever"][0] is PRESENT
        assert facts["temperature"][2] == 38.5
        assert (facts["rash"][0], facts["cough"][0]) == (PRESENT, ABSENT)

    def test_an_answer_to_an_earlier_question(self) -> None:
        reading = read("oh and the fever was 39", "shivers", ("headache",), earlier=("fever",))
        assert told(reading)["temperature"][2] == 39
        assert not reading.answered
        assert reading.complaints == (), "what a table in play asks about is no new complaint"


class TestNarrative:
    def test_an_opening(self) -> None:
        reading = read("I'm a 52F with a headache for 3 days, 8/10, no fever or chills but some cough")
        facts = told(reading)
        assert reading.complaints == ("headache", "cough")
        assert facts["headache.onset_time"][2] == 72
        assert facts["headache.severity"][2] == 8
        assert (facts["age"][2], facts["sex"][1], facts["reporter"][1]) == (52, "female", "self")
        assert (facts["fever"][0], facts["shivers"][0], facts["cough"][0]) == (ABSENT, ABSENT, PRESENT)
        assert not any(name.startswith("generic.") for name in facts)

    def test_a_parent_writes(self) -> None:
        facts = told(read("my 3 year old son has a fever of 39.2 since yesterday evening"))
        assert (facts["reporter"][1], facts["sex"][1], facts["age"][2]) == ("parent", "male", 3)
        assert facts["temperature"][2] == 39.2
        assert facts["fever_child.onset_time"][2] == 19

    def test_somebody_else_who_only_speaks_is_not_the_patient(self) -> None:
        facts = told(read("my husband says it's just stress but I have chest pain"))
        assert facts["reporter"][1] == "self"
        assert "sex" not in facts

    def test_a_relatives_illness_is_family_history(self) -> None:
        reading = read("my dad had a stroke at 60")
        (fact,) = reading.facts
        assert (fact.slot, fact.value, fact.details) == ("family_history", "stroke", {"relation": "dad", "age": "60"})
        assert reading.complaints == ()

    @pytest.mark.parametrize(
        "text", ["I don't have a headache", "I had headaches as a child", "my friend had a headache"]
    )
    def test_a_denied_past_or_foreign_complaint_is_none(self, text: str) -> None:
        assert read(text).complaints == ()

    def test_medicines_and_allergies_in_passing(self) -> None:
        reading = read("I have a headache. I'm on warfarin and allergic to penicillin")
        assert [(f.slot, f.value) for f in reading.facts if f.slot in ("medicines", "allergies")] == [
            ("medicines", "warfarin"),
            ("allergies", "penicillin"),
        ]

    @pytest.mark.parametrize(
        "text", ["can I take ibuprofen?", "I take the bus", "I'm not on warfarin", "I take a deep breath"]
    )
    def test_what_is_no_medicine(self, text: str) -> None:
        assert "medicines" not in states(read(text, "headache.course", ("headache",)))

    def test_the_onset_is_that_of_its_complaint(self) -> None:
        facts = told(read("I had an operation 2 weeks ago. My back hurts since this morning"))
        assert facts["back_pain.onset_time"][2] == 8
        assert "headache.onset_time" not in told(read("I had headaches 3 years ago but my chest hurts"))

    @pytest.mark.parametrize(
        "text",
        [
            "My back hurts, and I've been throwing up for 6 hours",
            "my back hurts and it came on over 3 hours",
            "my back hurts and she is not responding now",
            "my back hurts every 2 hours",
        ],
    )
    def test_what_is_no_onset(self, text: str) -> None:
        assert "back_pain.onset_time" not in states(read(text))

    def test_what_is_denied_is_no_choice(self) -> None:
        assert "headache.course" not in states(read("I have a headache that is not going away"))

    def test_worse_when_i_cough_is_no_cough(self) -> None:
        assert "cough" not in states(read("it is worse when I cough", "headache.course", ("headache",)))

    def test_a_side_belongs_to_the_site(self) -> None:
        (site,) = [f for f in read("headache behind my right eye").facts if f.slot == "headache.site"]
        assert site.details == {"side": "right", "part": "eye"}


class TestWhoAndWhere:
    @pytest.mark.parametrize(
        ("text", "age", "sex"),
        [
            ("I'm 34, a woman, my mum had migraines", 34, "female"),
            ("34, female", 34, "female"),
            ("52 yo male here with a headache", 52, "male"),
            ("I am a 60 year old man", 60, "male"),
            ("I'm a 71-year-old retired man, my head hurts", 71, "male"),
            ("f 34. headache", 34, "female"),
            ("headache. I am a widower of seventy-eight.", 78, "male"),
            ("headache, i'm 38 f", 38, "female"),
        ],
    )
    def test_age_and_sex(self, text: str, age: float, sex: str) -> None:
        facts = told(read(text))
        assert (facts["age"][2], facts["sex"][1]) == (age, sex)

    def test_the_sex_at_birth_is_not_guessed(self) -> None:
        assert "sex" not in states(read("I'm a 30 year old trans woman with a headache"))

    @pytest.mark.parametrize(
        ("text", "slot", "side"),
        [
            ("pounding headache on the left side for 3 days", "headache.site", "left"),
            ("my head hurts, left-sided, since monday", "headache.site", "left"),
            ("throbbing in my right temple and headache", "headache.site", "right"),
            ("headache. it's on the left side", "headache.site", "left"),
            ("headache 3 days. left side", "headache.site", "left"),
            ("headache, started two days ago, throbbing, right side, with nausea", "headache.site", "right"),
            ("headache and my back hurts on the right side", "back_pain.site", "right"),
        ],
    )
    def test_the_side_of_a_complaint(self, text: str, slot: str, side: str) -> None:
        sites = {f.slot: f.details["side"] for f in read(text).facts if f.slot.endswith(".site")}
        assert sites == {slot: side}

    @pytest.mark.parametrize(
        "text",
        [
            "headache and numbness on my left side",
            "my left side is weak and I have a headache",
            "headache, my arm is numb, left side",
            "headache right now",
        ],
    )
    def test_the_side_of_something_else(self, text: str) -> None:
        assert "headache.site" not in states(read(text))

    def test_a_part_of_the_place_is_not_the_place(self) -> None:
        facts = told(read("stomach ache on the right side low down"))
        assert facts["abdominal_pain.area"][1] == "lower_right"
        assert "abdominal_pain.area" not in told(read("stomach ache, its on the rite side, low down"))

    def test_a_leg_named_is_no_weak_leg(self) -> None:
        text = "my back hurts on the right and it goes down my left leg"
        assert "back_pain.leg_weak" not in states(read(text))

    def test_a_time_right_after_the_complaint(self) -> None:
        assert told(read("f 34. headache 3 days. left side"))["headache.onset_time"][2] == 72

    def test_no_is_no_time(self) -> None:
        assert not read("no", "headache.onset_time", ("headache",)).answered


class TestAllergiesInPassing:
    @pytest.mark.parametrize(
        ("text", "substance", "reaction"),
        [
            ("I have a headache. penicillin gives me a rash", "penicillin", "rash"),
            ("I have a headache. I get hives from aspirin", "aspirin", "hives"),
            ("I came out in a rash with amoxicillin years ago, now I have a headache", "amoxicillin", "rash"),
            ("headache, I'm allergic to penicillin, it gives me a rash", "penicillin", "rash"),
        ],
    )
    def test_the_reaction_is_no_symptom(self, text: str, substance: str, reaction: str) -> None:
        reading = read(text)
        (fact,) = [each for each in reading.facts if each.slot == "allergies"]
        assert (fact.value, fact.details, fact.method) == (substance, {"reaction": reaction}, "narrative")
        assert {"rash", "blood_thinner", "headache.onset_time"}.isdisjoint(states(reading))

    @pytest.mark.parametrize(
        "text",
        [
            "amoxicillin gave me a rash yesterday",
            "I started amoxicillin and it gave me a rash",
            "I got hives after eating strawberries",
        ],
    )
    def test_a_reaction_that_may_be_going_on_stays_a_symptom(self, text: str) -> None:
        assert states(read(text))["rash"] is PRESENT

    def test_a_side_effect_is_no_allergy(self) -> None:
        assert "allergies" not in states(read("headache, and my metformin makes me sick"))


class TestDenials:
    @pytest.mark.parametrize(
        ("text", "slot"),
        [
            ("I don't feel breathless", "breathless"),
            ("i dont feel faint", "faint"),
            ("nausea but no vomiting", "vomiting"),
            ("no vomiting, light hurts my eyes", "vomiting"),
        ],
    )
    def test_what_is_denied_is_absent(self, text: str, slot: str) -> None:
        assert states(read(text, "headache.course", ("headache",)))[slot] is ABSENT

    def test_not_suicidal(self) -> None:
        text = "I don't feel depressed or suicidal"
        assert read(text).complaints == ()
        assert "mental_health.thoughts" not in states(read(text))
        assert states(read(text, "headache.course", ("headache", "mental_health")))["mental_health.thoughts"] is ABSENT

    def test_an_option_that_is_not_felt_is_not_picked(self) -> None:
        assert "chest_pain.course" not in states(read("I don't feel the chest pain is getting better"))


class TestOthers:
    def test_an_illness_of_the_husband_is_not_the_patients(self) -> None:
        reading = read("my back hurts, my husband has diabetes and my sister had breast cancer so I worry")
        assert {"diabetes", "cancer"}.isdisjoint(states(reading))
        assert [(f.slot, f.value) for f in reading.facts if f.slot == "family_history"] == [
            ("family_history", "breast cancer")
        ]

    def test_the_medicines_of_the_husband_are_not_the_patients(self) -> None:
        history = History(facts=(known("reporter", "self"),))
        reading = read("I take ramipril, and my husband takes metformin", "medicines", ("headache",), history)
        assert [fact.value for fact in reading.facts] == ["ramipril"]

    def test_what_a_husband_sees_is_the_patients(self) -> None:
        assert states(read("my husband has noticed my face drooping"))["face_droop"] is PRESENT

    def test_what_she_has_is_of_the_mother_who_is_written_for(self) -> None:
        reading = read("I'm writing for my mum, she's eighty four, she takes apixaban and is allergic to penicillin")
        facts = told(reading)
        assert (facts["reporter"][1], facts["age"][2]) == ("carer", 84)
        assert (facts["medicines"][1], facts["allergies"][1]) == ("apixaban", "penicillin")


class TestCorrections:
    EARLIER = ("headache.severity", "headache.onset_time")

    @pytest.mark.parametrize(
        ("text", "slot", "value", "number"),
        [
            ("actually it's the left temple", "headache.site", "left temple", None),
            ("not right, left", "headache.site", "left temple", None),
            ("sorry I meant 3 weeks", "headache.onset_time", "3 weeks", 504),
            ("it's actually 2 days", "headache.onset_time", "2 days", 48),
            ("no, two days", "headache.onset_time", "two days", 48),
            ("scratch that, it is 8/10", "headache.severity", "8/10", 8),
            ("sorry, 8", "headache.severity", "8", 8),
        ],
    )
    def test_what_is_corrected(self, text: str, slot: str, value: str, number: float | None) -> None:
        reading = read(text, "fever", ("headache",), HISTORY, self.EARLIER)
        (fact,) = [each for each in reading.facts if each.method == "correction"]
        assert (fact.slot, fact.value, fact.number) == (slot, value, number)

    def test_the_side_moves_in_the_details_too(self) -> None:
        (fact,) = read("actually it's the left one", "worry", ("headache",), HISTORY).facts
        assert fact.details == {"side": "left", "part": "temple"}

    def test_the_patients_own_words_are_never_corrected(self) -> None:
        facts = (known("headache.site", "on the left side", side="left"), known("chief_complaint", "headache, left"))
        (fact,) = read("actually it's the right side", "worry", ("headache",), History(facts=facts)).facts
        assert (fact.slot, fact.value) == ("headache.site", "on the right side")

    def test_weeks_are_no_age_of_a_grown_up(self) -> None:
        facts = (known("age", number=51), known("headache.onset_time", "2 weeks", 336))
        reading = read("sorry, I meant three weeks", "anything_else", ("headache",), History(facts=facts), ("age",))
        assert [(f.slot, f.number) for f in reading.facts] == [("headache.onset_time", 504)]

    @pytest.mark.parametrize("text", ["no", "no, two days ago I did have one", "actually yes", "sorry, what?"])
    def test_what_corrects_nothing(self, text: str) -> None:
        facts = read(text, "fever", ("headache",), HISTORY, self.EARLIER).facts
        assert [each.slot for each in facts if each.slot.startswith("headache.")] == []

    def test_the_opposite_after_actually_is_a_correction(self) -> None:
        history = History(facts=(known("fever"),))
        reading = read("actually I don't have a fever", "headache.course", ("headache",), history)
        (fact,) = [each for each in reading.facts if each.slot == "fever"]
        assert (fact.state, fact.method) == (ABSENT, "correction")


SENTENCES = [
    "I have {}a fever",
    "she has {}a rash",
    "there is {}swelling in my legs",
    "I feel {}nausea",
    "I've had {}a cough",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_negating_a_symptom_turns_it_round(sentence: str) -> None:
    there = states(read(sentence.format(""), "headache.course", ("headache",)))
    gone = states(read(sentence.format("no ").replace("no a ", "no "), "headache.course", ("headache",)))
    turned = [name for name, state in there.items() if state is PRESENT and gone.get(name) is ABSENT]
    assert len(turned) == 1


MESSAGES = [
    "I'm a 52F with a headache for 3 days, 8/10, no fever or chills but some cough",
    "my son has a fever of 39.2 since yesterday evening, he's 3",
    "crushing chest pain and sweating, spreading into my arm, started 20 minutes ago",
]


@pytest.mark.parametrize("text", MESSAGES)
def test_capitals_change_nothing(text: str) -> None:
    plain, loud = read(text), read(text.upper())
    assert states(plain) == states(loud)
    assert [fact.number for fact in plain.facts] == [fact.number for fact in loud.facts]
    assert plain.complaints == loud.complaints


WORDS = [word for words in load_answers().phrases().values() for phrase in words for word in phrase.split()]
ODD = [
    ",",
    ".",
    "?",
    "\n",
    "(",
    "-",
    "52F",
    "10:30",
    "3/4/2026",
    "1/2",
    "½",
    "99999999999",
    "headache",
    "my",
    "chest pain",
    "👍",
    "\u0130",
    "ß",
]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS + ODD), max_size=25).map(" ".join),
    st.sampled_from(["no fever ", "3 days and ", "10:30 ", "1 ", "left right ", "dad had a stroke at 60, "]).map(lambda part: (part * 5000)[:5000]),
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.sampled_from([None, *sorted(slots(("headache", "chest_pain")))]), st.booleans())
def test_any_text_is_read_and_every_fact_is_grounded(text: str, asked: str | None, told_before: bool) -> None:
    reading = read(text, asked, ("headache", "chest_pain"), HISTORY if told_before else None, ("headache.severity",))
    assert ground(reading, {"t2": text}) == reading
    assert len({fact.id for fact in reading.facts}) == len(reading.facts)
    for fact in reading.facts:
        slot = CONTENT.slots[fact.slot]
        if slot.options and fact.value is not None:
            assert fact.value in {option.value for option in slot.options}
    assert reading.answered == any(fact.slot == asked for fact in reading.facts)
