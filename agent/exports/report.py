"""Building the report from a session's state. Nothing is concluded, and nothing printed without a source."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from typing import Any

from symptom_intake.agent.exports.images import image_lines
from symptom_intake.agent.exports.lines import sourced
from symptom_intake.agent.exports.model import ChiefComplaint, Flag, Generator, Report, Status, Told, Utterance
from symptom_intake.agent.exports.sections import Outline
from symptom_intake.agent.history import Evidence, History, RedFlag, Settings, Turn
from symptom_intake.agent.interview.protocol import Narrative
from symptom_intake.prompts.levels import Urgency
from symptom_intake.prompts.loader import Content

PATIENT_REPORTED = (
    "Patient-reported, collected by software. No clinician has verified it. It holds no assessment and no plan."
)
DRAFT = "Prototype: the questions and rules behind it have not been signed by a clinician."
STATUS_NOTICES: dict[Status, str] = {
    "complete": "The interview was finished.",
    "incomplete": "INCOMPLETE: the interview was not finished.",
    "escalated": "STOPPED BY AN EMERGENCY: the patient was shown the emergency message, and nothing more was asked.",
}
_STATUS: dict[str, Status] = {"done": "complete", "escalated": "escalated"}


def build_report(session_id: str, values: Mapping[str, Any], content: Content, interviewer: str) -> Report:
    """Build the report of a session as it stands.

    Args:
        session_id: The session's id.
        values: The state of its graph (`IntakeState`); empty before the first message.
        content: The questions and rules, for labels and for what was not asked.
        interviewer: Name of what read the patient's words.

    Returns:
        The report.
    """
    turns: Sequence[Turn] = values.get("turns", [])
    settings: Settings = values.get("settings", Settings())
    history = sourced(values.get("history", History()), {turn.id: turn.text for turn in turns})
    complaints: Sequence[str] = values.get("complaints", [])
    outline = Outline(content, history, complaints)
    status = _STATUS.get(values.get("phase", "opening"), "incomplete")
    return Report(
        session=session_id,
        status=status,
        created=turns[0].at if turns else None,
        updated=turns[-1].at if turns else None,
        language=settings.language,
        region=settings.region,
        generator=Generator(
            package=version("symptom-intake"),
            content=content.version,
            content_draft=content.draft,
            interviewer=interviewer,
        ),
        notices=(PATIENT_REPORTED, *([DRAFT] if content.draft else []), STATUS_NOTICES[status], *_faults(values)),
        urgency=values.get("urgency", Urgency.ROUTINE),
        red_flags=tuple(_flag(each) for each in _most_urgent_first(values.get("flags", []))),
        chief_complaints=tuple(
            ChiefComplaint(id=each, label=content.protocols[each].complaint.label)
            for each in complaints
            if each in content.protocols
        ),
        opening=tuple(_opening(turns)),
        narrative=tuple(_narrative(values, history)),
        sections=tuple(outline.sections()),
        not_asked=outline.not_asked(),
        images=tuple(image_lines(values.get("attachments", []), turns, history)),
        transcript=tuple(_utterance(turn) for turn in turns),
    )


def _opening(turns: Sequence[Turn]) -> Iterator[Evidence]:
    """What the patient said before the first question about anything in particular."""
    for turn in turns:
        if turn.role == "assistant" and (turn.asked or turn.phase in _STATUS):
            return
        if turn.role == "patient" and turn.text and not turn.taken_back:
            yield Evidence(turn=turn.id, start=0, end=len(turn.text), quote=turn.text)


def _narrative(values: Mapping[str, Any], history: History) -> Iterator[Told]:
    """The sentences whose facts still stand."""
    quotes = {fact.id: fact.evidence for fact in history}
    told: Narrative | None = values.get("narrative")
    for sentence in told.sentences if told else ():
        if all(each in quotes for each in sentence.facts):
            yield Told(text=sentence.text, quotes=tuple(each for name in sentence.facts for each in quotes[name]))


def _faults(values: Mapping[str, Any]) -> Iterator[str]:
    """What a model should have done and did not."""
    turns: Sequence[Turn] = values.get("turns", [])
    unread = [f"{turn.id} ({reply.fault})" for turn, reply in pairwise(turns) if reply.fault]
    if unread:
        yield f"The model failed; the built-in reader alone read {', '.join(unread)}."
    told: Narrative | None = values.get("narrative")
    if told and told.fault:
        yield f"The model failed ({told.fault}); there is no narrative."


def _most_urgent_first(flags: Sequence[RedFlag]) -> list[RedFlag]:
    return sorted(flags, key=lambda flag: -flag.level.rank)


def _flag(flag: RedFlag) -> Flag:
    return Flag(
        rule=flag.rule,
        level=flag.level,
        reason=flag.reason,
        quotes=flag.evidence,
        seen_in=flag.seen_in,
        turn=flag.turn,
        soon=flag.soon,
    )


def _utterance(turn: Turn) -> Utterance:
    return Utterance(**turn.model_dump(include=set(Utterance.model_fields)))


__all__ = ["Report", "build_report"]
