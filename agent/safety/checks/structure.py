"""The form of a draft: one question, a bounded length, whole sentences of plain text, nothing hidden or opaque."""

import re
from collections.abc import Iterator

from symptom_intake.agent.safety.checks import questions
from symptom_intake.agent.safety.checks.subject import Paragraph, Subject
from symptom_intake.agent.safety.verdict import GuardClass, Violation
from symptom_intake.prompts.guard_content import Limits

_LINK = re.compile(
    r"(?i)\bhttps?:|\bwww\.|\bmailto:|\S@\w+\.\w|\b[a-z0-9-]+\.(?:com|org|net|io|gov|edu|info|co\.uk|nhs\.uk)\b"
)
_MARKUP = re.compile(
    r"\*\*\S|__\S|~~|`|(?m:^\s{0,3}#{1,6}\s)|(?m:^\s*(?:={3,}|-{3,})\s*$)|!?\[[^\]\n]*\]\(|</?[a-zA-Z!][^>\n]*>"
    r"|(?m:^\s*\|.*\|)|&lt;|&#\w+;|(?<![\w*])\*[^\s*][^*\n]*\*(?!\w)|(?<!\w)_[^\s_][^_\n]*_(?!\w)|(?<!\w)#[a-z]\w+"
)
_LIST = re.compile(r"(?m)^[ \t]*(?:[-*•‣◦+>–][ \t]+|(?:\d{1,2}|[a-z])[.)][ \t]+)\S")
_READ_BACK = re.compile(r"\d{1,2}\. (?P<fact>.+)")
_BLANK = re.compile(r"\[[A-Z][A-Z _]{2,}\]|\b(?:undefined|NaN)\b")
_SHAPES = (
    (_LINK, "holds a link"),
    (_MARKUP, "holds markup"),
    (_LIST, "holds a list or a block quote"),
    (_BLANK, "holds a blank that nobody filled"),
)
_RULE = re.compile(r"\brules? (?:[a-z]{1,4} ?)?\d{1,3}\b")

_ENCODED = (
    r"(?:%[0-9A-Fa-f]{2}){2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|(?:\b[01]{8}\b\s*){3}"
    r"|\b(?:0x)?[0-9A-Fa-f]{16,}\b|(?:\b[0-9a-f]{2} ){5}|(?:[.\-]{1,5}[ /]+){5}"
)
_MODEL_CONTROL = (
    r"<\|?/?(?:start_of|end_of|bos|eos|unused|pad|im_|system|image|think)[^>]*>|\[/?INST\]|<!--|#{2,} ?[A-Z]{4,}"
)
_FOR_ALL = (
    (re.compile(_ENCODED), "holds encoded text"),
    (re.compile("[\U000e0020-\U000e007e]{3}|[\x00-\x08\x0e-\x1f\x7f]|[\u200b-\u200d\u2060-\u2064]{6}"), "hides text"),
    (re.compile(_MODEL_CONTROL), "holds a control token of a model"),
)
_FOR_PATIENTS = (
    *_FOR_ALL,
    (re.compile(r"[{\[]\s*[\"']\w+[\"']\s*[:,]|\b\w+\s*[:=]{1,2}\s*[{\[]|\{\{|\$\{|<%"), "holds raw data"),
    (re.compile(r"\b[a-z]{2,}(?:_[a-z0-9]+)+\b|\b\w+={1,2}[^\s=]"), "holds an internal name"),
    (
        re.compile(
            r"(?i:\[(?:info|debug|warn|warning|error|trace)\])|\b(?:system|assistant|user): |\b(?:TODO|FIXME)\b"
        ),
        "is from a log",
    ),
    (re.compile(r"\b[\w/-]+\.(?:ya?ml|json|md|py|txt|log|toml|cfg|ini|db|sql|csv)\b"), "holds the name of a file"),
    (re.compile(r"\b[A-Z]{2,4}-\d{2,3}\b"), "holds the id of a rule"),
    (
        re.compile(
            r"\bsk-[\w-]{4,}|\b(?=[0-9a-f]{4,}-)(?=[\w-]*\d)(?=[\w-]*[a-f])[0-9a-f]{4,}(?:-[0-9a-f]{2,})+\b"
            r"|(?i:\b(?:session|patient|clinic|request|ticket|case|record|trace|turn)[ _-]?id\b\W{0,3}\w*\d)"
        ),
        "holds the id of a record",
    ),
)
_TOKEN = re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{10,}={0,2}")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]{2,7}\U000e007f")
_TURNS = re.compile(r"[a-z0-9][A-Z]")
_WORD = re.compile(r"\w+")
_TIMES = {1: 4, 2: 3, 3: 3, 4: 3, 5: 3, 6: 3}
"""How often so many words must come one after the other to be a repetition."""
_CUT_OFF = re.compile(r"(?:[^\W_]|[,;:\-–—&/+(])[\s*_\u200b-\u200f\u2060\ufeff]*$")


def check(subject: Subject, limits: Limits) -> Iterator[Violation]:
    """Judge the form of what nobody has signed, and the number of questions of the whole."""
    for paragraph in subject.unsigned:
        yield from _hidden(paragraph, subject.audience == "patient")
    if subject.audience == "patient":
        for paragraph in subject.unsigned:
            if not _reads_back(paragraph, subject):
                yield from _shape(paragraph)
                yield from _unfinished(paragraph, last=paragraph is subject.paragraphs[-1])
        yield from _questions(subject, limits)
        yield from _length(subject, limits)
    if not subject.paragraphs:
        yield Violation(cls=GuardClass.STYLE, start=0, end=len(subject.draft), reason="is empty")


def _hidden(paragraph: Paragraph, strict: bool) -> Iterator[Violation]:
    text = _FLAG.sub(lambda match: " " * len(match[0]), paragraph.text)
    for pattern, reason in _FOR_PATIENTS if strict else _FOR_ALL:
        match = pattern.search(text)
        if match:
            yield _at(paragraph, GuardClass.LEAK, match.span(), reason)
    for match in _TOKEN.finditer(text) if strict else ():
        if match[0].endswith("=") or len(_TURNS.findall(match[0])) >= 2:
            yield _at(paragraph, GuardClass.LEAK, match.span(), "holds encoded text")


def _reads_back(paragraph: Paragraph, subject: Subject) -> bool:
    """Whether it is the numbered list in which the facts are said again, each in our own wording."""
    entries = [_READ_BACK.fullmatch(line) for line in paragraph.text.splitlines()]
    return all(entry is not None and subject.said.restates(entry["fact"]) for entry in entries)


def _shape(paragraph: Paragraph) -> Iterator[Violation]:
    plain = paragraph.shadow.text
    for pattern, reason in _SHAPES:
        match = pattern.search(paragraph.text)
        if match:
            yield _at(paragraph, GuardClass.STYLE, match.span(), reason)
        elif plain != paragraph.text.lower() and (match := pattern.search(plain)):
            yield paragraph.violation(GuardClass.STYLE, *match.span(), reason)
    for rule in _RULE.finditer(paragraph.shadow.text):
        yield paragraph.violation(GuardClass.LEAK, *rule.span(), "holds the id of a rule")


def _unfinished(paragraph: Paragraph, last: bool) -> Iterator[Violation]:
    """Text that says nothing, goes round in circles or breaks off; what facts fill may end in the patient's words."""
    if not any(char.isalnum() for char in paragraph.shadow.text):
        yield paragraph.whole(GuardClass.STYLE, "says nothing")
        return
    repeated = _repeated(paragraph.shadow.text)
    if repeated and not any(start <= repeated[0] < end for start, end in paragraph.quotes):
        yield paragraph.violation(GuardClass.STYLE, *repeated, "says the same over and over")
    end = _CUT_OFF.search(paragraph.text)
    introduces = paragraph.text.endswith(":") and not last
    if end and not introduces and not paragraph.signed_until:
        yield _at(paragraph, GuardClass.STYLE, end.span(), "breaks off")


def _repeated(text: str) -> tuple[int, int] | None:
    """Where one to six words come again and again."""
    places = [match.span() for match in _WORD.finditer(text)]
    words = [text[start:end] for start, end in places]
    for size, times in _TIMES.items():
        run = 0
        for place in range(size, len(words)):
            run = run + 1 if words[place] == words[place - size] else 0
            if run == size * (times - 1):
                return places[place - size * times + 1][0], places[place][1]
    return None


def _questions(subject: Subject, limits: Limits) -> Iterator[Violation]:
    """Count questions; one wording of the content is one, and a signed message asks none."""
    asked: list[tuple[Paragraph, tuple[int, int]]] = []
    for paragraph in subject.paragraphs:
        if paragraph.origin == "draft":
            asked += [(paragraph, place) for place in questions.asked(paragraph)]
        elif paragraph.origin == "content":
            asked += [(paragraph, place) for place in questions.marks(paragraph)[:1]]
    for paragraph, place in asked[limits.questions :]:
        yield paragraph.violation(GuardClass.STYLE, *place, "asks more than one question")


def _length(subject: Subject, limits: Limits) -> Iterator[Violation]:
    total = 0
    for paragraph in subject.unsigned:
        total += len(paragraph.text) - sum(end - start for start, end in paragraph.quotes)
        if total > limits.characters:
            yield paragraph.whole(GuardClass.STYLE, "is too long for one turn")
            return


def _at(paragraph: Paragraph, cls: GuardClass, span: tuple[int, int], reason: str) -> Violation:
    return Violation(cls=cls, start=paragraph.start + span[0], end=paragraph.start + span[1], reason=reason)
