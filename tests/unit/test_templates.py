"""The signed templates: filled, known by hash, and with an emergency number wherever the patient is."""

from pathlib import Path

import pytest

from symptom_intake.prompts import ContentError, load_messages
from symptom_intake.prompts.templates import FALLBACK_REGION, UnknownMessageError, fingerprint, languages


def test_an_unknown_region_falls_back_to_112_and_says_so() -> None:
    messages = load_messages("en", "atlantis")
    assert (messages.region, messages.asked_region) == (FALLBACK_REGION, "atlantis")
    assert "112" in messages.text("escalate.emergency_now")


def test_common_is_no_region() -> None:
    assert load_messages("en", "common").region == FALLBACK_REGION


def test_an_unknown_language_is_an_error_in_words() -> None:
    with pytest.raises(ContentError, match="no messages in the language 'xx'"):
        load_messages("xx", "us")
    assert languages() == ["en"]


def test_a_missing_template_or_value_is_an_error_in_words() -> None:
    messages = load_messages("en", "us")
    with pytest.raises(UnknownMessageError, match=r"no\.such"):
        messages.text("no.such")
    with pytest.raises(UnknownMessageError, match="facts"):
        messages.text("ack.noted")


def test_a_paragraph_is_signed_by_its_words_whatever_the_white_space() -> None:
    messages = load_messages("en", "gb")
    paragraph = messages.text("escalate.emergency_now").split("\n\n")[0]
    assert fingerprint(paragraph.replace(" ", "  ")) in messages.signed
    assert fingerprint(paragraph + " Or wait until tomorrow.") not in messages.signed


def test_the_words_of_another_region_are_not_signed() -> None:
    here, there = load_messages("en", "us"), load_messages("en", "gb")
    paragraph = there.text("escalate.emergency_now").split("\n\n")[0]
    assert fingerprint(paragraph) not in here.signed


def test_faults_of_both_files_are_reported(tmp_path: Path) -> None:
    folder = tmp_path / "messages" / "en"
    folder.mkdir(parents=True)
    (folder / "common.yaml").write_text("version: 1\ntexts: [no]\n", encoding="utf-8")
    (folder / "eu.yaml").write_text("texts: {}\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_messages("en", "eu", tmp_path)
    assert {fault.file for fault in caught.value.faults} == {str(folder / "common.yaml"), str(folder / "eu.yaml")}
