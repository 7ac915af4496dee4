"""Whether there is anything in a picture, and the square that a model is given."""

import io
from collections.abc import Callable
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from symptom_intake.tools.images import clean_image
from symptom_intake.tools.pictures import SIDE, shows_nothing, squared

SKIN, DARK, BONE = (224, 180, 150), (14, 11, 9), (35, 35, 35)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), Random(width * height).randbytes(width * height * 3))


def faint_noise(width: int, height: int, spread: int) -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise((width, height), spread) for _ in range(3)])


def slope(width: int, height: int) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def scene(width: int, height: int, base: tuple[int, int, int], spots: int) -> Image.Image:
    """Soft spots of other shades, as skin, a dark room or a scan has them."""
    random, image = Random(spots), Image.new("RGB", (width, height), base)
    draw = ImageDraw.Draw(image)
    for _ in range(spots):
        x, y, reach = random.randrange(width), random.randrange(height), random.randrange(5, max(6, width // 6))
        shade = tuple(max(0, min(255, each + random.randrange(-30, 30))) for each in base)
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=shade)
    return image.filter(ImageFilter.GaussianBlur(3))


def patch(fainter: int) -> Image.Image:
    """A reddish patch with soft edges on even skin."""
    image = Image.new("RGB", (896, 896), SKIN)
    ImageDraw.Draw(image).ellipse((390, 390, 510, 510), fill=(SKIN[0] + 5, SKIN[1] - fainter, SKIN[2] - fainter))
    return image.filter(ImageFilter.GaussianBlur(10))


def page(width: int, height: int, text: str) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).text((20, 20), text, fill="black")
    return image


EMPTY = {
    "white": lambda: Image.new("RGB", (896, 896), "white"),
    "black": lambda: Image.new("RGB", (300, 200)),
    "small grey": lambda: Image.new("RGB", (32, 32), "grey"),
    "noise": lambda: noise(896, 672),
    "small noise": lambda: noise(64, 64),
    "smallest noise": lambda: noise(32, 32),
    "long noise": lambda: noise(896, 40),
    "grey noise": lambda: noise(500, 400).convert("L").convert("RGB"),
    "Gaussian noise": lambda: faint_noise(700, 500, 60),
    "lens cap": lambda: faint_noise(896, 600, 4),
    "slope": lambda: slope(896, 896),
    "slope and noise": lambda: Image.blend(slope(896, 700), noise(896, 700), 0.1),
}
FULL = {
    "skin": lambda: scene(896, 600, SKIN, 30),
    "little skin": lambda: scene(200, 200, SKIN, 10),
    "dark room": lambda: scene(896, 600, DARK, 20),
    "scan": lambda: scene(700, 896, BONE, 40),
    "wide": lambda: scene(896, 40, SKIN, 12),
    "tall": lambda: scene(40, 896, SKIN, 12),
    "red patch": lambda: patch(20),
    "faint patch": lambda: patch(12),
    "patch in poor light": lambda: Image.blend(patch(25), noise(896, 896), 0.1),
    "very noisy photo": lambda: Image.blend(scene(896, 600, SKIN, 30), noise(896, 600), 0.4),
    "label": lambda: page(896, 896, "Metformin 500 mg"),
    "one word": lambda: page(896, 896, "no"),
    "little note": lambda: page(300, 200, "ab"),
    "letter": lambda: page(669, 896, "\n".join(["the quick brown fox jumps over the lazy dog " * 2] * 50)),
    "fractal": lambda: Image.effect_mandelbrot((600, 600), (-2, -1.5, 1, 1.5), 100).convert("RGB"),
}


@pytest.mark.parametrize("make", EMPTY.values(), ids=EMPTY)
def test_one_colour_or_noise_is_nothing_to_look_at(make: Callable[[], Image.Image]) -> None:
    assert shows_nothing(png(make()))


@pytest.mark.parametrize("make", FULL.values(), ids=FULL)
def test_a_picture_of_something_is_never_taken_for_nothing(make: Callable[[], Image.Image]) -> None:
    assert not shows_nothing(png(make()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("width", [640, 1200])
def test_noise_is_noise_still_after_it_was_compressed_and_cleaned(kind: str, width: int) -> None:
    file = io.BytesIO()
    noise(width, width * 3 // 4).save(file, kind)
    assert shows_nothing(clean_image(file.getvalue()).png)


@pytest.mark.parametrize(
    "make", [EMPTY["long noise"], EMPTY["slope"], FULL["wide"], FULL["label"], FULL["faint patch"]]
)
def test_it_is_the_same_however_the_picture_is_held(make: Callable[[], Image.Image]) -> None:
    turned = make().transpose(Image.Transpose.ROTATE_90)
    assert shows_nothing(png(turned)) == shows_nothing(png(make()))


@pytest.mark.parametrize("size", [(896, 600), (600, 896), (32, 32), (896, 32)])
def test_the_square_is_896_wide_and_black_where_the_picture_is_not(size: tuple[int, int]) -> None:
    square = Image.open(io.BytesIO(squared(png(Image.new("RGB", size, "white")))))
    assert (square.size, square.mode, square.format) == ((SIDE, SIDE), "RGB", "PNG")
    box = square.convert("L").point(lambda value: 255 * (value > 127)).getbbox()
    assert box is not None
    width, height = box[2] - box[0], box[3] - box[1]
    assert max(width, height) == SIDE
    assert abs(width * size[1] - height * size[0]) <= SIDE
    assert abs(box[0] + box[2] - SIDE) <= 1 and abs(box[1] + box[3] - SIDE) <= 1
