from collections import Counter
from pathlib import Path

import pytest
import yaml

from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.agent.safety.verdict import GuardClass
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import Content
from symptom_intake.prompts.model import AsideFile, RuleFile, TongueFile, TriggerFile, Vocabulary
from symptom_intake.prompts.templates import load_messages

SET = yaml.safe_load(Path(__file__).with_name("contrast_pairs.yaml").read_text(encoding="utf-8"))
PAIRS, COLLISIONS = SET["pairs"], SET["collisions"]
_CYRILLIC = str.maketrans("aeopcxyiAEOPCXTKMHB", "аеорсхуіАЕОРСХТКМНВ")
_ENCODED = {"le06"}
"""Pairs whose wrong is an encoded token: taking the token apart takes away the wrong."""


def _between(text, mark):
    """Put a mark between every third pair of letters."""
    pairs = zip(text, text[1:] + " ", strict=True)
    return "".join(a + mark if i % 3 == 0 and a.isalpha() and b.isalpha() else a for i, (a, b) in enumerate(pairs))


def _shifted(text, capital, small):
    """Move ASCII letters into another Unicode block."""
    return "".join(
        chr(capital + ord(char) - 65)
        if "A" <= char <= "Z"
        else chr(small + ord(char) - 97)
        if "a" <= char <= "z"
        else char
        for char in text
    )


REWRITES = {
    "as written": lambda text: text,
    "upper case": str.upper,
    "lower case": str.lower,
    "title case": str.title,
    "Cyrillic lookalikes": lambda text: text.translate(_CYRILLIC),
    "full width": lambda text: _shifted(text, 0xFF21, 0xFF41),
    "mathematical bold": lambda text: _shifted(text, 0x1D400, 0x1D41A),
    "zero-width space": lambda text: _between(text, "\u200b"),
    "zero-width joiner": lambda text: _between(text, "\u200d"),
    "soft hyphen": lambda text: _between(text, "\u00ad"),
    "word joiner and bidi": lambda text: "\u202a" + _between(text, "\u2060") + "\u202c",
    "variation selector": lambda text: _between(text, "\ufe0f"),
    "struck through": lambda text: "".join(char + "\u0336" if char.isalpha() else char for char in text),
    "no-break space": lambda text: text.replace(" ", "\u00a0"),
    "two spaces": lambda text: text.replace(" ", "  "),
    "line break": lambda text: text.replace(", ", ",\n"),
    "exclamation marks": lambda text: text.replace(".", "!") if "://" not in text else text,
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "no apostrophes": lambda text: text.replace("'", ""),
    "contracted": lambda text: text.replace("do not", "don't").replace("It is", "It's").replace(" is not", " isn't"),
    "written out": lambda text: text.replace("n't", " not").replace("I'm", "I am").replace("'s no", " is no"),
    "after thanks": lambda text: f"Okay, thank you. {text}",
}


@pytest.fixture(scope="module")
def guard():
    rules = RuleFile(version="1", rules=())
    content = Content(
        protocols={},
        shared=(),
        universal=rules,
        modifiers=rules,
        triggers=TriggerFile(version="1", triggers=()),
        vocabulary=Vocabulary(version="1", concepts={}),
        asides=AsideFile(version="1", asides=()),
        tongues=TongueFile(version="1", tongues={}),
        version="x",
    )
    return Guardrail(content, load_messages())


def test_every_class_has_its_pairs():
    counted = Counter(pair["class"] for pair in PAIRS)
    assert all(counted[each.value] >= 6 for each in GuardClass)
    assert len({pair["id"] for pair in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["id"])
def test_the_wrong_one_is_blocked_for_its_class(guard, pair):
    urgency = Urgency(pair["urgency"]) if "urgency" in pair else None
    verdict = guard.check(pair["block"], said=pair["said"], urgency=urgency)
    assert pair["class"] in {each.cls.value for each in verdict.violations}


@pytest.mark.parametrize("rewrite", REWRITES)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["id"])
def test_the_label_outlives_a_rewriting(guard, pair, rewrite):
    urgency = Urgency(pair["urgency"]) if "urgency" in pair else None
    change = REWRITES[rewrite]
    if pair["id"] not in _ENCODED:
        assert not guard.check(change(pair["block"]), said=pair["said"], urgency=urgency).allowed
    verdict = guard.check(change(pair["allow"]), said=pair["said"])
    assert verdict.allowed, verdict.violations


@pytest.mark.parametrize("rewrite", REWRITES)
def test_ordinary_words_are_never_blocked(guard, rewrite):
    blocked = [text for text in COLLISIONS if not guard.check(REWRITES[rewrite](text)).allowed]
    assert blocked == []
