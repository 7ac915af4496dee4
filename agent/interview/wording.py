"""Words for what code decided: questions from the content, restatements from the facts."""

from collections.abc import Iterable, Mapping, Sequence

from symptom_intake.agent.history import Ask, Fact, History, Paragraph, SlotState
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.model import Slot
from symptom_intake.prompts.templates import Messages

PARAPHRASE_LIMIT = 5
"""Facts in one restatement."""
QUOTE_LIMIT = 100
"""Characters of the patient's words in one line of a restatement."""


def slot_as_asked(content: Content, complaints: Sequence[str], slot_id: str) -> Slot:
    """A slot with the wording that the first complaint in play gives it."""
    for name in complaints:
        for slot in content.protocols[name].slots:
            if slot.id == slot_id:
                return slot
    return content.slots[slot_id]


def template(key: str, messages: Messages) -> Paragraph:
    """A signed message as a paragraph of a draft."""
    return Paragraph(text=messages.text(key), kind="template", ref=key)


def question(slot: Slot, ask: Ask, history: History, messages: Messages) -> list[Paragraph]:
    """The question as the content words it, with the answers it offers."""
    parts = [Paragraph(text=question_text(slot, ask.wording, by_proxy(history)), kind="question", ref=slot.id)]
    if slot.options:
        parts.append(Paragraph(text=options_text(slot, messages), kind="template", ref="options"))
    return parts


def question_text(slot: Slot, wording: int, proxy: bool) -> str:
    """One of a slot's four wordings."""
    if proxy:
        return slot.proxy_rephrase if wording else slot.proxy
    return slot.rephrase if wording else slot.question


def answers(slot: Slot, messages: Messages) -> list[str]:
    """What a closed question offers; where several may fit, "none of these" is one of them."""
    labels = [option.label for option in slot.options]
    has_none = slot.kind != "choices" or any(option.value == "none" for option in slot.options)
    return labels if has_none else [*labels, messages.text("options.none")]


def options_text(slot: Slot, messages: Messages) -> str:
    """A closed question's answers: in a sentence, or line by line where several may fit."""
    offered = answers(slot, messages)
    if slot.kind == "choices":
        return "\n".join(f"- {label}" for label in offered)
    return messages.text("options", options=", ".join(offered))


def by_proxy(history: History) -> bool:
    """Whether somebody answers for the patient."""
    return history.value("reporter") in ("parent", "carer")


def describe(fact: Fact, slots: Mapping[str, Slot]) -> str:
    """A fact in a few words, with the patient's own where there is more than a yes or no."""
    slot = slots[fact.slot]
    if fact.state is SlotState.ABSENT:
        return f"no {slot.label}"
    if fact.state in (SlotState.UNKNOWN, SlotState.DECLINED):
        return f"{slot.label}: {'not sure' if fact.state is SlotState.UNKNOWN else 'rather not say'}"
    if slot.kind == "yes_no":
        return slot.label
    labels = {option.value: option.label for option in slot.options}
    return f"{slot.label}: {labels.get(fact.value or '') or _quoted(fact.evidence[-1].quote)}"


def _quoted(words: str) -> str:
    """The patient's words in quotes; of a long text its beginning, so that it still stands in what was said."""
    if len(words) <= QUOTE_LIMIT:
        return f"“{words}”"
    return f"“{words[:QUOTE_LIMIT].rpartition(' ')[0] or words[:QUOTE_LIMIT]}”…"


def noted(facts: Iterable[Fact], slots: Mapping[str, Slot]) -> str:
    """A list of facts as one phrase, for a restatement."""
    return "; ".join(dict.fromkeys(describe(fact, slots) for fact in facts))


def read_back(facts: Sequence[Fact], slots: Mapping[str, Slot]) -> str:
    """A numbered list of facts for the patient to check."""
    lines = dict.fromkeys(describe(fact, slots) for fact in facts)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
