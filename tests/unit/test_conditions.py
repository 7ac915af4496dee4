import pytest

from symptom_intake.agent.history import Evidence, Fact, History, SlotState
from symptom_intake.agent.safety.conditions import holds
from symptom_intake.prompts.conditions import parse_condition, slots_of
from symptom_intake.prompts.model import Slot

WORDS = {field: field for field in ("label", "question", "rephrase", "proxy", "proxy_rephrase", "why")}
SLOTS = {
    name: Slot(id=name, kind=kind, section="hpi", **WORDS)  # type: ignore[arg-type]
    for name, kind in (
        ("fever", "yes_no"),
        ("cough", "yes_no"),
        ("age", "age"),
        ("onset", "duration"),
        ("quality", "text"),
    )
}


def fact(
    slot: str, state: SlotState = SlotState.PRESENT, value: str | None = None, number: float | None = None
) -> Fact:
    evidence = (Evidence(turn="t1", start=0, end=1, quote="x"),)
    return Fact(id=slot, slot=slot, state=state, value=value, number=number, evidence=evidence)


def test(raw: object, *facts: Fact, fired: tuple[str, ...] = ()) -> bool | None:
    return holds(parse_condition(raw), History(facts=facts), SLOTS, fired)


test.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("raw", "facts", "expected"),
    [
        ({"fever": True}, [fact("fever")], True),
        ({"fever": True}, [fact("fever", SlotState.ABSENT)], False),
        ({"fever": True}, [], None),
        ({"fever": False}, [fact("fever", SlotState.ABSENT)], True),
        ({"fever": "unknown"}, [fact("fever", SlotState.UNKNOWN)], True),
        ({"fever": "unknown"}, [], False),
        ({"quality": ["tight", "heavy"]}, [fact("quality", value="heavy")], True),
        ({"quality": ["tight", "heavy"]}, [fact("quality", value="sharp")], False),
        ({"quality": "tight"}, [fact("quality", value="tight")], True),
        ({"quality": ["tight", "unknown"]}, [fact("quality", SlotState.UNKNOWN)], True),
        ({"quality": ["tight"]}, [fact("quality", SlotState.UNKNOWN)], None),
        ({"age": ">= 65y"}, [fact("age", number=70)], True),
        ({"age": "< 90d"}, [fact("age", number=0.1)], True),
        ({"age": "< 90d"}, [fact("age", number=0.3)], False),
        ({"age": "< 90d or unknown"}, [fact("age", SlotState.DECLINED)], True),
        ({"age": "< 90d or unknown"}, [], None),
        ({"onset": "<= 15min"}, [fact("onset", number=0.25)], True),
        ({"not": {"fever": True}}, [], None),
        ({"not": {"fever": True}}, [fact("fever", SlotState.ABSENT)], True),
        ({"fever": True, "cough": True}, [fact("fever")], None),
        ({"fever": True, "cough": True}, [fact("fever", SlotState.ABSENT)], False),
        ({"any": [{"fever": True}, {"cough": True}]}, [fact("cough")], True),
        ({"any": [{"fever": True}, {"cough": True}]}, [fact("cough", SlotState.ABSENT)], None),
        (
            {"at_least": 2, "of": [{"fever": True}, {"cough": True}, {"age": "> 1y"}]},
            [fact("fever"), fact("age", number=2)],
            True,
        ),
    ],
)
def test_three_valued(raw: object, facts: list[Fact], expected: bool | None) -> None:
    assert test(raw, *facts) is expected


def test_fired_rules_can_be_tested() -> None:
    assert test({"fired": ["UNI-11"]}, fired=("UNI-11",)) is True
    assert test({"fired": "UNI-11"}) is False


def test_adding_a_present_fact_never_turns_a_positive_condition_off() -> None:
    raw = {"any": [{"fever": True}, {"age": ">= 65y"}]}
    assert test(raw, fact("fever")) is True
    assert test(raw, fact("fever"), fact("age", number=20), fact("cough")) is True


@pytest.mark.parametrize("raw", [None, [], {}, "fever", {"fever": 3.5}, {"any": []}, {True: "x"}, {"at_least": 2}])
def test_nonsense_is_refused_in_words(raw: object) -> None:
    with pytest.raises(ValueError, match=r"condition|slot|neither"):
        parse_condition(raw)


def test_slots_of_sees_through_every_layer() -> None:
    raw = {"any": [{"fever": True}, {"not": {"age": "< 1y"}}], "fired": ["X"]}
    assert set(slots_of(parse_condition(raw))) == {"fever", "age"}
