import json
import struct
from pathlib import Path

import pytest

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.spec import ModelSpec, parse_spec
from symptom_intake.agent.models.weights import find_weights

TEXT = {
    "architectures": ["Gemma3ForCausalLM"],
    "model_type": "gemma3_text",
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "_sliding_window_pattern": 6,
}
IMAGES = {
    "architectures": ["Gemma3ForConditionalGeneration"],
    "model_type": "gemma3",
    "text_config": TEXT,
    "vision_config": {"model_type": "siglip_vision_model"},
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def shard(tensor: str, size: int = 64) -> bytes:
    header = json.dumps({tensor: {"dtype": "F32", "shape": [size // 4], "data_offsets": [0, size]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(size)


def write(folder: Path, name: str, value: object) -> None:
    (folder / name).write_text(json.dumps(value), encoding="utf-8")


def whole(folder: Path, config: dict = TEXT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "config.json", config)
    write(folder, "tokenizer.json", {})
    write(folder, "tokenizer_config.json", {"chat_template": "{{ messages }}"})
    write(folder, "preprocessor_config.json", {})
    write(folder, "model.safetensors.index.json", {"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}})
    (folder / "one.safetensors").write_bytes(shard("a"))
    (folder / "two.safetensors").write_bytes(shard("b"))
    return folder


def refusal(folder: Path | str, role: str = "interviewer") -> str:
    with pytest.raises(ConfigurationError) as caught:
        find_weights(parse_spec(f"medgemma:{folder}", role))
    return str(caught.value)


@pytest.mark.parametrize(("config", "reads_images"), [(TEXT, False), (IMAGES, True)])
def test_whole_weights_pass(tmp_path, config, reads_images):
    found = find_weights(parse_spec(f"medgemma:{whole(tmp_path, config)}", "interviewer"))
    assert (found.folder, found.config, found.reads_images, found.revision) == (tmp_path, config, reads_images, None)


def test_a_single_file_needs_no_index(tmp_path):
    whole(tmp_path)
    (tmp_path / "one.safetensors").rename(tmp_path / "model.safetensors")
    (tmp_path / "model.safetensors.index.json").unlink()
    assert find_weights(parse_spec(f"medgemma:{tmp_path}", "interviewer")).folder == tmp_path


def cut(folder: Path) -> None:
    (folder / "two.safetensors").write_bytes(shard("b")[:-10])


def longer(folder: Path) -> None:
    (folder / "two.safetensors").write_bytes(shard("b") + b"more")


def cut_in_the_header(folder: Path) -> None:
    (folder / "two.safetensors").write_bytes(shard("b")[:20])


def emptied(folder: Path) -> None:
    (folder / "two.safetensors").write_bytes(b"")


def of_another_kind(folder: Path) -> None:
    (folder / "two.safetensors").write_bytes(b"PK\x03\x04" + bytes(99))


def with_nonsense_offsets(folder: Path) -> None:
    header = b'{"b": {"data_offsets": "none"}}'
    (folder / "two.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)


def pointed_to(folder: Path) -> None:
    (folder / "two.safetensors").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 4961251752\n"
    )


def missing(folder: Path) -> None:
    (folder / "two.safetensors").unlink()


def linked_to_nothing(folder: Path) -> None:
    missing(folder)
    (folder / "two.safetensors").symlink_to("gone")


def climbing(folder: Path) -> None:
    write(folder, "model.safetensors.index.json", {"weight_map": {"a": "../one.safetensors"}})


def with_an_empty_index(folder: Path) -> None:
    write(folder, "model.safetensors.index.json", {"weight_map": {}})


def without_its_index(folder: Path) -> None:
    (folder / "model.safetensors.index.json").unlink()


def pickled(folder: Path) -> None:
    without_its_index(folder)
    for file in folder.glob("*.safetensors"):
        file.unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04cos\nsystem\n.")


def in_gguf(folder: Path) -> None:
    pickled(folder)
    (folder / "pytorch_model.bin").rename(folder / "medgemma-Q4_K_M.gguf")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (cut, "two.safetensors is cut off: 125 of 135 bytes are there"),
        (longer, "two.safetensors is longer than it says itself"),
        (cut_in_the_header, "two.safetensors is cut off in its header"),
        (emptied, "two.safetensors is empty or cut off"),
        (of_another_kind, "two.safetensors is no safetensors file"),
        (with_nonsense_offsets, "two.safetensors is no safetensors file"),
        (pointed_to, "two.safetensors is a git-LFS pointer"),
        (missing, "two.safetensors is missing"),
        (linked_to_nothing, "two.safetensors is missing"),
        (climbing, "does not say which *.safetensors files"),
        (with_an_empty_index, "does not say which *.safetensors files"),
        (without_its_index, "model.safetensors.index.json is missing"),
        (pickled, "pickle files (pytorch_model.bin), which can run any program"),
        (in_gguf, "GGUF (medgemma-Q4_K_M.gguf); llama.cpp"),
    ],
)
def test_files_of_weights_that_are_not_whole(tmp_path, break_it, said):
    break_it(whole(tmp_path))
    assert said in refusal(tmp_path)


@pytest.mark.parametrize(
    ("file", "changed", "said"),
    [
        ("config.json", {"auto_map": {"AutoModel": "evil.Model"}}, "key 'auto_map', which can make the program run foreign"),
        ("config.json", {"_attn_implementation_internal": "evil/kernel"}, "key '_attn_implementation_internal'"),
        ("config.json", {"rope": [{"_attn_implementation_internal": "evil/kernel"}]}, "'_attn_implementation_internal'"),
        ("config.json", {"_new_thing": 1}, "key '_new_thing'"),
        ("config.json", {"attn_implementation": "evil/kernel"}, "key 'attn_implementation'"),
        ("config.json", {"trust_remote_code": True}, "key 'trust_remote_code'"),
        ("config.json", {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}, "'LlamaForCausalLM'; only Gemma 3"),
        ("config.json", {"architectures": ["Gemma3ForCausalLM"], "model_type": "llama"}, "only Gemma 3"),
        ("config.json", {"architectures": None}, "only Gemma 3"),
        ("config.json", {"architectures": [{}]}, "only Gemma 3"),
        ("config.json", {"hidden_size": "big"}, "does not hold the sizes of the model"),
        ("config.json", {"num_hidden_layers": 0}, "does not hold the sizes of the model"),
        ("config.json", {"quantization_config": {"quant_method": "gptq"}}, "quantised beforehand"),
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": "evil.T"}}, "tokenizer_config.json has the key 'auto_map'"),
        ("preprocessor_config.json", {"auto_map": {}}, "preprocessor_config.json has the key 'auto_map'"),
        ("generation_config.json", {"custom_generate": "evil"}, "generation_config.json has the key 'custom_generate'"),
        ("tokenizer_config.json", {"chat_template": None}, "no chat template"),
        ("adapter_config.json", {"base_model_name_or_path": "evil/base"}, "an adapter that is put on other weights"),
    ],
)  # fmt: skip
def test_settings_that_are_hostile_or_of_another_model(tmp_path, file, changed, said):
    whole(tmp_path)
    before = json.loads((tmp_path / file).read_text()) if (tmp_path / file).exists() else {}
    write(tmp_path, file, {key: value for key, value in {**before, **changed}.items() if value is not None})
    assert said in refusal(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, "version https://git-lfs.github.com/spec/v1\n"])
@pytest.mark.parametrize("file", ["config.json", "model.safetensors.index.json", "tokenizer_config.json"])
def test_json_that_cannot_be_read_is_named(tmp_path, file, text):
    (whole(tmp_path) / file).write_text(text)
    assert f"- {file} " in refusal(tmp_path)


@pytest.mark.parametrize("file", ["config.json", "tokenizer.json", "tokenizer_config.json", "preprocessor_config.json"])
def test_each_file_that_is_missing_is_named(tmp_path, file):
    (whole(tmp_path, IMAGES) / file).unlink()
    assert f"- {file} is missing" in refusal(tmp_path)


def test_every_fault_is_listed_at_once_with_the_next_step(tmp_path):
    missing(whole(tmp_path, {**TEXT, "auto_map": {}, "hidden_size": 0}))
    (tmp_path / "tokenizer.json").unlink()
    lines = refusal(tmp_path).splitlines()
    assert [line[:2] for line in lines[1:-1]] == ["- "] * 4
    assert "hf download google/medgemma-4b-it" in lines[-1]


def test_a_text_model_cannot_be_an_image_reader(tmp_path):
    assert "cannot look at images" in refusal(whole(tmp_path), "image_reader")


def test_a_wrong_place_is_told_from_an_empty_and_a_missing_one(tmp_path):
    (tmp_path / "empty").mkdir()
    whole(tmp_path / "above" / "snapshot")
    assert "the folder is empty" in refusal(tmp_path / "empty")
    assert "is a file; name the folder" in refusal(tmp_path / "above" / "snapshot" / "config.json")
    assert "in its folder 'snapshot'; name that one" in refusal(tmp_path / "above")
    assert "There is no folder" in refusal(tmp_path / "nowhere")
    assert "A name on the hub has an owner" in refusal("medgemma-4b-it")


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    for name in ("HF_HUB_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    return tmp_path / "hub" / "models--google--medgemma-4b-it"


SHORT = parse_spec("medgemma-4b", "image_reader")


def test_weights_that_were_fetched_before_are_found_with_their_commit(cache):
    whole(cache / "snapshots" / COMMIT, IMAGES)
    found = find_weights(SHORT)
    assert (found.revision, found.name) == (COMMIT, f"google/medgemma-4b-it@{COMMIT}")


def test_of_several_commits_the_one_that_was_main_counts_or_the_one_asked_for(cache):
    other = COMMIT[::-1]
    for commit in (COMMIT, other):
        whole(cache / "snapshots" / commit, IMAGES)
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text(COMMIT)
    assert find_weights(SHORT).revision == COMMIT
    assert find_weights(SHORT, other).revision == other


def test_a_short_name_that_is_not_on_disk_is_not_fetched_but_explained(cache):
    with pytest.raises(ConfigurationError) as caught:
        find_weights(SHORT)
    assert "is not on this disk" in str(caught.value)
    assert "https://huggingface.co/google/medgemma-4b-it" in str(caught.value)
    assert "medgemma:google/medgemma-4b-it" in str(caught.value)


@pytest.mark.parametrize("revision", ["main", "v1", COMMIT[:7], COMMIT.upper()])
def test_a_revision_that_can_move_is_refused(cache, revision):
    with pytest.raises(ConfigurationError, match="40 hexadecimal digits"):
        find_weights(SHORT, revision)


def test_a_folder_comes_before_a_name_on_the_hub(cache, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    whole(tmp_path / "google" / "medgemma-4b-it", IMAGES)
    assert find_weights(SHORT).revision is None


def test_what_a_folder_is_called_does_not_matter(tmp_path):
    folder = whole(tmp_path / "weights of März (1)")
    assert find_weights(ModelSpec("medgemma", "interviewer", str(folder))).folder == folder
