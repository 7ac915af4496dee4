"""Weights of real (tiny, random) Gemma 3 models, found, checked, sized, loaded and asked."""

import base64
import io
import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage
from PIL import Image

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.build import build_model
from symptom_intake.agent.models.sizing import size_of
from symptom_intake.agent.models.spec import parse_spec


def picture() -> dict[str, str]:
    buffer = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(buffer, "PNG")
    return {"type": "image", "base64": base64.b64encode(buffer.getvalue()).decode(), "mime_type": "image/png"}


def test_a_text_model_loads_in_bf16_and_answers(tiny_text_folder):
    import torch

    model = build_model(parse_spec(f"medgemma:{tiny_text_folder}", "interviewer"))
    assert {each.dtype for each in model.model.parameters()} == {torch.bfloat16}
    assert not model.model.training
    assert model.invoke([HumanMessage("My knee hurts.")], max_tokens=4).usage_metadata["output_tokens"] == 4


def test_a_model_of_images_loads_in_fp32_and_looks(tiny_image_folder):
    import torch

    model = build_model(parse_spec(f"medgemma:{tiny_image_folder}", "image_reader"), dtype="fp32")
    assert {each.dtype for each in model.model.parameters()} == {torch.float32}
    with_image = HumanMessage(content=[{"type": "text", "text": "What is this?"}, picture()])
    seen, unseen = (
        model.invoke([each], max_tokens=4).usage_metadata for each in (with_image, HumanMessage("What is this?"))
    )
    assert seen["input_tokens"] > unseen["input_tokens"]


@pytest.mark.parametrize("kind", ["text", "image"])
def test_the_computed_size_is_the_real_one(kind, request):
    folder = request.getfixturevalue(f"tiny_{kind}_folder")
    model, _ = request.getfixturevalue(f"tiny_{kind}")
    size = size_of(json.loads((folder / "config.json").read_text()))
    assert size.parameters == sum(each.numel() for each in model.parameters())
    assert size.weights("fp32") == sum(each.numel() * each.element_size() for each in model.parameters())


OFFLINE = """
import socket, sys

def refuse(*args, **kwargs):
    raise SystemExit("a network call was made")

socket.socket.connect = socket.getaddrinfo = refuse
from symptom_intake.agent.models.build import build_model
from symptom_intake.agent.models.spec import parse_spec
model = build_model(parse_spec("medgemma:" + sys.argv[1], "interviewer"))
print(len(model.invoke("My knee hurts.", max_tokens=4).text) >= 0)
"""


@pytest.mark.parametrize("kind", ["text", "image"])
def test_loading_and_answering_make_no_network_call_and_say_nothing(kind, request):
    folder = request.getfixturevalue(f"tiny_{kind}_folder")
    done = subprocess.run([sys.executable, "-c", OFFLINE, folder], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr, done.returncode) == ("True\n", "", 0)


@pytest.fixture
def copied(tiny_text_folder, tmp_path) -> Path:
    return Path(shutil.copytree(tiny_text_folder, tmp_path / "weights"))


def test_weights_that_are_not_in_the_files_are_not_made_up(copied):
    from safetensors.torch import load_file, save_file

    tensors = load_file(copied / "model.safetensors")
    del tensors["model.norm.weight"]
    save_file(tensors, copied / "model.safetensors", {"format": "pt"})
    with pytest.raises(ConfigurationError, match=r"1 of the weights .* random numbers"):
        build_model(parse_spec(f"medgemma:{copied}", "interviewer"))


def test_weights_of_another_shape_than_the_config_says_are_refused(copied):
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps({**config, "intermediate_size": 64}))
    with pytest.raises(ConfigurationError, match="do not fit together"):
        build_model(parse_spec(f"medgemma:{copied}", "interviewer"))


def test_a_model_that_is_too_large_is_refused_before_it_loads(copied):
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 10**9, "layer_types": None}))
    with pytest.raises(ConfigurationError, match="GB of memory are free"):
        build_model(parse_spec(f"medgemma:{copied}", "interviewer"))


@pytest.mark.skipif(find_spec("bitsandbytes") is not None, reason="bitsandbytes is installed")
def test_quantization_without_its_package_names_it(tiny_text_folder):
    with pytest.raises(ConfigurationError, match="pip install bitsandbytes"):
        build_model(parse_spec(f"medgemma:{tiny_text_folder}", "interviewer"), quantization="4bit")


def test_a_text_model_is_refused_as_an_image_reader(tiny_text_folder):
    with pytest.raises(ConfigurationError, match="cannot look at images"):
        build_model(parse_spec(f"medgemma:{tiny_text_folder}", "image_reader"))
