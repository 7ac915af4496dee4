"""Red flags in raw text: the triggers of the content, read with an eye to negation, person, time and figure of speech.

No model and no network. What is ambiguous counts as said of the patient, now.
"""

from dataclasses import dataclass
from functools import cached_property

from symptom_intake.agent.history import History
from symptom_intake.agent.language.lexicon import Lexicon
from symptom_intake.agent.language.mention import Mention
from symptom_intake.agent.safety.conditions import holds
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.model import Rule, Trigger


@dataclass(frozen=True)
class Hit:
    """A rule that a text raises.

    Attributes:
        rule: The rule.
        spans: The words it was raised on, as offsets into the text, in order.
    """

    rule: Rule
    spans: tuple[tuple[int, int], ...]


class TextScanner:
    """Finds the rules that a message raises by its words alone."""

    def __init__(self, content: Content) -> None:
        """Take the triggers of a content; they are compiled for the first text."""
        self._content = content
        self._triggers = {str(number): trigger for number, trigger in enumerate(content.triggers.triggers)}

    @cached_property
    def _lexicon(self) -> Lexicon:
        phrases = {key: trigger.phrases for key, trigger in self._triggers.items()}
        return Lexicon(phrases, self._content.vocabulary.concepts)

    def scan(self, text: str, history: History | None = None) -> list[Hit]:
        """The rules that a text raises.

        Args:
            text: What the patient wrote.
            history: What is known, for triggers that turn on age, sex or pregnancy.

        Returns:
            One hit for each rule, in the order of the words.
        """
        known = history or History()
        spans: dict[str, set[tuple[int, int]]] = {}
        for mention in self._lexicon.find(text):
            trigger = self._triggers[mention.key]
            if _counts(mention, trigger) and self._fits(trigger, known):
                spans.setdefault(trigger.rule, set()).update(mention.spans)
        return [Hit(self._content.rules[rule], tuple(sorted(places))) for rule, places in spans.items()]

    def _fits(self, trigger: Trigger, history: History) -> bool:
        return trigger.when is None or holds(trigger.when, history, self._content.slots) is not False


def _counts(mention: Mention, trigger: Trigger) -> bool:
    if trigger.strict:
        return not (mention.negated or mention.other or mention.past)
    return mention.asserted
