"""What can go wrong with a model in mid-interview. None of it reaches the patient: the turn is read without it."""

from typing import ClassVar

from symptom_intake.agent.errors import ModelError


class ModelFault(ModelError):
    """A call to a model came to nothing.

    Attributes:
        kind: A fixed word for the records and the report; never a word of the patient's or the model's.
        is_down: Whether the model itself is at fault, not this one answer: the circuit breaker counts these.
        calls: How often the model was called before it was given up.
    """

    kind: ClassVar[str] = "failed"
    is_down: ClassVar[bool] = False
    calls: int = 0


class UnavailableError(ModelFault):
    """The model cannot be reached, or refuses to work."""

    kind, is_down = "unavailable", True


class RefusedError(ModelFault):
    """The model's server will not take this request, and may well take another."""

    kind = "request refused"


class DeadlineError(ModelFault):
    """The answer did not come in time."""

    kind, is_down = "too slow", True


class OutOfMemoryError(ModelFault):
    """The accelerator or the machine has no memory left for the call."""

    kind, is_down = "out of memory", True


class OutputError(ModelFault):
    """The model answered, but not what it was asked for."""

    kind = "unusable answer"


class EmptyOutputError(OutputError):
    """Nothing, or nothing but white space."""

    kind = "empty answer"


class TruncatedOutputError(OutputError):
    """It reached the limit of tokens before it was complete."""

    kind = "answer cut off"


class RunawayOutputError(OutputError):
    """It repeated itself, or wrote white space without end."""

    kind = "runaway answer"


class EchoedPromptError(OutputError):
    """It gave back what it was told instead of an answer."""

    kind = "prompt given back"


class OffSchemaError(OutputError):
    """It is no JSON, or not of the schema."""

    kind = "answer off its schema"
