"""DICOM files: the first frame comes out windowed and bare, without a word of the header."""

import io
import resource
import struct
import subprocess
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
    SecondaryCaptureImageStorage,
)

from symptom_intake.tools.errors import AttachmentError
from symptom_intake.tools.images import MAX_BYTES, CleanImage, clean_image

RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 255, 0)
UNDECODABLE = "cannot be decoded"


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def halves(size: tuple[int, int] = (80, 60)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    return image


def reopened(clean: CleanImage) -> Image.Image:
    image = Image.open(io.BytesIO(clean.png), formats=("PNG",))
    image.load()
    return image


def close(seen: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 40 for one, other in zip(seen, wanted, strict=True))


def dicom(pixels: bytes, syntax: str = ExplicitVRLittleEndian, **elements: object) -> bytes:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    dataset.PatientName, dataset.PatientID = "Canary^Patricia", "CANARY-4711"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = 40, 60, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    for name, value in elements.items():
        setattr(dataset, name, value)
    dataset.PixelData = pixels
    out = io.BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def sixteen_bits(signed: bool = False) -> dict[str, object]:
    return {"BitsAllocated": 16, "BitsStored": 16, "HighBit": 15, "PixelRepresentation": int(signed)}


def test_dicom_comes_out_without_its_header_and_with_a_warning() -> None:
    clean = clean_image(dicom(bytes(range(60)) * 40, Rows=40, Columns=60))
    assert (clean.kind, clean.width, clean.height) == ("dicom", 60, 40)
    assert clean.note is not None and "burned into the picture" in clean.note
    assert b"CANARY" not in clean.png and b"Canary" not in clean.png
    image = reopened(clean)
    assert image.getpixel((0, 0)) == (0, 0, 0) and image.getpixel((59, 0)) == (255, 255, 255)


def test_the_preamble_of_a_dicom_file_is_not_carried_over() -> None:
    data = b"MZ" + b"CANARY" * 21 + dicom(b"\x10\x20" * 1200)[128:]
    assert data[128:132] == b"DICM"
    assert b"CANARY" not in clean_image(data).png


@pytest.mark.parametrize("signed", [False, True])
def test_a_window_sets_black_and_white(signed: bool) -> None:
    low, high = (-1000, 3000) if signed else (0, 4000)
    pixels = struct.pack("<3h" if signed else "<3H", low, (low + high) // 2, high) * 800
    window = {"WindowCenter": 1000, "WindowWidth": 1000, "RescaleSlope": 1, "RescaleIntercept": 0 if signed else -1000}
    image = reopened(clean_image(dicom(pixels, Rows=40, Columns=60, **sixteen_bits(signed), **window)))
    assert [image.getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (127, 127, 127), (255, 255, 255)]


def test_monochrome1_is_turned_round() -> None:
    pixels = (b"\x00" * 30 + b"\xff" * 30) * 40
    image = reopened(clean_image(dicom(pixels, PhotometricInterpretation="MONOCHROME1")))
    assert image.getpixel((0, 0)) == (255, 255, 255) and image.getpixel((59, 0)) == (0, 0, 0)


@pytest.mark.parametrize("planar", [0, 1])
def test_colour_dicom_keeps_its_colours(planar: int) -> None:
    pixels = b"\xff\x00\x00" * 2400 if planar == 0 else b"\xff" * 2400 + b"\x00" * 4800
    data = dicom(pixels, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=planar)
    assert reopened(clean_image(data)).getpixel((30, 20)) == RED


def test_packed_dicom_is_decoded() -> None:
    jpeg = encoded(halves((60, 40)), "JPEG", quality=95, subsampling=0)
    colour = {"SamplesPerPixel": 3, "PhotometricInterpretation": "YBR_FULL", "PlanarConfiguration": 0}
    image = reopened(clean_image(dicom(encapsulate([jpeg]), JPEGBaseline8Bit, **colour)))
    assert close(image.getpixel((5, 20)), RED) and close(image.getpixel((55, 20)), BLUE)
    header = struct.pack("<16I", 1, 64, *[0] * 14)
    rows = (bytes([0x100 - 29, 0x00]) + bytes([0x100 - 29, 0xFF])) * 40
    image = reopened(clean_image(dicom(encapsulate([header + rows]), RLELossless)))
    assert image.getpixel((5, 20)) == (0, 0, 0) and image.getpixel((55, 20)) == (255, 255, 255)


def test_only_the_first_frame_of_a_dicom_file_is_kept() -> None:
    clean = clean_image(dicom(b"\x00\xff" * 1200 + b"\x80" * 2400, NumberOfFrames=2))
    assert clean.note is not None and "first of 2 frames" in clean.note
    assert reopened(clean).getpixel((1, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (dicom(b"\x00" * 2400)[:400], UNDECODABLE),
        (dicom(b"\x00" * 100), UNDECODABLE),
        (b"\x00" * 128 + b"DICM" + b"\xff" * 300, UNDECODABLE),
        (dicom(b"\x00" * 2400, Rows=60000, Columns=60000), "too large"),
        (dicom(b"\x00" * 100, Rows=10, Columns=10), "too small"),
        (dicom(b"\x00" * 2400, PhotometricInterpretation="PALETTE COLOR"), UNDECODABLE),
        (dicom(encapsulate([encoded(Image.new("L", (9000, 9000)), "JPEG")]), JPEGBaseline8Bit), UNDECODABLE),
    ],
)
def test_unusable_dicom_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(AttachmentError, match=said):
        clean_image(data)


def test_a_deflated_bomb_runs_into_the_memory_limit() -> None:
    plain = dicom(b"\x00" * 2400, DeflatedExplicitVRLittleEndian)
    start = 144 + int.from_bytes(plain[140:144], "little")
    packer = zlib.compressobj(9, wbits=-15)
    ten_megabytes = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = plain[:start] + ten_megabytes * 300 + packer.flush()
    assert len(bomb) < MAX_BYTES
    with pytest.raises(AttachmentError, match=UNDECODABLE):
        clean_image(bomb)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < 1_100_000_000


def test_dicom_needs_no_numpy() -> None:
    code = (
        "import sys; sys.modules['numpy'] = None; from symptom_intake.tools.image_worker import clean;"
        "print(clean(sys.stdin.buffer.read())[0]['width'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=dicom(b"\x00\xff" * 1200), capture_output=True, check=True
    )
    assert done.stdout.strip() == b"60"


@settings(max_examples=20, deadline=None)
@given(edits=st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6))
def test_a_mangled_file_is_cleaned_or_refused_never_anything_else(edits: list[tuple[int, bytes]]) -> None:
    data = bytearray(dicom(b"\x00\x40\x80" * 800))
    for place, what in edits:
        place %= len(data)
        data[place : place + len(what)] = what
    try:
        clean = clean_image(bytes(data))
    except AttachmentError as refusal:
        assert str(refusal).endswith(".") and refusal.__cause__ is None
    else:
        assert reopened(clean).size == (clean.width, clean.height)
