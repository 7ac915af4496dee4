import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.build import build_model, how_kept
from symptom_intake.agent.models.spec import parse_spec


@pytest.mark.parametrize(
    ("text", "role", "model"),
    [
        ("medgemma", "interviewer", "google/medgemma-27b-text-it"),
        ("medgemma", "image_reader", "google/medgemma-4b-it"),
        ("medgemma-27b", "image_reader", "google/medgemma-27b-it"),
        (" medgemma-4b ", "interviewer", "google/medgemma-4b-it"),
    ],
)
def test_a_short_name_means_weights_that_suit_the_role_and_never_a_download(text, role, model):
    spec = parse_spec(text, role)
    assert (spec.kind, spec.model, spec.may_download) == ("medgemma", model, False)


def test_weights_named_in_full_may_be_fetched():
    assert parse_spec("medgemma:google/medgemma-4b-it", "interviewer").may_download
    assert parse_spec("medgemma:/data/my weights", "interviewer").model == "/data/my weights"


@pytest.mark.parametrize(("text", "role"), [("embedded", "interviewer"), ("none", "image_reader")])
def test_each_role_does_without_a_model_under_its_own_word(text, role):
    assert parse_spec(text, role).kind == text
    with pytest.raises(ConfigurationError, match="works without a model"):
        build_model(parse_spec(text, role))


@pytest.mark.parametrize(
    ("text", "model", "url"),
    [
        ("openai:qwen3:8b@http://localhost:11434/v1", "qwen3:8b", "http://localhost:11434/v1"),
        ("openai:google/medgemma-27b-text-it@https://gpu.example/v1/", "google/medgemma-27b-text-it", "https://gpu.example/v1"),
        ("openai:a@http@http://[::1]:8000", "a@http", "http://[::1]:8000"),
    ],
)  # fmt: skip
def test_a_server_is_what_stands_behind_the_last_at_sign(text, model, url):
    spec = parse_spec(text, "interviewer")
    assert (spec.kind, spec.model, spec.base_url) == ("server", model, url)


NAME = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1).map(str.strip)


@given(NAME.filter(lambda name: "@http" not in name), st.integers(1, 65535))
def test_any_name_of_a_model_and_any_port_come_back_as_they_were_given(name, port):
    spec = parse_spec(f"openai:{name}@http://host:{port}/v1", "interviewer")
    assert (spec.model, spec.base_url) == (name, f"http://host:{port}/v1")


@pytest.mark.parametrize(
    ("text", "role", "said"),
    [
        ("medgema", "interviewer", "did you mean 'medgemma'?"),
        ("MedGemma-4B", "image_reader", "did you mean 'medgemma-4b'?"),
        ("google/medgemma-4b-it", "interviewer", "did you mean 'medgemma:google/medgemma-4b-it'?"),
        ("none", "interviewer", "it can be embedded"),
        ("embedded", "image_reader", "it can be none"),
        ("", "interviewer", "it can be embedded"),
        ("medgemma:", "interviewer", "followed by nothing"),
        ("openai:medgemma", "interviewer", "written openai:<model>@<base_url>"),
        ("openai:medgemma@localhost:8000", "interviewer", "http:// or"),
        ("openai:@http://localhost:8000", "interviewer", "written openai:<model>@<base_url>"),
        ("openai:m@http://", "interviewer", "a host"),
        ("openai:m@httpx://host", "interviewer", "a host"),
        ("openai:m@http://host:99999/v1", "interviewer", "a port from 1 to 65535"),
        ("openai:m@http://[host/v1", "interviewer", "a host"),
    ],
)
def test_anything_else_is_refused_with_what_is_possible(text, role, said):
    with pytest.raises(ConfigurationError) as caught:
        parse_spec(text, role)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["openai:m@http://u:s3cret@host/v1", "opnai:m@http://u:s3cret@host", "openai:m@http://h?key=s3cret"])  # fmt: skip
def test_a_password_in_an_address_is_refused_and_not_repeated(text):
    with pytest.raises(ConfigurationError) as caught:
        parse_spec(text, "interviewer")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("quantization", "dtype", "kept"),
    [("none", "auto", "bf16"), ("none", "fp32", "fp32"), ("8bit", "auto", "8bit"), ("4bit", "bf16", "4bit")],
)
def test_how_weights_are_kept(quantization, dtype, kept):
    assert how_kept(quantization, dtype) == kept


@pytest.mark.parametrize(
    ("quantization", "dtype", "said"),
    [("none", "fp16", "overflow"), ("3bit", "auto", "none, 8bit, 4bit"), ("none", "int4", "auto, bf16, fp32")],
)
def test_settings_that_cannot_work_are_refused_with_the_reason(quantization, dtype, said):
    with pytest.raises(ConfigurationError, match=said):
        how_kept(quantization, dtype)
