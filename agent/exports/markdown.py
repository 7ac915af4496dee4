"""The report as Markdown, for a clinician in a hurry: urgency, the story, negatives, background, what is missing."""

import re
from collections.abc import Iterable, Iterator

from symptom_intake.agent.exports.model import Earlier, Flag, Image, Line, Report, Section
from symptom_intake.agent.history import Evidence, SlotState

_MARKS = re.compile(r"([\\`*_{}\[\]#|~$])")
_STARTS_A_BLOCK = re.compile(r"^(\d*)([-+=.)])")
_STARTS_A_LINK = re.compile(r"(?<=[A-Za-z])(://)|(?<=\bwww)(\.)", re.IGNORECASE)
_STORY = ("complaint", "hpi")
_SYMPTOMS = ("associated", "safety")
_OPENING_LIMIT = 2_000
"""Characters of the opening words that stand before the transcript, which has them all."""


def plain(text: str) -> str:
    """Text of a patient on one line, so that none of it is taken for Markdown, HTML or a link."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _MARKS.sub(r"\\\1", text)
    text = _STARTS_A_LINK.sub(lambda match: f"\\{match[0]}", text)
    return _STARTS_A_BLOCK.sub(r"\1\\\2", text)


def to_markdown(report: Report) -> str:
    """Write the report as Markdown.

    Args:
        report: The report.

    Returns:
        The text; every word of the patient's in it is escaped.
    """
    blocks = [*_head(report), *_rules(report), *_story(report), *_symptoms(report), *_background(report)]
    return "\n\n".join([*blocks, *_missing(report), *_images(report), *_transcript(report), *_foot(report)]) + "\n"


def _head(report: Report) -> Iterator[str]:
    yield "# Patient history from a chat interview"
    yield "\n".join(f"> {plain(notice)}  " for notice in report.notices)
    when = f" · {report.created:%Y-%m-%d %H:%M} UTC" if report.created else ""
    yield f"**Urgency, by the rules: {_words(report.urgency).upper()}**{when}"
    yield from (_lines(section.lines) for section in report.sections if section.id == "subject")


def _rules(report: Report) -> Iterator[str]:
    yield "## What the rules saw"
    yield "\n".join(map(_flag, report.red_flags)) or "No red-flag rule fired on what was told."


def _flag(flag: Flag) -> str:
    why = "it is what software saw in a picture" if flag.seen_in == "image" else "it is about what is not known"
    quotes = _quotes(flag.quotes) or f"no words: {why} ({flag.turn})"
    level = f"{_words(flag.level)}, soon" if flag.soon else _words(flag.level)
    return f"- **{level}** {plain(flag.rule)}: {plain(flag.reason)} – {quotes}, seen in the {flag.seen_in}"


def _story(report: Report) -> Iterator[str]:
    yield "## In the patient's words"
    yield "\n\n".join(map(_opening, report.opening)) or "Nothing was told yet."
    if report.chief_complaints:
        yield f"Asked about: {', '.join(plain(each.label) for each in report.chief_complaints)}."
    yield from _narrative(report)
    yield from _sections(report, _STORY)


def _narrative(report: Report) -> Iterator[str]:
    if report.narrative:
        yield "## Narrative"
        yield "Worded by software from the lines below, which stand where the two differ."
        yield "\n".join(f"- {plain(each.text)} ({', '.join(_turns(each.quotes))})" for each in report.narrative)


def _turns(quotes: Iterable[Evidence]) -> dict[str, None]:
    return dict.fromkeys(each.turn for each in quotes)


def _opening(evidence: Evidence) -> str:
    cut = "" if len(evidence.quote) <= _OPENING_LIMIT else " … (all of it in the transcript)"
    return f"{_block(evidence.quote[:_OPENING_LIMIT])}{cut} ({evidence.turn})"


def _symptoms(report: Report) -> Iterator[str]:
    """Symptoms that are there, or open, each in its section; those that are not there together."""
    absent: list[Line] = []
    for section in report.sections:
        if section.id in _SYMPTOMS:
            there = [line for line in section.lines if line.state is not SlotState.ABSENT]
            absent += [line for line in section.lines if line.state is SlotState.ABSENT]
            yield from _section(section.title, there)
    yield from _section("Pertinent negatives", absent)


def _background(report: Report) -> Iterator[str]:
    before = ("subject", *_STORY, *_SYMPTOMS)
    yield from _sections(report, tuple(each.id for each in report.sections if each.id not in before))


def _sections(report: Report, names: tuple[str, ...]) -> Iterator[str]:
    for section in _of(report, names):
        yield from _section(section.title, section.lines)


def _of(report: Report, names: tuple[str, ...]) -> list[Section]:
    return [section for section in report.sections if section.id in names]


def _section(title: str, lines: Iterable[Line]) -> Iterator[str]:
    if listed := _lines(lines):
        yield f"## {plain(title)}"
        yield listed


def _lines(lines: Iterable[Line]) -> str:
    return "\n".join(map(_line, lines))


def _line(line: Line) -> str:
    told = plain(line.text)
    if line.quotes:
        as_quoted = line.state is SlotState.PRESENT and line.text.casefold() == line.quotes[-1].quote.casefold()
        told = _quotes(line.quotes) if as_quoted else f"{told} – {_quotes(line.quotes)}"
    marks = [
        *([f"told by {line.source}"] if line.source not in (None, "patient") else []),
        *(["✓ confirmed"] if line.confirmed else []),
        *map(_before, line.earlier),
    ]
    return "; ".join([f"- **{plain(_capital(line.label))}**: {told}", *marks])


def _before(earlier: Earlier) -> str:
    return f"before {earlier.replaced_in}: {plain(earlier.text)} – {_quotes(earlier.quotes)}"


def _quotes(quotes: Iterable[Evidence]) -> str:
    return ", ".join(f"“{plain(each.quote)}” ({each.turn})" for each in quotes)


def _missing(report: Report) -> Iterator[str]:
    lines = [line for section in report.sections for line in section.lines]
    needed = [line.label for line in lines if line.state is SlotState.NOT_ASKED]
    yield "## Not asked"
    yield "\n".join(
        f"- **{title}**: {'; '.join(map(plain, labels)) or 'nothing'}"
        for title, labels in (("Needed", dict.fromkeys(needed)), ("Other", report.not_asked))
    )


def _images(report: Report) -> Iterator[str]:
    if report.images:
        yield "## Images"
        yield "\n".join(line for image in report.images for line in _image(image))


def _image(image: Image) -> Iterator[str]:
    note = f"; {plain(image.note)}" if image.note else ""
    yield f"- {image.kind}, {image.width} × {image.height}, with {image.turn}: **{image.status}**{note}"
    if (seen := image.description) is None:
        return
    place = f" of the {plain(seen.body_site)}" if seen.body_site else ""
    side = f", side: {seen.side}" if seen.side != "unclear" else ""
    yield f"  - {seen.kind}{place}{side}: {'; '.join(map(plain, seen.features)) or 'no feature noted'}"
    if seen.text_seen:
        yield f"  - writing in it: “{plain(seen.text_seen)}”"
    if seen.disputed:
        yield f"  - two readings of it differ on: {', '.join(map(_words, seen.disputed))}"
    if image.differs:
        yield f"  - **differs from what the patient said**: {', '.join(map(_words, image.differs))}"


def _transcript(report: Report) -> Iterator[str]:
    yield "## Transcript"
    for turn in report.transcript:
        back = ", taken back by the patient" if turn.taken_back else ""
        yield f"**{turn.id} {turn.role}** ({turn.at:%Y-%m-%d %H:%M} UTC{back})"
        yield _block(turn.text)


def _block(text: str) -> str:
    """A quoted block that keeps the lines of the text."""
    return "  \n".join(f"> {plain(line)}" for line in text.splitlines() or [""])


def _foot(report: Report) -> Iterator[str]:
    made = report.generator
    yield "---"
    yield (
        "✓ confirmed: the patient agreed when it was read back; lines without it were not confirmed. "
        f"Session {plain(report.session)}, region {plain(report.region)}, language {plain(report.language)}, "
        f"symptom-intake {made.package}, content {made.content}, interviewer {plain(made.interviewer)}."
    )


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _words(name: str) -> str:
    return name.replace("_", " ")
