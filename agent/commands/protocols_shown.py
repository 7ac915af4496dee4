"""A whole complaint as `protocols show` prints it: for a program as plain data, for a person as text."""

from collections.abc import Iterator
from textwrap import fill
from typing import Any

from symptom_intake.agent.commands.protocols_rows import found_protocol, layer_of
from symptom_intake.agent.commands.protocols_words import in_words
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.model import Rule, Slot, Trigger

_WIDTH = 100


def shown(name: str, content: Content) -> dict[str, Any]:
    """Everything about a complaint.

    Raises:
        ConfigurationError: If there is no such complaint.
    """
    protocol = found_protocol(name, content)
    complaint, own = protocol.complaint, {rule.id for rule in (*protocol.rules, protocol.complaint.default)}
    return {
        "id": complaint.id,
        "label": complaint.label,
        "version": complaint.version,
        "review": complaint.review.model_dump(),
        "layer": layer_of(protocol, content),
        "applies_if": in_words(complaint.applies_if, content.slots) if complaint.applies_if else None,
        "words": list(complaint.words),
        "questions": [_question(slot, content) for slot in protocol.slots],
        "rules": [_rule(rule, content) for rule in protocol.rules],
        "default": _rule(complaint.default, content),
        "triggers": [_trigger(each) for each in content.triggers.triggers if each.rule in own],
    }


def _question(slot: Slot, content: Content) -> dict[str, Any]:
    fields = {"id", "label", "kind", "importance", "question", "rephrase", "proxy", "proxy_rephrase", "why"}
    return slot.model_dump(include=fields) | {
        "options": [{"value": option.value, "label": option.label} for option in slot.options],
        "ask_if": in_words(slot.ask_if, content.slots) if slot.ask_if else None,
    }


def _rule(rule: Rule, content: Content) -> dict[str, Any]:
    return {
        "id": rule.id,
        "level": rule.level,
        "raise_by": rule.raise_by,
        "when": in_words(rule.when, content.slots) if rule.when else None,
        "reason": rule.reason,
        "soon": rule.soon,
        "also_run": list(rule.also_run),
        "sources": [source.tag for source in rule.sources],
    }


def _trigger(trigger: Trigger) -> dict[str, Any]:
    return {"rule": trigger.rule, "raised_by": list(trigger.positive), "not_raised_by": list(trigger.negative)}


def as_text(found: dict[str, Any]) -> str:
    """The same for a person."""
    return "\n".join([*_heading(found), *_questions(found), *_rules(found), *_triggers(found)])


def _heading(found: dict[str, Any]) -> Iterator[str]:
    review = "DRAFT: no clinician has signed it" if found["review"]["status"] == "draft" else _signed(found["review"])
    yield f"{found['label']} ({found['id']}), version {found['version']}, {found['layer']}. {review}."
    if found["applies_if"]:
        yield f"Only if {found['applies_if']}, or as long as that is not known."


def _signed(review: dict[str, Any]) -> str:
    who = ", ".join(review[each] for each in ("by", "role", "date") if review[each])
    return f"Approved{f' ({who})' if who else ''}"


def _questions(found: dict[str, Any]) -> Iterator[str]:
    yield "\nQuestions, in the order of the file; critical ones are asked first"
    for number, each in enumerate(found["questions"], 1):
        yield f"\n{number:>3}. {each['question']}  [{each['importance']}]"
        if each["options"]:
            yield _detail("answers: " + " / ".join(option["label"] for option in each["options"]))
        if each["ask_if"]:
            yield _detail(f"only if: {each['ask_if']}")
        yield _detail(f"why: {each['why']}")


def _rules(found: dict[str, Any]) -> Iterator[str]:
    for level in (*reversed(Urgency), None):
        of_level = [rule for rule in found["rules"] if rule["level"] == level]
        if of_level:
            yield f"\nRules: {_level(level)}"
        for rule in of_level:
            yield f"\n  {rule['id']}  {rule['reason']}"
            yield _detail(f"when: {rule['when'] or 'the words of a message raise it'}")
            if rule["also_run"]:
                yield _detail(f"then also: {', '.join(rule['also_run'])}")
    default = found["default"]
    yield f"\nIf nothing else has fired at the end: {_level(default['level'])} ({default['id']}, {default['reason']})"


def _level(level: str | None) -> str:
    return level.replace("_", " ") if level else "raise the level reached so far"


def _triggers(found: dict[str, Any]) -> Iterator[str]:
    if found["triggers"]:
        yield "\nRaised by the words of a message, before any question"
    for each in found["triggers"]:
        yield f"\n  {each['rule']}"
        yield from (_detail(f"raised by: “{text}”") for text in each["raised_by"])
        yield from (_detail(f"not by: “{text}”") for text in each["not_raised_by"])


def _detail(text: str) -> str:
    return fill(text, _WIDTH, initial_indent="       ", subsequent_indent="         ")
