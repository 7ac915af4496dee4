"""The first frame of a DICOM file as an 8-bit picture. Only the worker imports this; no header value leaves it."""

import io
from typing import Any

from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.multival import MultiValue
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit, RLELossless

_SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless, JPEGBaseline8Bit)
"""How pixels may be packed; the decoders of the others are too many, too rare and too large a surface."""


class TooManyPixels(Exception):
    """The picture has too many pixels."""


def first_frame(data: bytes, max_pixels: int) -> tuple[Image.Image, int]:
    """Decode the first frame, windowed to grey or in colour, and say how many there are.

    Raises:
        TooManyPixels: If a frame has more pixels than allowed.
        ValueError: If it is packed in a way that is not taken.
    """
    header = dcmread(io.BytesIO(data))
    rows, columns = int(header.Rows), int(header.Columns)
    if rows * columns > max_pixels:
        raise TooManyPixels
    syntax = header.file_meta.TransferSyntaxUID
    if syntax not in _SYNTAXES:
        raise ValueError("packing")
    pixels, about = get_decoder(syntax).as_buffer(header, index=0)
    size = (columns, rows)
    image = _grey(header, bytes(pixels), size) if header.SamplesPerPixel == 1 else _colour(about, bytes(pixels), size)
    return image, int(header.get("NumberOfFrames") or 1)


def _colour(about: dict[str, Any], pixels: bytes, size: tuple[int, int]) -> Image.Image:
    mode = {"RGB": "RGB", "YBR_FULL": "YCbCr", "YBR_FULL_422": "YCbCr"}[str(about["photometric_interpretation"])]
    if about.get("planar_configuration", 0) == 0:
        return Image.frombytes(mode, size, pixels)
    plane = size[0] * size[1]
    bands = [Image.frombytes("L", size, pixels[start : start + plane]) for start in (0, plane, 2 * plane)]
    return Image.merge(mode, bands)


def _grey(header: Dataset, pixels: bytes, size: tuple[int, int]) -> Image.Image:
    if header.PhotometricInterpretation not in ("MONOCHROME1", "MONOCHROME2"):
        raise ValueError("colour model")
    raw = {(8, 0): "L", (16, 0): "I;16", (16, 1): "I;16S"}[header.BitsAllocated, header.PixelRepresentation]
    values = Image.frombytes("L" if raw == "L" else "I", size, pixels, "raw", raw).convert("F")
    low, high = _window(header, values)
    scale = 255 / max(high - low, 1e-6)
    grey = values.point(lambda value: value * scale - low * scale).convert("L")
    return grey.point(lambda value: 255 - value) if header.PhotometricInterpretation == "MONOCHROME1" else grey


def _window(header: Dataset, values: Image.Image) -> tuple[float, float]:
    """The stored values that become black and white: the file's window, else the darkest and the brightest pixel."""
    center, width = (_first(header.get(name)) for name in ("WindowCenter", "WindowWidth"))
    if center is None or width is None or width < 1:
        low, high = values.getextrema()
        return float(low), float(high)  # type: ignore[arg-type]
    slope, intercept = float(header.get("RescaleSlope") or 1), float(header.get("RescaleIntercept") or 0)
    middle = (center - intercept) / slope
    return middle - width / slope / 2, middle + width / slope / 2


def _first(value: Any) -> float | None:
    if isinstance(value, MultiValue):
        value = value[0] if len(value) else None
    return None if value is None else float(value)
