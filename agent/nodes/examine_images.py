"""examine_images: where an image reader looks at what was attached; without one, images stay unexamined."""

from typing import Any

from symptom_intake.agent.context import IntakeContext
from symptom_intake.agent.state import IntakeState


def examine_images(state: IntakeState, *, context: IntakeContext) -> dict[str, Any]:
    """No image reader is configured: the report says so of each image."""
    return {}
