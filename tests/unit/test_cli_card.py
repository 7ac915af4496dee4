"""Picking an answer by its number."""

import pytest

from symptom_intake.agent.commands.card import Card, card_of
from symptom_intake.agent.session import IntakeSession

ONE = Card("Which?", ("sharp", "dull", "burning"))
MANY = Card("Which?", ("arm", "jaw", "none of these"), many=True)


@pytest.mark.parametrize(("card", "typed", "sent"), [
    (ONE, "2", "dull"),
    (ONE, " 3 ", "burning"),
    (ONE, "2.", "dull"),
    (ONE, "2)", "dull"),
    (MANY, "1, 2", "arm, jaw"),
    (MANY, "1 and 2", "arm, jaw"),
    (MANY, "2 1", "jaw, arm"),
])  # fmt: skip
def test_a_number_stands_for_its_answer(card: Card, typed: str, sent: str) -> None:
    assert card.picked(typed) == sent


@pytest.mark.parametrize(("card", "typed"), [
    (ONE, "0"), (ONE, "4"), (ONE, "1, 2"), (ONE, "about 2 days"), (ONE, "dull"), (ONE, ""), (ONE, "²"),
    (MANY, "1, 9"), (Card("How old are you?"), "2"),
])  # fmt: skip
def test_anything_else_goes_out_as_it_was_typed(card: Card, typed: str) -> None:
    assert card.picked(typed) == typed


def test_a_question_with_answers_becomes_a_card_and_an_open_one_stays() -> None:
    with IntakeSession.open(":memory:") as session:
        reply = session.send("I have had a headache for two days")
        screen = card_of(reply, session)
        reply = session.send("none of these")
        age = card_of(reply, session)
        while session.context.content.slots[reply.asked or "age"].kind != "choice":
            reply = session.send("34")
        choice = card_of(reply, session)
        slot = session.context.content.slots[reply.asked or ""]
    assert screen.many and screen.answers[-1] == "None of these" and "None of these" not in screen.text
    assert screen.text.endswith("?")
    assert age.answers == () and age.text.endswith("How old are you?")
    assert choice.answers == tuple(option.label for option in slot.options) and not choice.many
    assert choice.text.endswith("?") and "You can answer" in reply.text
