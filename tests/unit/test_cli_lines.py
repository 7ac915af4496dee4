"""JSON lines: every line that cannot be read is a sentence, never an exception, and never an echo."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symptom_intake.agent.commands.lines import MAX_LINE, Bad, Line, Words, read_lines, write_line


class Said(Line):
    text: Words
    images: list[Words] = []
    id: Words | None = None


def read(data: bytes) -> list[Said | Bad]:
    return list(read_lines(io.BytesIO(data), Said))


def test_a_good_line() -> None:
    assert read(b'{"text": "hello", "images": ["a.png"], "id": "m1"}\n{"text": ""}') == [
        Said(text="hello", images=["a.png"], id="m1"),
        Said(text=""),
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"   ",
        b"my secret",
        b'"my secret"',
        b"[]",
        b"null",
        b'{"txt": "my secret"}',
        b'{"text": "x", "my secret": 1}',
        b'{"text": 5}',
        b'{"text": null}',
        b'{"text": "x", "images": "my secret"}',
        b'{"text": "x", "id": 7}',
        b'{"text": "x"',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"text": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_bad_line_is_named_without_its_words_and_the_next_is_read(line: bytes) -> None:
    bad, good = read(line + b'\n{"text": "next"}\n')
    assert isinstance(bad, Bad) and bad.reason
    assert "secret" not in bad.reason
    assert good == Said(text="next")


def test_a_byte_order_mark_before_the_first_line_is_no_fault() -> None:
    assert read(b'\xef\xbb\xbf{"text": "hello"}\r\n') == [Said(text="hello")]


def test_a_line_that_is_too_long_is_passed_over() -> None:
    bad, good = read(b'{"text": "' + b"x" * MAX_LINE * 2 + b'"}\n{"text": "next"}\n')
    assert isinstance(bad, Bad) and str(MAX_LINE) in bad.reason
    assert good == Said(text="next")


def test_half_a_surrogate_pair_is_replaced_and_keeps_its_place() -> None:
    (said,) = read(b'{"text": "a\\ud83db"}')
    assert isinstance(said, Said) and said.text == "a\ufffdb"


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    answers = read(data)
    assert len(answers) == data.count(b"\n") + (not data.endswith(b"\n") and data != b"")
    assert all(isinstance(each, (Said, Bad)) for each in answers)


def test_a_line_out_is_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    write_line({"text": "38 °C – “ok”\n"})
    out = capsys.readouterr().out
    assert out.isascii() and out.count("\n") == 1
    assert json.loads(out) == {"text": "38 °C – “ok”\n"}
