"""Yes or no, said outright or by naming the thing that was asked about."""

from collections.abc import Sequence

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, present
from symptom_intake.agent.interview.readers.replies import Reply, read_reply
from symptom_intake.agent.interview.readers.words import Said
from symptom_intake.agent.language.mention import Mention


def read_yes_no(said: Said, named: Sequence[Mention], others: Sequence[Mention] = ()) -> list[Answer]:
    """The answer to a yes/no question.

    To name the thing as there counts as yes, even after a "no": in doubt, a symptom is there.

    Args:
        said: The message.
        named: Mentions of the thing asked about.
        others: Mentions of other things.
    """
    # two denials, as in "no, no fever", do not make a yes
    told = next((each for each in named if each.asserted and not said.is_denied(each.start)), None)
    denied = next((each for each in named if each.negated and not each.other), None)
    reply = read_reply(said)
    if reply is not None and reply.kind in ("unsure", "declined") and told is None:
        return [reply.answer] if reply.answer else []
    if told is not None:
        lead = reply if reply is not None and reply.kind == "yes" else None
        return [present(lead.start if lead else told.start, lead.end if lead else told.end)]
    if denied is not None and (reply is None or reply.kind != "yes"):
        return [Answer(SlotState.ABSENT, denied.start, denied.end)] if reply is None else _of(reply.answer)
    return _of(reply.answer) if reply is not None and not _denies_another(said, reply, others) else []


def _denies_another(said: Said, reply: Reply, others: Sequence[Mention]) -> bool:
    """Whether the no belongs to another thing, as in "no fever" when the cough was asked about."""
    if reply.kind != "no" or reply.apart or reply.alone:
        return False
    following = said.tokens[reply.after].start
    return any(each.start <= following < each.end and each.negated for each in others)


def _of(answer: Answer | None) -> list[Answer]:
    return [answer] if answer is not None else []
