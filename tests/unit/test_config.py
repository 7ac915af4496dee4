"""Where settings come from, in which order, and every fault in them named at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.config import Config, load_config
from symptom_intake.agent.errors import ConfigurationError


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    return tmp_path


def write(folder: Path, text: str) -> dict[str, str]:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return {"SYMPTOM_INTAKE_CONFIG": str(file)}


def test_without_any_source_everything_is_a_default() -> None:
    found = load_config({}, {})
    assert found.config == Config()
    assert set(found.origin.values()) == {"default"}
    assert found.file is None and found.config.without_model


def test_the_command_line_comes_before_the_environment_before_the_file(elsewhere: Path) -> None:
    environ = write(elsewhere, 'region = "gb"\nmodel = "medgemma"\ndeadline_s = 5\n')
    environ |= {"SYMPTOM_INTAKE_REGION": "eu", "SYMPTOM_INTAKE_DEADLINE_S": "7.5"}
    found = load_config({"region": "us", "model": None}, environ)
    assert (found.config.region, found.config.model, found.config.deadline_s) == ("us", "medgemma", 7.5)
    assert found.origin["region"] == "command line"
    assert found.origin["deadline_s"] == "environment variable SYMPTOM_INTAKE_DEADLINE_S"
    assert found.origin["model"] == f"file {elsewhere / 'mine.toml'}"
    assert found.origin["language"] == "default"


def test_a_file_here_is_found_before_the_users_own(elsewhere: Path) -> None:
    own = elsewhere / "home" / "symptom-intake" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('region = "gb"', encoding="utf-8")
    assert load_config({}, {}).config.region == "gb"
    Path("symptom-intake.toml").write_text('region = "eu"', encoding="utf-8")
    assert load_config({}, {}).config.region == "eu"


@pytest.mark.parametrize(
    ("toml", "environ", "words"),
    [
        ("modle = 1\nregion = 3", {}, ["modle", "did you mean model?", "region"]),
        ('api_key = "sk-secret"', {}, ["keys come from the environment only"]),
        ("deadline_s = 0", {}, ["deadline_s", "greater than 0"]),
        ("", {"SYMPTOM_INTAKE_DEADLINE_S": "soon"}, ["SYMPTOM_INTAKE_DEADLINE_S"]),
        ("", {"SYMPTOM_INTAKE_REGOIN": "gb"}, ["SYMPTOM_INTAKE_REGOIN", "did you mean region?"]),
        ("", {"SYMPTOM_INTAKE_QUANTIZATION": "2bit"}, ["quantization", "4bit"]),
        ("model = x", {}, ["is no TOML", "line 1"]),
    ],
)
def test_faults_are_named(elsewhere: Path, toml: str, environ: dict[str, str], words: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_config({}, write(elsewhere, toml) | environ)
    assert all(word in str(caught.value) for word in words)
    assert "sk-secret" not in str(caught.value)


def test_a_pack_of_content_and_its_languages(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "pack" / "messages" / "fr").mkdir(parents=True)
    found = load_config({"language": "fr"}, write(elsewhere, 'content = "pack"'))
    assert (found.config.content, found.config.language) == (Path("pack"), "fr")
    assert load_config({}, {"SYMPTOM_INTAKE_CONTENT": "pack"}).config.content == Path("pack")
    monkeypatch.setenv("HOME", str(elsewhere))
    assert load_config({"content": "~/pack"}, {}).config.content == elsewhere / "pack"


@pytest.mark.parametrize("folder", ["", "none", "mine.toml"])
def test_a_pack_that_is_no_folder_is_a_fault(elsewhere: Path, folder: str) -> None:
    write(elsewhere, "")
    with pytest.raises(ConfigurationError, match=rf"content \(command line\): There is no folder '{folder}'"):
        load_config({"content": folder}, {})


def test_a_named_file_that_is_not_there_is_a_fault(elsewhere: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_config({}, {"SYMPTOM_INTAKE_CONFIG": str(elsewhere / "none.toml")})


def test_what_is_no_setting_in_the_environment_is_left_alone() -> None:
    environ = {"SYMPTOM_INTAKE_API_KEY": "k", "SYMPTOM_INTAKE_DEBUG": "1", "PATH": "x"}
    assert load_config({}, environ).config == Config()


@given(st.dictionaries(st.sampled_from(sorted(Config.model_fields)), st.text(max_size=5), max_size=4))
def test_any_environment_gives_settings_or_plain_faults(values: dict[str, str]) -> None:
    environ = {f"SYMPTOM_INTAKE_{name.upper()}": value for name, value in values.items()}
    try:
        found = load_config({}, environ)
    except ConfigurationError as error:
        assert str(error).startswith("The settings cannot be used:\n- ")
    else:
        assert all(found.origin[name].startswith("environment") for name in values)
