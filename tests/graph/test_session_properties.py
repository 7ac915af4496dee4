"""What holds of any interview, whatever is said in whatever order: sessions are generated, not written."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from symptom_intake.agent import IntakeSession, Urgency
from symptom_intake.agent.nodes.escalate import escalation_key

OPENINGS = (
    "my chest feels tight",
    "I have had a headache for two days",
    "my baby of 20 days is hot, 38.4",
    "my tummy hurts and I feel sick",
    "I feel very low and do not want to be here",
    "I twisted my knee at football",
    "it burns when I pee",
    "I had a cough for a week",
)
ANSWERS = (
    "yes",
    "no",
    "not sure",
    "rather not say",
    "none of these",
    "34",
    "72",
    "38.9",
    "two hours",
    "female",
    "male",
)
MORE = ("it came on in seconds", "I was sweating too", "my left arm went dead", "I am pregnant", "I take warfarin")
PLAYING_DOWN = (
    "my husband says it's nothing",
    "it is probably just stress",
    "I'm fine really, I don't want to bother anyone",
    "my mother thinks I am making a fuss",
    "sorry, it is silly to ask",
)
METHODS = ("with my tablets", "I have the rope ready", "I will jump off the bridge", "I have a knife here")
CRISES = ("I want to kill myself", "I am going to end my life tonight", "I do not want to live any more")


class Interview(RuleBasedStateMachine):
    """One interview, in which anything may be said next."""

    def __init__(self) -> None:
        super().__init__()
        self.session = IntakeSession.open()
        self.highest = Urgency.SELF_CARE
        self.flags: set[str] = set()

    def teardown(self) -> None:
        self.session.close()

    def say(self, text: str) -> None:
        self.session.send(text)
        now = {flag.rule for flag in self.session.values.get("flags", ())}
        assert self.flags <= now, "a red flag was taken back"
        assert self.session.urgency.rank >= self.highest.rank, "the urgency fell"
        self.flags, self.highest = now, self.session.urgency

    @initialize(text=st.sampled_from(OPENINGS))
    def open(self, text: str) -> None:
        self.say(text)

    @precondition(lambda self: not self.session.done)
    @rule(text=st.sampled_from(ANSWERS))
    def answer(self, text: str) -> None:
        self.say(text)

    @precondition(lambda self: not self.session.done)
    @rule(text=st.sampled_from(MORE))
    def tell_more(self, text: str) -> None:
        self.say(text)

    @rule(text=st.sampled_from(PLAYING_DOWN))
    def play_down(self, text: str) -> None:
        before = self.session.urgency
        self.say(text)
        assert self.session.urgency.rank >= before.rank

    @invariant()
    def an_emergency_ends_the_questions(self) -> None:
        assert not self.session.urgency.is_emergency or self.session.last_reply.asked is None


TestInterview = Interview.TestCase
TestInterview.settings = settings(
    max_examples=25, stateful_step_count=10, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def end_of(messages: Sequence[str]) -> tuple[Urgency, str]:
    """The level and the family of messages with which a session leaves its patient."""
    with IntakeSession.open() as session:
        for text in messages:
            session.send(text)
        return session.urgency, escalation_key(session.urgency, session.values["flags"])


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(OPENINGS), st.lists(st.sampled_from((*MORE, *ANSWERS)), max_size=4), st.sampled_from(PLAYING_DOWN)
)
def test_playing_it_down_at_the_outset_lowers_nothing(opening: str, rest: list[str], comfort: str) -> None:
    assert end_of([f"{opening}. {comfort}.", *rest])[0].rank >= end_of([opening])[0].rank


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("crisis", CRISES)
def test_naming_a_method_never_weakens_the_response(crisis: str, method: str) -> None:
    bare, named = end_of([crisis]), end_of([f"{crisis}, {method}"])
    assert named[0].rank >= bare[0].rank
    assert bare[1] != "escalate.crisis" or named[1] == "escalate.crisis"
    assert named == (Urgency.EMERGENCY_NOW, "escalate.crisis")
