"""Lists of medicines: name, dose, how often, when last taken, what was missed; names are kept as they are said."""

from symptom_intake.agent.history import SlotState
from symptom_intake.agent.interview.readers.answer import Answer, moved, present
from symptom_intake.agent.interview.readers.durations import find_durations
from symptom_intake.agent.interview.readers.items import read_list, split_items
from symptom_intake.agent.interview.readers.misnamed import is_given_up
from symptom_intake.agent.interview.readers.numbers import find_numbers
from symptom_intake.agent.interview.readers.replies import read_nothing
from symptom_intake.agent.interview.readers.words import Said, once
from symptom_intake.agent.language.phrases import Place


def read_medicines(said: Said) -> list[Answer]:
    """The answer to "which medicines?": an entry for each, or none at all."""
    none = None if read_nothing(said) else _none_taken(said) or _none_left(said)
    return [none] if none else read_list(said, list_medicines)


def _none_taken(said: Said) -> Answer | None:
    """I don't take anything: unless "except" or "just" follows."""
    none = said.places.get("no_medicine")
    if not none or any(first >= none[0][1] for first, _ in said.places.get("only", ())):
        return None
    return Answer(SlotState.ABSENT, *said.span(*none[0]))


def _none_left(said: Said) -> Answer | None:
    """I stopped the warfarin years ago, nothing now."""
    items = split_items(said)
    kept = [item for item in items if not is_given_up(said, *item)]
    if len(kept) != 1 or len(items) == 1:
        return None
    start, end = said.span(*kept[0])
    nothing = read_nothing(said.part(start, end))
    return moved(nothing, start) if nothing else None


def list_medicines(said: Said, begin: int = 0, end: int | None = None) -> list[Answer]:
    """The medicines of a list in a run of tokens; a part without a name tells more of the one before."""
    found: list[Answer] = []
    for item in split_items(said):
        first, stop = max(item[0], begin), min(item[1], end or item[1])
        answer = _medicine(said, first, stop) if first < stop and not is_given_up(said, first, stop) else None
        if answer is None:
            continue
        if answer.value is None and found:
            last = found.pop()
            answer = present(last.start, max(last.end, answer.end), last.value, None, last.details | answer.details)
        if answer.value is not None:
            found.append(answer)
    return found


def _medicine(said: Said, first: int, end: int) -> Answer | None:
    skipped = max((stop for start, stop in said.places.get("no_medicine", ()) if first <= start < end), default=first)
    first = min(skipped, end)
    told = {"dose": _doses(said), "frequency": said.places.get("often", [])}
    told |= {"last_taken": _last_taken(said), "missed": said.places.get("missed", [])}
    inside = {key: _longest_within(places, first, end) for key, places in told.items()}
    details = {key: said.quote(*place) for key, place in inside.items() if place}
    taken = {token for place in inside.values() if place for token in range(*place)}
    name = _name(said, first, end, taken)
    if name is None and not details:
        return None
    whole = [place for place in (name, *inside.values()) if place]
    start, stop = said.span(min(place[0] for place in whole), max(place[1] for place in whole))
    return present(start, stop, said.quote(*name) if name else None, None, details)


def _longest_within(places: list[Place], first: int, end: int) -> Place | None:
    within = [place for place in places if first <= place[0] and place[1] <= end]
    return max(within, key=lambda place: place[1] - place[0], default=None)


@once
def _doses(said: Said) -> list[Place]:
    """500 mg, 2 puffs, half a tablet."""
    found: list[Place] = []
    for number in find_numbers(said):
        after = said.at("article", number.end) or number.end
        unit = said.at("dose_unit", after)
        if unit is not None:
            found.append((number.first, unit))
    return found


@once
def _last_taken(said: Said) -> list[Place]:
    """Last took it yesterday: with the time that follows."""
    times = find_durations(said)
    found: list[Place] = []
    for first, end in said.places.get("last_taken", ()):
        following = [time for time in times if end <= time.first <= end + 2]
        close = following[0].end if following else end
        found.append((first, said.at("ago", close) or close))
    return found


def _name(said: Said, first: int, end: int, taken: set[int]) -> Place | None:
    """The first run of words that tell nothing else."""
    place = first
    while place < end:
        if place in taken:
            place += 1
            continue
        stop = next((token for token in range(place, end) if token in taken), end)
        begin = min(said.skip(("item_lead", "opening"), place), stop)
        close = said.skip_back(("item_trail",), stop, begin)
        if begin < close and not all(said.tokens[token].word.isdecimal() for token in range(begin, close)):
            return begin, close
        place = stop
    return None
