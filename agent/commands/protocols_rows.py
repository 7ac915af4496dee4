"""The complaints one by one, as `protocols list` prints them, and finding one by its id."""

import difflib
from typing import Any

from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.prompts.loader import Content, Protocol

COLUMNS = ("id", "label", "slots", "rules", "review", "version", "layer")


def rows(content: Content) -> list[dict[str, Any]]:
    """A row for each complaint, by name."""
    return [_row(protocol, content) for _, protocol in sorted(content.protocols.items())]


def layer_of(protocol: Protocol, content: Content) -> str:
    """Whose file a complaint comes from."""
    own = any(source.value is protocol.complaint and source.file.own for source in content.sources)
    return "yours" if own else "ours"


def found_protocol(name: str, content: Content) -> Protocol:
    """The complaint of this id.

    Raises:
        ConfigurationError: If there is none; the nearest names are told.
    """
    if name in content.protocols:
        return content.protocols[name]
    near = difflib.get_close_matches(name, content.protocols, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`symptom-intake protocols list` shows what there is."
    raise ConfigurationError(f"There is no complaint {name!r}. {hint}")


def _row(protocol: Protocol, content: Content) -> dict[str, Any]:
    complaint = protocol.complaint
    return {
        "id": complaint.id,
        "label": complaint.label,
        "slots": len(protocol.slots),
        "rules": len(protocol.rules) + 1,
        "review": complaint.review.status,
        "version": complaint.version,
        "layer": layer_of(protocol, content),
    }
