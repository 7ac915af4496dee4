"""Cleaning attachments: hostile files are refused in plain words, good ones come out small, upright and bare."""

import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from symptom_intake.tools import images
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


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of_claimed_size(width: int, height: int, pixels: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "named"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp")])
def test_each_kind_comes_out_as_the_same_picture(kind: str, named: str) -> None:
    clean = clean_image(encoded(halves(), kind))
    assert (clean.kind, clean.width, clean.height, clean.note) == (named, 80, 60, None)
    assert clean.sha256 == hashlib.sha256(clean.png).hexdigest()
    image = reopened(clean)
    assert image.mode == "RGB" and image.size == (80, 60)
    assert close(image.getpixel((5, 30)), RED) and close(image.getpixel((75, 30)), BLUE)


def test_a_file_is_read_like_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "arm.any"
    file.write_bytes(encoded(halves(), "PNG"))
    assert clean_image(file) == clean_image(file.read_bytes())


def test_a_large_picture_is_made_smaller_in_proportion() -> None:
    clean = clean_image(encoded(Image.new("RGB", (2000, 1000)), "PNG"))
    assert (clean.width, clean.height) == (896, 448) == reopened(clean).size


def test_a_picture_of_the_greatest_size_is_taken() -> None:
    assert clean_image(encoded(Image.new("RGBA", (5000, 5000)), "PNG")).width == 896


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_as_its_exif_says(orientation: int) -> None:
    picture = halves()
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = picture.transpose(undo[orientation]) if orientation in undo else picture
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image = reopened(clean_image(encoded(stored, "JPEG", exif=exif, quality=95)))
    assert image.size == (80, 60)
    assert close(image.getpixel((5, 30)), RED) and close(image.getpixel((75, 30)), BLUE)


def test_no_metadata_comes_out() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "CANARY-ARTIST"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = "CANARY-GPS"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber] = "CANARY-SERIAL"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "CANARY-COMMENT")
    texts.add_itxt("XML:com.adobe.xmp", "<x>CANARY-XMP</x>")
    jpeg = encoded(
        halves(), "JPEG", exif=exif, icc_profile=profile, comment="CANARY-COMMENT", xmp=b"CANARY-XMP", dpi=(300, 300)
    )
    png = encoded(halves(), "PNG", exif=exif, icc_profile=profile, pnginfo=texts, dpi=(300, 300))
    webp = encoded(halves(), "WEBP", exif=exif, icc_profile=profile, xmp=b"CANARY-XMP")
    for data in (jpeg, png, webp):
        assert b"CANARY" in data
        clean = clean_image(data)
        assert b"CANARY" not in clean.png and reopened(clean).info == {}
        assert {clean.png[place : place + 4] for place in chunk_names(clean.png)} == {b"IHDR", b"IDAT", b"IEND"}


def chunk_names(png: bytes) -> list[int]:
    places, place = [], 8
    while place < len(png):
        places.append(place + 4)
        place += 12 + int.from_bytes(png[place : place + 4], "big")
    return places


@pytest.mark.parametrize("tail", [b"PK\x03\x04CANARY", b"<script>CANARY</script>", b"%PDF-1.7 CANARY", b"MZCANARY"])
def test_what_hangs_behind_a_picture_is_gone(tail: bytes) -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        assert b"CANARY" not in clean_image(encoded(halves(), kind) + tail).png


def test_cmyk_and_palettes_keep_their_colours() -> None:
    for data in (
        encoded(halves().convert("CMYK"), "JPEG", quality=95),
        encoded(halves().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
    ):
        image = reopened(clean_image(data))
        assert close(image.getpixel((5, 30)), RED) and close(image.getpixel((75, 30)), BLUE)


def test_what_is_see_through_lies_on_white() -> None:
    layered = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    layered.paste((0, 255, 0, 255), (0, 0, 32, 64))
    image = reopened(clean_image(encoded(layered, "PNG")))
    assert image.getpixel((60, 30)) == (255, 255, 255) and image.getpixel((5, 30)) == GREEN


def test_sixteen_bits_of_grey_are_scaled_not_clipped() -> None:
    deep = Image.frombytes("I;16", (64, 64), (b"\x00\x40" * 32 + b"\x00\xc0" * 32) * 64)
    image = reopened(clean_image(encoded(deep, "PNG")))
    assert image.getpixel((5, 5)) == (64, 64, 64) and image.getpixel((60, 5)) == (192, 192, 192)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "MPO"])
def test_only_the_first_of_several_frames_is_kept(kind: str) -> None:
    first, second = Image.new("RGB", (64, 64), RED), Image.new("RGB", (64, 64), BLUE)
    clean = clean_image(encoded(first, kind, save_all=True, append_images=[second], quality=95))
    assert clean.kind == {"PNG": "png", "WEBP": "webp", "MPO": "jpeg"}[kind]
    assert close(reopened(clean).getpixel((30, 30)), RED)
    assert clean.note is not None and "first" in clean.note


def test_a_bomb_in_a_later_frame_is_never_opened() -> None:
    first, bomb = Image.new("RGB", (64, 64), RED), Image.new("L", (9000, 9000))
    clean = clean_image(encoded(first, "MPO", save_all=True, append_images=[bomb]))
    assert (clean.width, clean.height) == (64, 64)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"my arm hurts\n" * 20, "not a JPEG"),
        (b"\x00" * 500, "not a JPEG"),
        (encoded(halves(), "GIF"), "not a JPEG"),
        (encoded(halves(), "TIFF"), "not a JPEG"),
        (encoded(halves(), "BMP"), "not a JPEG"),
        (b"%PDF-1.7\n" + encoded(halves(), "JPEG"), "not a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a JPEG"),
        (encoded(Image.new("RGB", (1, 1)), "PNG"), "too small"),
        (encoded(Image.new("RGB", (31, 400)), "PNG"), "too small"),
        (encoded(Image.new("L", (1, 60000)), "PNG"), "too small"),
        (encoded(Image.new("L", (40, 60000)), "PNG"), "too small"),
        (encoded(Image.new("L", (5001, 5001)), "PNG"), "too large"),
        (encoded(Image.new("L", (12000, 12000)), "PNG"), "too large"),
        (png_of_claimed_size(2**31 - 1, 2**31 - 1), "too large"),
        (png_of_claimed_size(60000, 60000, b"\x00" * 1000), "too large"),
        (png_of_claimed_size(4000, 4000, b"\x00" * 1000), UNDECODABLE),
        (encoded(halves(), "PNG")[:-60], UNDECODABLE),
        (encoded(halves((800, 600)), "JPEG")[:2000], UNDECODABLE),
        (encoded(halves(), "WEBP")[:60], UNDECODABLE),
    ],
)
def test_unusable_files_are_refused_in_plain_words(data: bytes, said: str) -> None:
    with pytest.raises(AttachmentError, match=said) as refusal:
        clean_image(data)
    assert refusal.value.__cause__ is None


def test_too_many_bytes_are_refused_without_reading_on(tmp_path: Path) -> None:
    file = tmp_path / "endless.png"
    with file.open("wb") as sparse:
        sparse.truncate(MAX_BYTES * 1000)
    with pytest.raises(AttachmentError, match="too large"):
        clean_image(file)


def test_text_renamed_to_png_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.png"
    file.write_text("my arm hurts", encoding="utf-8")
    with pytest.raises(AttachmentError, match="not a JPEG"):
        clean_image(file)


def test_paths_that_are_no_files_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    for path, said in (
        (tmp_path / "missing.png", "no such file"),
        (tmp_path, "folder"),
        (pipe, "not an ordinary file"),
        (Path("/dev/zero"), "not an ordinary file"),
        (tmp_path / ("n" * 5000), "cannot be read"),
        (Path("a\0b"), "no such file"),
        (Path("a\ud83db.png"), "no such file"),
    ):
        with pytest.raises(AttachmentError, match=said) as refusal:
            clean_image(path)
        assert path.name[:20] not in str(refusal.value)


def test_a_worker_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "TIMEOUT_SECONDS", 0.001)
    with pytest.raises(AttachmentError, match=UNDECODABLE):
        clean_image(encoded(halves(), "PNG"))


def test_the_worker_ignores_modules_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "PIL.py").write_text("raise SystemExit(1)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert clean_image(encoded(halves(), "PNG")).kind == "png"


def test_the_worker_limits_itself() -> None:
    code = (
        "import resource, json; from symptom_intake.tools.image_worker import _limit_resources; _limit_resources();"
        "print(json.dumps([resource.getrlimit(each)[1] for each in "
        "(resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == [1_000_000_000, 0, 0]


def test_the_caller_loads_no_decoder() -> None:
    code = "import sys, symptom_intake.tools.images; print({'PIL', 'pydicom', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "set()"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    edits=st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6),
    cut=st.none() | st.integers(0, 3000),
)
def test_a_mangled_file_is_cleaned_or_refused_never_anything_else(
    kind: str, edits: list[tuple[int, bytes]], cut: int | None
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    data = bytearray(encoded(halves(), kind, exif=exif))
    for place, what in edits:
        place %= len(data)
        data[place : place + len(what)] = what
    try:
        clean = clean_image(bytes(data[:cut]))
    except AttachmentError as refusal:
        assert str(refusal).endswith(".") and refusal.__cause__ is None
    else:
        assert reopened(clean).size == (clean.width, clean.height)
        assert min(clean.width, clean.height) >= 32 and max(clean.width, clean.height) <= 896
