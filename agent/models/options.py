"""How models are loaded, and how long a turn waits for them."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["interviewer", "image_reader"]
Quantization = Literal["none", "8bit", "4bit"]


@dataclass(frozen=True)
class ModelOptions:
    """What a deployer may set about the models.

    Attributes:
        deadline_s: Seconds that one turn waits for a model; then the turn is answered without it.
        quantization: How the weights of a model in process are kept.
        revision: Commit of the interviewer's weights on the hub. `image_revision`: of the image reader's.
    """

    deadline_s: float = 30.0
    quantization: Quantization = "none"
    revision: str | None = None
    image_revision: str | None = None
