"""What the guardrail knows of languages: how English is told from the rest, and what may not be said in Spanish."""

import re

from pydantic import Field

from symptom_intake.prompts.model import Entry, Text

Words = tuple[Text, ...]


class Languages(Entry):
    """The commonest words of languages, without accents.

    Attributes:
        english: Of English. `others`: of each language that is no English, under its name.
    """

    version: str
    english: Words
    others: dict[str, Words]


class Spanish(Entry):
    """Enough Spanish to name the class of what a Spanish draft says; it is blocked in any case.

    Attributes:
        conditions: Names of conditions. `treatments`: of medicines, remedies and procedures.
        asked: How a neutral question begins, in which a name may stand.
        denied: What stands before a name that is denied.
        classes: What may not be said, by class code.
        idioms: What such a pattern finds and that is harmless.
    """

    version: str
    conditions: Words
    treatments: Words
    asked: re.Pattern[str]
    denied: re.Pattern[str]
    classes: dict[str, tuple[re.Pattern[str], ...]]
    idioms: tuple[re.Pattern[str], ...] = Field(default=())
