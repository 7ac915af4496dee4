import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from symptom_intake.agent.history import Evidence, Fact, SlotState
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.agent.safety.verdict import GuardClass, Verdict, Violation
from symptom_intake.prompts.errors import ContentError
from symptom_intake.prompts.guard_content import load_guard_content
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import Content, Protocol, load_content
from symptom_intake.prompts.model import (
    AsideFile,
    Complaint,
    Option,
    Rule,
    RuleFile,
    Slot,
    TongueFile,
    TriggerFile,
    Vocabulary,
)
from symptom_intake.prompts.templates import fingerprint, load_messages

DIABETES = Slot(
    id="diabetes",
    label="diabetes",
    kind="choice",
    section="past",
    question="Do you have diabetes, and is it because of your weight?",
    rephrase="Does diabetes run in your blood?",
    proxy="Do they have diabetes?",
    proxy_rephrase="Is diabetes what they have?",
    why="Diabetes can change how other illnesses show.",
    options=(Option(value="type_1", label="type 1"), Option(value="none", label="no diabetes")),
)


def make_content(*slots):
    """A content with these slots and nothing else."""
    rules = RuleFile(version="1", rules=())
    empty = Complaint(id="generic", version="1", label="x", slots=(), default=Rule(id="D", reason="x"))
    return Content(
        protocols={"generic": Protocol(empty, slots, ())},
        shared=slots,
        universal=rules,
        modifiers=rules,
        triggers=TriggerFile(version="1", triggers=()),
        vocabulary=Vocabulary(version="1", concepts={}),
        asides=AsideFile(version="1", asides=()),
        tongues=TongueFile(version="1", tongues={}),
        version="x",
    )


@pytest.fixture(scope="module")
def messages():
    return load_messages()


@pytest.fixture(scope="module")
def guard(messages):
    return Guardrail(make_content(DIABETES), messages)


def fact(state=SlotState.PRESENT, value="type_1", quote="yes", source="patient"):
    evidence = Evidence(turn="t1", start=0, end=len(quote), quote=quote)
    return Fact(id="t1.1", slot="diabetes", state=state, value=value, evidence=(evidence,), source=source)


def classes(verdict):
    return {each.cls.value for each in verdict.violations}


# What is signed


@pytest.mark.parametrize("text", [DIABETES.question, DIABETES.rephrase, DIABETES.proxy, DIABETES.proxy_rephrase])
def test_a_wording_of_the_content_passes_as_it_is_written(guard, text):
    assert guard.check(text).allowed


def test_a_signed_wording_that_was_changed_is_judged_like_any_other(guard):
    assert not guard.check(DIABETES.rephrase.replace("Does", "So")).allowed


def test_every_message_that_needs_no_value_passes(guard, messages):
    for key in messages.keys():  # noqa: SIM118 - no mapping
        if not messages.placeholders(key):
            assert guard.check(messages.text(key)).allowed, key


def test_a_caller_may_sign_a_paragraph_for_one_call(guard):
    text = "Take two tablets."
    assert not guard.check(text).allowed
    assert guard.check(text, signed={fingerprint(text)}).allowed


def test_a_signed_paragraph_does_not_carry_an_unsigned_one(guard):
    assert classes(guard.check(f"{DIABETES.proxy}\n\nThis is gout.")) >= {"DX"}


# Urgency


def test_the_template_of_the_level_passes_whole(guard, messages):
    for level in (Urgency.EMERGENCY_DEPARTMENT, Urgency.EMERGENCY_NOW):
        assert guard.check(messages.text(f"escalate.{level}"), urgency=level).allowed


def test_a_stronger_template_passes_and_a_weaker_one_does_not(guard, messages):
    now, department = (
        messages.text(f"escalate.{level}") for level in (Urgency.EMERGENCY_NOW, Urgency.EMERGENCY_DEPARTMENT)
    )
    assert guard.check(now, urgency=Urgency.EMERGENCY_DEPARTMENT).allowed
    assert classes(guard.check(department, urgency=Urgency.EMERGENCY_NOW)) == {"ESC"}


@pytest.mark.parametrize("tail", ["How old are you?", DIABETES.proxy, "Thank you for telling me."])
def test_an_escalation_is_not_followed_by_chat(guard, messages, tail):
    text = messages.text("escalate.emergency_now") + "\n\n" + tail
    assert "ESC" in classes(guard.check(text, urgency=Urgency.EMERGENCY_NOW))


def test_half_a_template_is_none(guard, messages):
    first = messages.text("escalate.emergency_now").split("\n\n")[1]
    assert "ESC" in classes(guard.check(first, urgency=Urgency.EMERGENCY_NOW))


# Failing closed


@pytest.mark.parametrize("part", ["_language", "_attribution", "_claims", "_signed", "_reader", "_limits"])
def test_a_check_that_breaks_keeps_the_draft_in(messages, monkeypatch, part):
    broken = Guardrail(make_content(), messages)
    monkeypatch.setattr(broken, part, None)
    draft = "You said it hurts. When did it start? And why?"
    verdict = broken.check(draft, said=["it hurts"])
    assert not verdict.allowed
    assert [each.reason for each in verdict.violations] == ["the check failed"]
    assert (verdict.violations[0].start, verdict.violations[0].end) == (0, len(draft))


@pytest.mark.parametrize("draft", [None, 3, b"When did it start?", "", "   \n\n "])
def test_what_is_no_draft_is_not_allowed(guard, draft):
    assert not guard.check(draft).allowed


def test_the_log_of_a_failure_holds_no_words_of_the_draft(messages, monkeypatch, caplog):
    broken = Guardrail(make_content(), messages)
    monkeypatch.setattr(broken, "_claims", None)
    broken.check("zebra question?", said=["giraffe"])
    assert caplog.text and "zebra" not in caplog.text and "giraffe" not in caplog.text


# Facts


def test_a_fact_answered_with_yes_is_grounded_by_its_question(guard):
    assert guard.check("You told me you have diabetes.", said=["yes"], facts=[fact()]).allowed
    assert "FAB" in classes(guard.check("You told me you have diabetes.", said=["yes"]))


def test_a_denied_fact_is_not_read_as_given(guard):
    denied = fact(state=SlotState.ABSENT, value=None, quote="no")
    assert guard.check("I noted: no diabetes.", said=["no"], facts=[denied]).allowed
    assert not guard.check("You told me you have diabetes.", said=["no"], facts=[denied]).allowed


def test_our_own_restatement_of_a_fact_passes_and_an_added_entry_does_not(guard):
    assert guard.check("I noted: diabetes: type 1.", said=["yes"], facts=[fact()]).allowed
    assert not guard.check("I noted: diabetes: type 1; gout.", said=["yes"], facts=[fact()]).allowed


# The reader


def test_a_clinician_reads_what_the_patient_reported_and_no_more(guard):
    said = ["my old doctor said I have asthma, code J45.9"]
    assert guard.check("- Past: asthma (J45.9). **Reported**.", said=said, audience="clinician").allowed
    assert "DX" in classes(guard.check("- Past: lupus.", said=said, audience="clinician"))
    assert "PROB" in classes(guard.check("This is most likely viral.", said=said, audience="clinician"))
    assert "TX" in classes(guard.check("Start amoxicillin.", said=said, audience="clinician"))


# Verdicts


def test_spans_lie_on_the_words_in_question(guard):
    draft = "Thank you.\n\nOk so this is l\u200bupus."
    span = next(each for each in guard.check(draft).violations if each.cls is GuardClass.DX)
    assert draft[span.start : span.end] == "l\u200bupus"


def test_a_violation_is_written_with_the_key_class():
    violation = Violation(cls=GuardClass.DX, start=1, end=2, reason="x")
    written = violation.model_dump_json(by_alias=True)
    assert json.loads(written)["class"] == "DX"
    assert Violation.model_validate_json(written) == violation
    assert Verdict(allowed=False, violations=(violation,)).classes == {GuardClass.DX}


def test_the_verdict_is_the_same_on_every_thread_and_repeat(guard):
    draft = "You said it began on Friday. It is just stress, take an aspirin."
    with ThreadPoolExecutor(8) as pool:
        verdicts = set(pool.map(lambda _: guard.check(draft, said=["it began on Tuesday"]), range(40)))
    assert len(verdicts) == 1


def test_a_long_talk_changes_nothing(guard):
    said = ["my chest is tight"] + [f"answer number {number}" for number in range(60)]
    assert guard.check("You said your chest is tight.", said=said).allowed
    assert not guard.check("So this is angina.", said=said).allowed


# The content


def test_faults_in_the_guardrails_files_are_reported_with_file_and_line(tmp_path):
    folder = tmp_path / "guardrail"
    folder.mkdir()
    for name in ("conditions", "treatments", "patterns", "grounding"):
        (folder / f"{name}.yaml").write_text("version: '1'\n", encoding="utf-8")
    (folder / "idioms.yaml").write_text("version: '1'\nphrases: [a, b]\nother: 1\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_guard_content(tmp_path)
    assert any(str(fault).startswith("guardrail/idioms.yaml:3:") for fault in caught.value.faults)
    assert {fault.file for fault in caught.value.faults} >= {"guardrail/conditions.yaml", "guardrail/patterns.yaml"}


def test_every_class_of_the_patterns_is_one_of_the_guardrails():
    assert set(load_guard_content().patterns.classes) <= {each.value for each in GuardClass}


def test_no_phrase_of_the_idioms_is_itself_the_name_of_a_condition():
    content = load_guard_content()
    names = {name for names in content.conditions.terms.values() for name in names}
    assert not names & set(content.idioms.phrases)


def test_everything_that_ships_passes():
    try:
        content = load_content()
    except ContentError as error:
        pytest.skip(f"the content does not load yet: {len(error.faults)} faults")
    guard = Guardrail(content, load_messages())
    blocked = [
        text
        for slot in content.slots.values()
        for text in (slot.question, slot.rephrase, slot.proxy, slot.proxy_rephrase, slot.why)
        if not guard.check(text).allowed
    ]
    assert blocked == []
