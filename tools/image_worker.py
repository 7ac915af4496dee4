"""The process that decodes one picture: bytes on standard input; a line about it and a PNG on standard output.

It runs as `python -m symptom_intake.tools.image_worker` and is the only place that touches a decoder. A refusal is one
of a few fixed words; any other fault ends the process, and its caller says only that the picture cannot be decoded.
"""

import io
import json
import sys
import warnings
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL import WebPImagePlugin as WebPImagePlugin  # else Pillow loads every decoder that it has to find this one

MAX_PIXELS = 25_000_000
MIN_SIDE = 32
LONG_SIDE = 896
MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 15

_DICOM_MARK = slice(128, 132)
_KINDS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp"}


class Refused(Exception):
    """The picture is not taken; the argument is the fixed word for why."""


def main() -> None:
    """Clean the picture on standard input."""
    _limit_resources()
    _forbid_bombs()
    try:
        about, png = clean(sys.stdin.buffer.read())
    except Refused as refusal:
        about, png = {"refused": str(refusal)}, b""
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + png)


def clean(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Decode a picture and encode it anew.

    Raises:
        Refused: If it is of another kind, too large or too small.
    """
    image, kind, note = _open_dicom(data) if data[_DICOM_MARK] == b"DICM" else _open_picture(data)
    upright = ImageOps.exif_transpose(_to_rgb(image))
    upright.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    _check_size(upright)
    bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    out = io.BytesIO()
    bare.save(out, "PNG")
    return {"kind": kind, "width": bare.width, "height": bare.height, "note": note}, out.getvalue()


def _open_picture(data: bytes) -> tuple[Image.Image, str, str | None]:
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    except UnidentifiedImageError:
        raise Refused("not_an_image") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("too_large") from None
    _check_size(image)
    # Later frames are never sought: the check against bombs covers the first one only.
    several = getattr(image, "n_frames", 1) > 1
    return (
        image,
        _KINDS[str(image.format)],
        "Only the first of several pictures in the file was kept." if several else None,
    )


def _open_dicom(data: bytes) -> tuple[Image.Image, str, str]:
    from symptom_intake.tools.dicom import TooManyPixels, first_frame  # pydicom is loaded for a DICOM file only

    try:
        image, frames = first_frame(data, MAX_PIXELS)
    except TooManyPixels:
        raise Refused("too_large") from None
    _check_size(image)
    note = "Text, such as a name, may be burned into the picture."
    return image, "dicom", f"{note} Only the first of {frames} frames was kept." if frames > 1 else note


def _check_size(image: Image.Image) -> None:
    if min(image.size) < MIN_SIDE:
        raise Refused("too_small")


def _to_rgb(image: Image.Image) -> Image.Image:
    """Eight bits a channel; what is see-through lies on white."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    picture = image.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    flat = Image.alpha_composite(white, picture).convert("RGB")
    flat.info = picture.info
    return flat


def _forbid_bombs() -> None:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def _limit_resources() -> None:
    """Little memory and time, no file to write, no core dump; Windows has no such limits, only the caller's clock."""
    if sys.platform == "win32":
        return
    import resource

    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
