import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.agent.models.machine import Gpu, Machine, this_machine
from symptom_intake.agent.models.sizing import CONTEXT, PUBLISHED, place, refuse_if_too_big, size_of

GB = 10**9
BIG, SMALL = size_of(PUBLISHED["google/medgemma-27b-text-it"]), size_of(PUBLISHED["google/medgemma-4b-it"])


@pytest.mark.parametrize(
    ("model", "vision", "embedding", "rest"),
    [("google/medgemma-27b-it", 417, 1416, 25_600), ("google/medgemma-4b-it", 417, 675, 3209)],
)
def test_parameters_agree_with_the_table_of_the_gemma_3_report(model, vision, embedding, rest):
    """Millions, from Table 1 of arXiv 2503.19786; the projector to the text model is not in it."""
    assert size_of(PUBLISHED[model]).parameters / 1e6 == pytest.approx(vision + embedding + rest, rel=0.003)


def test_fewer_bits_take_less_and_never_less_than_the_bits_themselves():
    kept = [BIG.weights("fp32"), BIG.weights("bf16"), BIG.weights("8bit"), BIG.weights("4bit")]
    assert kept == sorted(kept, reverse=True)
    assert BIG.weights("bf16") == 2 * BIG.parameters
    assert BIG.weights("8bit") > BIG.parameters
    assert BIG.weights("4bit") > BIG.parameters / 2


def test_the_cache_of_27b_by_hand():
    """10 of 62 layers see everything, 52 see 1,024 tokens; 16 heads of 128 numbers, keys and values, 2 bytes each."""
    assert BIG.cache(1000) == 62 * 1000 * 2 * 16 * 128 * 2
    assert BIG.cache(5000) == (10 * 5000 + 52 * 1024) * 2 * 16 * 128 * 2


@given(st.integers(0, 131_072), st.integers(0, 131_072))
def test_a_longer_context_never_takes_less(first, second):
    assert (SMALL.cache(first) <= SMALL.cache(second)) == (first <= second)


def test_layers_are_counted_as_the_config_lists_them():
    config = {**PUBLISHED["google/medgemma-27b-text-it"], "layer_types": ["sliding_attention", "full_attention"] * 31}
    assert size_of(config).local == 31
    assert size_of({**PUBLISHED["google/medgemma-27b-text-it"], "sliding_window_pattern": 2}).local == 31


@pytest.mark.parametrize(
    ("memory", "gpus", "expected"),
    [
        (200, (), "memory"),
        (20, (80,), "GPU"),
        (20, (40, 40), "GPU"),
        (50, (24,), "GPU and memory"),
        (32, (), None),
        (32, (24,), None),
    ],
)
def test_where_the_27b_model_has_room_in_bf16(memory, gpus, expected):
    machine = Machine(8, memory * GB, memory * GB, tuple(Gpu("a GPU", size * GB, size * GB) for size in gpus))
    assert place(BIG, "bf16", machine) == expected


@pytest.mark.parametrize(
    ("free", "said"),
    [(40, "8bit (32.5 GB) or 4bit (20.2 GB)"), (24, "quantization 4bit (20.2 GB)"), (8, "medgemma-4b")],
)
def test_what_does_not_fit_is_refused_with_what_would(free, said):
    with pytest.raises(ConfigurationError) as caught:
        refuse_if_too_big("google/medgemma-27b-text-it", BIG, "bf16", Machine(8, free * GB, free * GB))
    assert f"60.6 GB in bf16; {free}.0 GB of memory are free." in str(caught.value)
    assert said in str(caught.value)


def test_room_is_kept_for_the_cache_of_a_whole_conversation():
    assert SMALL.needed("bf16") > SMALL.weights("bf16") + SMALL.cache(CONTEXT)


def test_this_machine_has_something():
    machine = this_machine()
    assert machine.cpus >= 1
    assert 0 < machine.free <= machine.memory
