"""What a turn costs: each layer, a whole turn, and the same walk through a bare LangGraph graph. `make bench` runs it.

Figures are medians over repeats in one process; compare the ratios, not the milliseconds of another machine.
"""

import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from langchain_core.messages import HumanMessage
from langgraph.graph import END, START, StateGraph
from rich.console import Console
from rich.table import Table

from symptom_intake.agent.persistence import open_checkpointer
from symptom_intake.agent.safety.guardrail import Guardrail
from symptom_intake.agent.safety.red_flags import facts_from_example, fired_rules
from symptom_intake.agent.safety.text_scan import TextScanner
from symptom_intake.agent.session import IntakeSession
from symptom_intake.agent.state import IntakeInput
from symptom_intake.prompts import load_content, load_messages
from symptom_intake.prompts.loader import read_content
from symptom_intake.prompts.vignettes import load_vignettes

MESSAGE = ("My lower back has been sore since I moved house on Monday and it gets worse when I sit. " * 12)[:1024]
DRAFT = ("You told me that your lower back has been sore since Monday. " * 18)[:1000] + " Does it go anywhere else?"
ANSWERS = ("I have had a dull headache for 3 days", "none of these", "34", "nothing else", "over hours", "no", "no")
STEPS = 8
"""Nodes on the way of an ordinary turn, and so in the bare graph."""


def lay_kilobytes() -> list[str]:
    """Texts of 1 KB, each of the first messages of four or five patients, half of them emergencies."""
    folder = Path(__file__).parents[1] / "evals" / "lay_messages"
    words = " ".join(each.opening for each in load_vignettes(folder))
    return [words[start : start + 1024] for start in range(0, len(words) - 1024, 1024)]


def median_ms(action: Callable[[], object], repeats: int) -> float:
    """Median time of an action, in milliseconds; the first two runs are not counted."""
    times = []
    for _ in range(repeats + 2):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[2:])


def turn_ms(db: str) -> float:
    """Median time of a turn over whole beginnings of interviews; the first, which compiles, is not counted."""
    times = []
    for _ in range(6):
        with IntakeSession.open(db) as session:
            for answer in ANSWERS:
                start = time.perf_counter()
                session.send(answer)
                times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[len(ANSWERS) :])


def bare_ms(db: str) -> float:
    """Median time of a message through a graph of as many nodes that do nothing, with the same saver."""
    graph = StateGraph(IntakeInput)
    names = [f"node{number}" for number in range(STEPS)]
    for name in names:
        graph.add_node(name, lambda state: {})
    for first, second in zip([START, *names], [*names, END], strict=True):
        graph.add_edge(first, second)
    with open_checkpointer(db) as saver:
        bare = graph.compile(checkpointer=saver)
        config = {"configurable": {"thread_id": "bare"}}
        return median_ms(lambda: bare.invoke({"messages": [HumanMessage("x")]}, config, durability="sync"), 40)


def start_up_ms() -> float:
    """Median time from the command's start to its first words."""
    command = [Path(sys.executable).parent / "symptom-intake", "chat", "--db", "/nonexistent/never-opened.db"]

    def first_words() -> None:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as chat:
            assert chat.stdout is not None
            chat.stdout.read(10)
            chat.kill()

    return median_ms(first_words, 5)


def rows(folder: str) -> Iterator[tuple[str, float]]:
    """Each figure with its name."""
    content, messages = load_content(), load_messages("en", "us")
    scanner, guardrail = TextScanner(content), Guardrail(content, messages)
    said, patients = [MESSAGE], lay_kilobytes()
    known = facts_from_example(content, {"universal_screen": "none", "age": "40y", "sex": "male", "fever": "no"}, None)
    yield "start of the chat to its first words", start_up_ms()
    yield "loading the content, from its cache", median_ms(lambda: read_content(None), 5)
    yield "red-flag scan of a 1 KB message of one complaint", median_ms(lambda: scanner.scan(MESSAGE), 50)
    texts = itertools.cycle(patients)
    yield (
        "red-flag scan of 1 KB of several patients' words",
        median_ms(lambda: scanner.scan(next(texts)), len(patients)),
    )
    yield "the rules over the facts", median_ms(lambda: fired_rules(content, known, ["headache"]), 50)
    yield "guardrail on a 1 KB draft", median_ms(lambda: guardrail.check(DRAFT, said=said), 50)
    yield "a turn, in memory", turn_ms(":memory:")
    yield f"a bare graph of {STEPS} nodes, in memory", bare_ms(":memory:")
    yield "a turn, in SQLite files", turn_ms(f"{folder}/a.db")
    yield f"a bare graph of {STEPS} nodes, in an SQLite file", bare_ms(f"{folder}/b.db")


def main() -> None:
    """Print the table."""
    table = Table("what", "median ms", title="What a turn costs")
    with tempfile.TemporaryDirectory() as folder:
        for name, value in rows(folder):
            table.add_row(name, f"{value:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
