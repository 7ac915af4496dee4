"""A pack over our content: it replaces by id, adds, and drops nothing."""

from pathlib import Path

import pytest

from symptom_intake.agent import IntakeSession
from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.prompts import ContentError, load_content, load_messages
from symptom_intake.prompts.templates import languages
from symptom_intake.tools.records import Records

QUESTION = """
    kind: yes_no
    section: associated
    importance: critical
    question: Is spit running out of your mouth?
    rephrase: Are you able to swallow your own spit?
    proxy: Is spit running out of their mouth?
    proxy_rephrase: Are they able to swallow their own spit?
    why: Trouble swallowing can need care at once.
"""
HICCUPS = f"""
id: hiccups
version: "0.1.0"
label: hiccups
words: [hiccups, "@hiccup_words"]
vocabulary: {{hiccup_words: [hic]}}
slots:
  - use: onset_time
  - id: drooling
    label: drooling{QUESTION}
rules:
  - id: HIC-01
    when: {{drooling: yes}}
    level: emergency_now
    reason: cannot swallow saliva
    examples: {{fires: [{{drooling: yes}}], quiet: [{{drooling: no}}]}}
triggers:
  - {{rule: HIC-01, phrases: [drowning in spit], positive: [i am drowning in spit]}}
default: {{id: HIC-99, level: routine, reason: hiccups}}
"""


def write(pack: Path, name: str, text: str) -> Path:
    path = pack / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    write(tmp_path / "pack", "complaints/hiccups.yaml", HICCUPS)
    return tmp_path / "pack"


def test_a_new_complaint_needs_no_python_and_drops_nothing(pack: Path) -> None:
    ours, content = load_content(), load_content(pack)
    assert content.protocols.keys() == ours.protocols.keys() | {"hiccups"}
    assert content.protocols["hiccups"].slots[1].id == "hiccups.drooling"
    assert content.rules["HIC-01"].level == "emergency_now"
    assert len(content.triggers.triggers) == len(ours.triggers.triggers) + 1
    assert content.vocabulary.concepts["hiccup_words"] == ("hic",)


def test_a_complaint_of_the_same_name_replaces_ours_whole(pack: Path) -> None:
    write(pack, "complaints/nosebleed.yaml", HICCUPS.replace("hiccups", "nosebleed", 1).replace("HIC-", "NB-"))
    (pack / "complaints/hiccups.yaml").unlink()
    content = load_content(pack)
    assert [rule.id for rule in content.protocols["nosebleed"].rules] == ["NB-01"]
    assert "complaints/nosebleed.yaml" not in content.drafts
    assert str(pack / "complaints/nosebleed.yaml") in content.drafts


def test_entries_of_a_known_id_replace_ours_in_their_place_and_new_ones_are_added(pack: Path) -> None:
    ours = load_content()
    write(
        pack,
        "slots.yaml",
        f"version: '1'\nslots:\n  - id: fever\n    label: heat{QUESTION}  - id: hums\n    label: humming{QUESTION}",
    )
    write(
        pack,
        "universal.yaml",
        "version: '1'\nrules:\n"
        "  - {id: UNI-02, level: emergency_now, reason: cannot be woken at all}\n"
        "  - {id: UNI-X, when: {hums: yes}, level: routine, reason: hums, examples: {fires: [{hums: yes}], quiet: [{hums: no}]}}\n",
    )
    write(pack, "vocabulary.yaml", "version: '1'\nconcepts: {pain: [owie], new_list: [a]}\n")
    write(pack, "asides.yaml", "version: '1'\nasides: [{id: joke, phrases: [knock knock], message: aside.thanks}]\n")
    write(pack, "triggers.yaml", "version: '1'\ntriggers: [{rule: UNI-X, phrases: [hum hum], positive: [hum hum]}]\n")
    content = load_content(pack)
    assert [slot.id for slot in content.shared] == [*(slot.id for slot in ours.shared), "hums"]
    assert content.slots["fever"].label == "heat"
    assert [rule.id for rule in content.universal.rules] == [*(rule.id for rule in ours.universal.rules), "UNI-X"]
    assert content.rules["UNI-02"].reason == "cannot be woken at all"
    assert content.vocabulary.concepts["pain"][0] == "owie" and "dolor" not in content.vocabulary.concepts["pain"]
    assert content.vocabulary.concepts.keys() == ours.vocabulary.concepts.keys() | {"new_list", "hiccup_words"}
    assert content.asides.asides[-1].id == "joke" and len(content.asides.asides) == len(ours.asides.asides) + 1
    assert {"UNI-X", "UNI-01"} <= {trigger.rule for trigger in content.triggers.triggers}


def test_what_a_pack_takes_from_under_our_rules_is_a_fault(pack: Path) -> None:
    write(
        pack,
        "slots.yaml",
        f"version: '1'\nslots:\n  - id: sex\n    label: sex{QUESTION.replace('yes_no', 'choice')}"
        "    options: [{value: female, label: female}, {value: other, label: other}]\n",
    )
    with pytest.raises(ContentError) as caught:
        load_content(pack)
    assert any(
        "sex has no option 'male'; our content needs it" in fault.message
        and fault.file == "complaints/abdominal_pain.yaml"
        for fault in caught.value.faults
    )


def test_the_version_covers_both_layers_and_no_written_case(pack: Path) -> None:
    first = load_content(pack)
    copy = pack.parent / "copy"
    write(copy, "complaints/hiccups.yaml", HICCUPS)
    write(copy, "vignettes/hiccups.yaml", "version: '1'\nvignettes: []\n")
    assert load_content(copy).version == first.version != load_content().version
    changed = write(pack.parent / "changed", "complaints/hiccups.yaml", f"# a remark\n{HICCUPS}")
    assert load_content(changed.parents[1]).version != first.version


def test_signed_parts_of_a_pack_leave_the_whole_a_draft(pack: Path) -> None:
    signed = HICCUPS.replace("label: hiccups", "label: hiccups\nreview: {status: approved, by: Dr Sample}", 1)
    write(pack, "complaints/hiccups.yaml", signed)
    content = load_content(pack)
    assert content.draft
    assert str(pack / "complaints/hiccups.yaml") not in content.drafts


def test_messages_are_laid_over_ours_key_by_key(pack: Path) -> None:
    ours = load_messages("en", "gb")
    write(pack, "messages/en/gb.yaml", "version: '7'\nvalues: {nonurgent_line: the ward}\n")
    write(pack, "messages/en/common.yaml", "version: '8'\ntexts: {opening: How can we help you?}\n")
    messages = load_messages("en", "gb", pack)
    assert messages.text("opening") == "How can we help you?"
    assert "the ward" in messages.text("safety_net") and "999" in messages.text("safety_net")
    assert messages.keys() == ours.keys() and messages.version != ours.version


def test_a_new_region_and_a_new_language(pack: Path) -> None:
    values = "{emergency_number: '111', emergency_department: ED, crisis_lines: x, poison_centre: x, nonurgent_line: x}"
    write(pack, "messages/en/nz.yaml", f"version: '1'\nvalues: {values}\n")
    assert "111" in load_messages("en", "nz", pack).text("escalate.emergency_now")
    assert load_messages("en", "nz").region == "eu"
    write(pack, "messages/fr/common.yaml", "version: '1'\ntexts: {opening: Bonjour}\n")
    write(pack, "messages/fr/eu.yaml", f"version: '1'\nvalues: {values}\n")
    assert languages(pack) == ["en", "fr"]
    with pytest.raises(ContentError) as caught:
        load_messages("fr", "eu", pack)
    assert any("escalate.emergency_now' is missing" in fault.message for fault in caught.value.faults)


def test_a_text_with_a_name_that_nobody_fills_is_a_fault_of_its_line(pack: Path) -> None:
    path = write(
        pack, "messages/en/common.yaml", "version: '1'\ntexts:\n  opening: Hello\n  closing: 'Bye {nickname}'\n"
    )
    with pytest.raises(ContentError) as caught:
        load_messages("en", "us", pack)
    assert [str(fault) for fault in caught.value.faults] == [f"{path}:4: nothing fills {{nickname}}"]


def test_an_interview_runs_on_a_pack_and_is_resumed_with_it(pack: Path, tmp_path: Path) -> None:
    db = str(tmp_path / "intake.db")
    with IntakeSession.open(db, content=pack) as session:
        session.send("I have hiccups since yesterday")
        name, version = session.id, session.context.content.version
    with IntakeSession.open(db, session=name, content=pack) as session:
        assert session.values["complaints"] == ["hiccups"]
        assert session.send("none of these").asked
        assert session.report().generator.content == version
        assert session.report().generator.content_draft and any(
            "Prototype" in each for each in session.report().notices
        )


def events(db: Path) -> list[str]:
    with Records.open(db.with_suffix(".records.db")) as records:
        return [row["event"] for row in records._db.table("audit").rows]


def test_going_on_with_a_changed_pack_is_noted_once(pack: Path, tmp_path: Path) -> None:
    db = tmp_path / "intake.db"
    with IntakeSession.open(str(db), content=pack) as session:
        session.send("I have hiccups since yesterday")
        name = session.id
    changed = write(
        tmp_path / "changed", "complaints/hiccups.yaml", HICCUPS.replace("label: hiccups", "label: hics", 1)
    )
    for _ in range(2):
        with IntakeSession.open(str(db), session=name, content=changed.parents[1]):
            pass
    assert events(db) == ["reply", "content_changed"]


def test_without_the_pack_the_report_still_prints_and_the_interview_says_what_it_needs(
    pack: Path, tmp_path: Path
) -> None:
    db = str(tmp_path / "intake.db")
    with IntakeSession.open(db, content=pack) as session:
        session.send("I have hiccups since yesterday")
        name = session.id
    with IntakeSession.open(db, session=name) as session:
        for act in (lambda: session.send("none of these"), session.summary, session.why, session.undo):
            with pytest.raises(ConfigurationError, match="hiccups"):
                act()
        assert session.report().transcript[0].text == "I have hiccups since yesterday"


def test_a_complaint_can_be_in_play_from_the_start(pack: Path) -> None:
    with IntakeSession.open(content=pack, complaints=["hiccups"]) as session:
        session.send("It will not stop")
        assert session.values["complaints"] == ["hiccups"]
    with pytest.raises(ConfigurationError, match="no complaint 'hiccup'"):
        IntakeSession.open(content=pack, complaints=["hiccup"])
