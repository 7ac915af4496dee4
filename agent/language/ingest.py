"""A patient's message as it is taken in: safe to store and to read, with the original kept beside it."""

import re
import unicodedata

_CONTROL_TOKENS = re.compile(
    r"<\s*/?\s*(start_of_turn|end_of_turn|start_of_image|end_of_image|image_soft_token|bos|eos|pad|unused\d+|mask)\s*>",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_KEPT_CONTROLS = "\n\t"


def storable(text: str) -> str:
    """Replace lone surrogates, which no database and no serializer can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def clean(text: str) -> str:
    """Normalise a message: canonical characters, no controls, no invisible marks, no model control tokens.

    A control token of a chat template (`<start_of_turn>`) loses its brackets, so that no model takes the
    patient's text for an instruction. Joiners that some scripts and emoji need are kept.
    """
    text = unicodedata.normalize("NFC", storable(text)).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(char if char in _KEPT_CONTROLS or unicodedata.category(char) != "Cc" else " " for char in text)
    text = _INVISIBLE.sub("", text)
    return _CONTROL_TOKENS.sub(r"(\1)", text).strip()
