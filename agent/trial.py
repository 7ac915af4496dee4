"""Trying a content on its own examples: rules on facts, triggers on sentences, and rules on the written cases."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from symptom_intake.agent.history import History
from symptom_intake.agent.safety.red_flags import facts_from_example, fired_rules
from symptom_intake.agent.safety.text_scan import TextScanner
from symptom_intake.prompts.checks import rules_in_use
from symptom_intake.prompts.errors import Fault
from symptom_intake.prompts.layers import Layers
from symptom_intake.prompts.lint import sources_of
from symptom_intake.prompts.loader import GENERIC, Content
from symptom_intake.prompts.model import Complaint
from symptom_intake.prompts.sources import Source
from symptom_intake.prompts.vignette_checks import NEEDED, case_faults, cases, read_vignettes
from symptom_intake.prompts.vignettes import Vignette

_SHOWN = 60
"""Characters of an example that a fault repeats."""


def trial_faults(content: Content, own: Path | None) -> list[Fault]:
    """Every example of the content that does not come out as its author says.

    Args:
        content: All of the content, which has no other faults.
        own: The pack whose examples are tried; None for all of them.
    """
    sources = sources_of(content, own)
    written = [each for each in read_vignettes(Layers(own), []) if each.file.own or own is None]
    return [
        *(fault for source in sources for fault in _rules(source, content)),
        *_triggers(sources, content),
        *_cases(written, content),
    ]


def fired_on(facts: Mapping[str, Any], content: Content, protocol: str | None) -> set[str]:
    """The rules that facts in an author's shorthand fire."""
    history = facts_from_example(content, facts, protocol)
    named = {fact.slot.partition(".")[0] for fact in history if "." in fact.slot}
    return _fired(history, content, sorted(named | {protocol} if protocol else named))


def _fired(history: History, content: Content, complaints: list[str]) -> set[str]:
    return {rule.id for rule in fired_rules(content, history, complaints or [GENERIC])}


def _rules(source: Source, content: Content) -> Iterator[Fault]:
    protocol = source.value.id if isinstance(source.value, Complaint) else None
    for place, rule in rules_in_use(source, content):
        for number, facts in enumerate(rule.examples.fires if rule.examples else ()):
            if rule.id not in fired_on(facts, content, protocol):
                yield source.fault((*place, "examples", "fires", number), f"{rule.id}: it does not fire on {facts}")
        for number, facts in enumerate(rule.examples.quiet if rule.examples else ()):
            if rule.id in fired_on(facts, content, protocol):
                yield source.fault((*place, "examples", "quiet", number), f"{rule.id}: it fires on {facts}")


def _triggers(sources: list[Source], content: Content) -> Iterator[Fault]:
    scanner = TextScanner(content)
    for source in sources:
        for place, trigger in source.triggers():
            for kind, texts in (("positive", trigger.positive), ("negative", trigger.negative)):
                for number, text in enumerate(texts):
                    raised = trigger.rule in {hit.rule.id for hit in scanner.scan(text)}
                    if raised != (kind == "positive"):
                        does = "raises" if raised else "does not raise"
                        yield source.fault((*place, kind, number), f"{_shown(text)} {does} {trigger.rule}")


def _cases(written: list[Source], content: Content) -> Iterator[Fault]:
    for source, place, case in cases(written):
        rule = content.rules.get(case.rule or "")
        if rule is None or rule.when is None or case.kind not in NEEDED or any(case_faults(case, content)):
            continue
        fires = rule.id in fired_on(_told(case), content, content.owners.get(rule.id))
        if fires != (case.kind != "negated"):
            does = "fires on" if fires else "does not fire on"
            yield source.fault(place, f"{case.id}: {rule.id} {does} what is told in this {case.kind} case")


def _told(case: Vignette) -> dict[str, Any]:
    """What the patient would tell, with who they are."""
    person = {"age": case.patient.age, "sex": case.patient.sex, "reporter": case.patient.reporter}
    told = {name: told.value for name, told in case.told.items()}
    return {name: value for name, value in person.items() if value} | dict.fromkeys(case.denied, "no") | told


def _shown(text: str) -> str:
    return f"“{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}”"
