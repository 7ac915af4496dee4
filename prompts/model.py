"""What content files hold, as validated values. One class for each kind of thing an author writes."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, PlainValidator, Tag

from symptom_intake.prompts.conditions import Condition, parse_condition
from symptom_intake.prompts.levels import Urgency

SlotKind = Literal[
    "yes_no", "choice", "choices", "number", "severity", "temperature", "glucose", "duration", "age",
    "site", "text", "medicines", "allergies", "family",
]  # fmt: skip
Section = Literal[
    "subject", "complaint", "hpi", "associated", "safety", "past", "medicines", "allergies", "family",
    "social", "pregnancy", "function", "concerns",
]  # fmt: skip
Importance = Literal["critical", "required", "useful"]


def _text(value: Any) -> Any:
    """Take a bare number for text, and refuse a truth value."""
    if isinstance(value, bool):
        raise ValueError(f"this is read as the truth value {value}: put it in quotes")
    return str(value) if isinstance(value, (int, float)) else value


Text = Annotated[str, BeforeValidator(_text)]
When = Annotated[Condition, PlainValidator(lambda raw: parse_condition(raw))]


class Entry(BaseModel):
    """Base of everything in a content file: frozen, and no key is passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Review(Entry):
    """Who has signed a piece of content. Nothing is approved until a clinician has."""

    status: Literal["draft", "approved"] = "draft"
    by: str | None = None
    role: str | None = None
    date: str | None = None


class Source(Entry):
    """The public source that carries the idea of a rule; `checked`: its threshold was read there."""

    tag: str
    url: str | None = None
    checked: bool = False


class Option(Entry):
    """One answer a closed question offers.

    Attributes:
        value: What rules compare with.
        label: What the patient reads.
        words: More ways in which patients say it (phrases, see `prompts/vocabulary.yaml`).
        sets: A shared yes/no slot that this answer settles as well: present when the option is picked, absent
            when none of the card's options is.
        brings: Complaints whose tables come into play when it is picked, unless a table in play asks about it already.
    """

    value: Text
    label: Text
    words: tuple[Text, ...] = ()
    sets: str | None = None
    brings: tuple[str, ...] = ()


class Slot(Entry):
    """One thing to know, and how to ask for it.

    Attributes:
        id: Unique name; a slot that belongs to one complaint is `complaint.name` after loading.
        label: Noun phrase for read-backs and reports, so that "no {label}" reads well.
        kind: How an answer is read.
        section: Where the report prints it.
        importance: critical (a complaint may not close without it), required, or useful.
        question: One idea, at most 20 words. `rephrase`: a second wording for the second try.
        proxy: The question when somebody answers for the patient; `proxy_rephrase` likewise.
        why: One sentence shown on `/why`.
        options: The answers of a closed question.
        words: Phrases by which a free narrative says that this is present.
        unit: Unit of the number: `hours` for durations, `years` for ages, `celsius`, `mmol` (a litre) for glucose.
        scope: `patient` when one fact serves every complaint, `complaint` when each has its own.
        ask_if: Ask only when this holds.
    """

    id: str
    label: str
    kind: SlotKind
    section: Section
    importance: Importance = "useful"
    question: str
    rephrase: str
    proxy: str
    proxy_rephrase: str
    why: str
    options: tuple[Option, ...] = ()
    words: tuple[Text, ...] = ()
    scope: Literal["patient", "complaint"] = "patient"
    ask_if: When | None = None

    @property
    def unit(self) -> str | None:
        """Unit of the slot's number, by its kind; None for a bare number."""
        return {"duration": "hours", "age": "years", "temperature": "celsius", "glucose": "mmol"}.get(self.kind)

    @property
    def many(self) -> bool:
        """Whether the slot may hold several facts at once."""
        return self.kind in ("choices", "medicines", "allergies", "family")


class Example(Entry):
    """Facts on which a rule must fire, or must stay quiet; run as a test."""

    fires: tuple[dict[str, Any], ...] = Field(min_length=1)
    quiet: tuple[dict[str, Any], ...] = Field(min_length=1)


class Rule(Entry):
    """One red-flag rule.

    Attributes:
        id: As in the clinical specification, for example CP-01.
        when: The condition over facts; None for a rule that only text triggers raise.
        level: The level it raises to. `raise_by`: or so many levels up, at most `limit`.
        reason: Symptom words only, shown to clinicians: never the name of a disease.
        template: Family of messages that the patient gets instead of the level's own: `escalate.<template>` at
            an emergency level, `support.<template>` below.
        soon: A routine matter that should not wait long, such as a sign that may need a specialist within two weeks.
        also_run: Complaints whose tables come into play as well.
    """

    id: str
    when: When | None = None
    level: Urgency | None = None
    raise_by: int = 0
    limit: Urgency | None = None
    reason: str
    template: str | None = None
    soon: bool = False
    also_run: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    review: Review = Review()
    examples: Example | None = None


class SlotUse(Entry):
    """A shared slot that a complaint asks, with what this complaint changes of it."""

    use: str
    importance: Importance | None = None
    question: str | None = None
    rephrase: str | None = None
    ask_if: When | None = None


def _entry_kind(raw: Any) -> str:
    return "use" if isinstance(raw, SlotUse) or (isinstance(raw, dict) and "use" in raw) else "slot"


AskedSlot = Annotated[Annotated[SlotUse, Tag("use")] | Annotated[Slot, Tag("slot")], Discriminator(_entry_kind)]
"""A shared slot by reference or one of the complaint's own; told apart first, so that faults are of the one meant."""


class Trigger(Entry):
    """A way in which raw text raises a rule, with examples that run as tests.

    Attributes:
        rule: The rule it raises.
        phrases: Any of these, asserted of the patient and not remote past, is enough.
        strict: Raised even when the sentence is a question or hypothetical, as for suicide.
        when: Raised only if this holds of the patient (age, sex, pregnancy); not known counts as holding.
    """

    rule: str
    phrases: tuple[Text, ...]
    strict: bool = False
    when: When | None = None
    positive: tuple[Text, ...] = Field(min_length=1)
    negative: tuple[Text, ...] = ()


class Complaint(Entry):
    """A presenting complaint as its file says it: how it is recognised, its slots in order, its rules.

    Attributes:
        words: Phrases by which a patient brings it.
        applies_if: Taken up only when this holds (for example an age band); unknown counts as holding.
        add_on: Comes into play beside any complaint, for everyone of whom `applies_if` is known to hold.
        slots: Shared slots by reference and the complaint's own, in the order of asking.
        default: The level when no other rule of the table fires; those that are `soon` or call in another table
            leave it standing.
        triggers: How raw text raises this table's rules. `vocabulary`: lists for its phrases, added to the shared ones.
    """

    id: str = Field(pattern=r"[a-z][a-z_]*")
    version: str
    label: str
    review: Review = Review()
    words: tuple[Text, ...] = ()
    applies_if: When | None = None
    add_on: bool = False
    slots: tuple[AskedSlot, ...]
    rules: tuple[Rule, ...] = ()
    default: Rule
    triggers: tuple[Trigger, ...] = ()
    vocabulary: dict[str, tuple[Text, ...]] = {}


class RuleFile(Entry):
    """Rules that hold for every complaint: the universal screen, or the modifiers."""

    version: str
    review: Review = Review()
    rules: tuple[Rule, ...]


class SlotFile(Entry):
    """The slots that complaints share, in the order in which background is asked."""

    version: str
    review: Review = Review()
    slots: tuple[Slot, ...]


class Vocabulary(Entry):
    """Named lists of lay words; `@name` in any phrase stands for one of the list."""

    version: str
    concepts: dict[str, tuple[Text, ...]]


class TriggerFile(Entry):
    """All text triggers."""

    version: str
    review: Review = Review()
    triggers: tuple[Trigger, ...]


class Aside(Entry):
    """Something a patient says to the interviewer instead of answering, and the message that meets it."""

    id: str
    phrases: tuple[Text, ...]
    message: str


class AsideFile(Entry):
    """All asides."""

    version: str
    asides: tuple[Aside, ...]


class Tongue(Entry):
    """The commonest words of a language, and of others as far as they differ."""

    familiar: tuple[Text, ...]
    foreign: tuple[Text, ...]


class TongueFile(Entry):
    """By language code, what the language of a message is told by."""

    version: str
    tongues: dict[str, Tongue]
