"""Cleaning an attachment: whatever comes in, a small plain PNG without any metadata goes out, or a plain refusal."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from symptom_intake.tools.errors import AttachmentError

MAX_BYTES = 15_000_000
TIMEOUT_SECONDS = 20.0

ImageKind = Literal["jpeg", "png", "webp", "dicom"]

_REFUSALS = {
    "not_an_image": "The file is not a JPEG, PNG, WEBP or DICOM picture.",
    "too_large": "The picture is too large: at most 25 megapixels and 15 megabytes.",
    "too_small": "The picture is too small or too narrow to be looked at.",
}
_UNDECODABLE = "The picture cannot be decoded: it is damaged, or of a rare kind."


@dataclass(frozen=True)
class CleanImage:
    """A picture that is safe to keep and to show.

    Attributes:
        png: Its bytes: RGB, at most 896 pixels on the long side, no metadata.
        sha256: Of those bytes.
        kind: What it was before.
        width: In pixels, after cleaning. `height`: likewise.
        note: What a reader must know, for example that text may be burned into the picture.
    """

    png: bytes
    sha256: str
    kind: ImageKind
    width: int
    height: int
    note: str | None = None


def clean_image(source: Path | bytes) -> CleanImage:
    """Decode a picture in a process of its own, with little memory and time, and encode it anew.

    Args:
        source: A file, or the bytes of one.

    Raises:
        AttachmentError: If it cannot be used; the message says why in plain words.
    """
    data = source if isinstance(source, bytes) else _read(source)
    if not data:
        raise AttachmentError("The file is empty.")
    if len(data) > MAX_BYTES:
        raise AttachmentError(_REFUSALS["too_large"])
    header, _, png = _decode(data).partition(b"\n")
    try:
        about = json.loads(header)
    except ValueError:
        raise AttachmentError(_UNDECODABLE) from None
    if "refused" in about:
        raise AttachmentError(_REFUSALS[about["refused"]])
    return CleanImage(png=png, sha256=hashlib.sha256(png).hexdigest(), **about)


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise AttachmentError("This is a folder; a picture is a file.")
        if not path.exists():
            raise AttachmentError("There is no such file.")
        if not path.is_file():
            raise AttachmentError("This is not an ordinary file.")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        raise AttachmentError("The file cannot be read.") from None


def _decode(data: bytes) -> bytes:
    """What the worker wrote; nothing if it was stopped or fell over. What a decoder complains of is not passed on."""
    worker = [sys.executable, "-P", "-m", "symptom_intake.tools.image_worker"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no text from outside
            worker, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS, check=True
        )
    except subprocess.SubprocessError:
        return b""
    except OSError as error:
        raise AttachmentError("Pictures cannot be looked at on this machine just now.") from error
    return done.stdout
