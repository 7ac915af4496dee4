"""A complaint as a picture: questions lead to rules, and rules to levels."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from symptom_intake.agent.commands.protocols_rows import found_protocol
from symptom_intake.agent.errors import ConfigurationError
from symptom_intake.prompts.conditions import slots_of
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.model import Rule

WORDS, RAISED = "words", "raised"
"""Nodes beside the questions and the levels: what a patient writes unasked, and a rise from the level so far."""


class Drawing(NamedTuple):
    """What is drawn.

    Attributes:
        title: The complaint's label.
        questions: Texts by node, in the order of asking. `rules`: likewise. `levels`: likewise, the most urgent first.
        arrows: From node to node.
    """

    title: str
    questions: dict[str, str]
    rules: dict[str, str]
    levels: dict[str, str]
    arrows: tuple[tuple[str, str], ...]


def drawing(name: str, content: Content) -> Drawing:
    """Find out what is drawn of a complaint.

    Raises:
        ConfigurationError: If there is no such complaint.
    """
    protocol = found_protocol(name, content)
    rules = (*protocol.rules, protocol.complaint.default)
    asked = dict.fromkeys([*(slot.id for slot in protocol.slots), *(slot for rule in rules for slot in _slots(rule))])
    wording = {slot.id: slot.question for slot in protocol.slots}
    questions = {slot: wording.get(slot) or content.slots[slot].question for slot in asked if slot in content.slots}
    raised_by_words = {trigger.rule for trigger in content.triggers.triggers} & {rule.id for rule in rules}
    if raised_by_words:
        questions = {WORDS: "what the patient writes unasked"} | questions
    arrows = [
        *((WORDS, rule.id) for rule in rules if rule.id in raised_by_words),
        *((slot, rule.id) for rule in rules for slot in _slots(rule) if slot in questions),
        *((rule.id, rule.level or RAISED) for rule in rules),
    ]
    reached = {end for _, end in arrows}
    levels = {each.value: each.value.replace("_", " ") for each in reversed(Urgency)}
    levels |= {RAISED: "higher than so far"}
    return Drawing(
        protocol.complaint.label,
        questions,
        {rule.id: f"{rule.id}: {rule.reason}" for rule in rules},
        {node: text for node, text in levels.items() if node in reached},
        tuple(dict.fromkeys(arrows)),
    )


def mermaid(name: str, content: Content) -> str:
    """The picture as Mermaid text.

    Raises:
        ConfigurationError: If there is no such complaint.
    """
    drawn = drawing(name, content)
    columns = {"questions": drawn.questions, "rules": drawn.rules, "levels": drawn.levels}
    names = {node: f"{column[0]}{at}" for column, nodes in columns.items() for at, node in enumerate(nodes)}
    lines = ["flowchart LR"]
    for column, nodes in columns.items():
        lines += [
            f"  subgraph {column}",
            *(f"    {names[node]}[{_quoted(text)}]" for node, text in nodes.items()),
            "  end",
        ]
    return "\n".join([*lines, *(f"  {names[start]} --> {names[end]}" for start, end in drawn.arrows)])


def write_drawing(name: str, content: Content, out: Path) -> None:
    """Write the picture as a page or as Mermaid text, by the ending of the file's name.

    Raises:
        ConfigurationError: If there is no such complaint, or the file has another ending or cannot be written.
    """
    from symptom_intake.agent.commands.protocols_page import page

    if out.suffix not in (".html", ".mmd"):
        raise ConfigurationError(f"{out.name!r} ends neither in .html (a page) nor in .mmd (Mermaid text).")
    text = page(drawing(name, content)) if out.suffix == ".html" else mermaid(name, content)
    try:
        out.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{out} could not be written: {error.strerror}.") from error


def _slots(rule: Rule) -> Iterator[str]:
    yield from dict.fromkeys(slots_of(rule.when)) if rule.when else ()


def _quoted(text: str) -> str:
    return f'"{text.replace("&", "#amp;").replace(chr(34), "#quot;").replace("<", "#lt;").replace(">", "#gt;")}"'
