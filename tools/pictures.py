"""What code does with a stored picture before a model sees it: is anything in it, and the square that it is put in."""

import io

from PIL import Image, ImageChops, ImageOps, ImageStat

SIDE = 896
"""Pixels of the square that MedGemma takes; what the picture does not fill is black, as when the model was trained."""
_GRID = 64
"""Cells on a side, on which the large shapes of a picture are looked at."""
_LEAST_RANGE = 7
"""Levels of 255 by which the shapes of a picture stand out at least."""
_LEAST_LIKENESS = 0.2
"""Of neighbours; chance gives about 0, photographs, scans and writing 0.3 and more."""


def squared(png: bytes) -> bytes:
    """The picture in the middle of a square of 896 by 896 pixels, eight bits of red, green and blue."""
    out = io.BytesIO()
    ImageOps.pad(_opened(png), (SIDE, SIDE), Image.Resampling.BICUBIC, color="black").save(out, "PNG", compress_level=1)
    return out.getvalue()


def shows_nothing(png: bytes) -> bool:
    """Whether a picture is of one colour, an even change of light, or pure noise, so that nothing can be seen in it."""
    return all(_is_empty(band) for band in _opened(png).split())


def _opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=("PNG",)).convert("RGB")


def _is_empty(band: Image.Image) -> bool:
    small = band.resize((min(band.width, _GRID), min(band.height, _GRID)), Image.Resampling.BOX)
    half = band.reduce(2)  # what is left of noise that a camera or a JPEG has smoothed is noise again
    shapes = _without_slope(small)
    return max(shapes) - min(shapes) < _LEAST_RANGE or max(_likeness(half), _likeness(small)) < _LEAST_LIKENESS


def _without_slope(band: Image.Image) -> list[float]:
    """Its pixels without the light that grows evenly from one side to the other."""
    (width, height), pixels = band.size, band.tobytes()
    left, right = band.resize((2, 1), Image.Resampling.BOX).tobytes()
    top, bottom = band.resize((1, 2), Image.Resampling.BOX).tobytes()
    across, down = 2 * (right - left) / width, 2 * (bottom - top) / height
    return [each - place % width * across - place // width * down for place, each in enumerate(pixels)]


def _likeness(band: Image.Image) -> float:
    """How much liker pixels are to the next than to the one after it, in whichever direction that is more.

    Even a steep slope of light does not hide noise: there the next is as unlike as the one after it.
    """
    steps = [(_unlikeness(band, *one), _unlikeness(band, 2 * one[0], 2 * one[1])) for one in ((1, 0), (0, 1))]
    return max(1 - near / far if far else 0.0 for near, far in steps)


def _unlikeness(band: Image.Image, right: int, down: int) -> float:
    """The mean square of the difference between pixels so far apart."""
    width, height = band.size
    here, there = band.crop((0, 0, width - right, height - down)), band.crop((right, down, width, height))
    step = ImageStat.Stat(ImageChops.difference(here, there))
    return step.sum2[0] / step.count[0]
