"""The page of an evaluation: complete in itself, accessible, and nothing in it is taken for markup."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from symptom_intake.agent.evaluation.metrics import summarise
from symptom_intake.agent.evaluation.page import write_page
from symptom_intake.agent.evaluation.results import Line, Result
from symptom_intake.prompts.levels import Urgency

NASTY = "<script>alert('x')</script> & more"


class Page(HTMLParser):
    """What a test looks for: tags with their attributes, and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def row(name: str, level: Urgency, **more: object) -> Result:
    raw = {
        "id": name, "classes": {"expected level": "emergency_now"}, "want": "emergency",
        "expected": (Urgency.EMERGENCY_NOW,), "opening": NASTY, "keywords": False, "level": level,
        "correct": level is Urgency.EMERGENCY_NOW, "phase": "done", "turns": 1, "questions": 2, "coverage": (0.5,),
        "transcript": (Line(who="patient", text=NASTY), Line(who="intake", text="Go on.")),
    }  # fmt: skip
    return Result.model_validate(raw | more)


@pytest.fixture
def page(tmp_path: Path) -> Page:
    results = [row("good one", Urgency.EMERGENCY_NOW), row("bad one", Urgency.ROUTINE), row("bad two", Urgency.ROUTINE)]
    file = write_page(tmp_path, "A run", {"Model": "embedded"}, summarise(results), results, [])
    return Page(file.read_text(encoding="utf-8"))


def test_misses_are_linked_to_their_transcripts(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [each["href"] for each in page.of("a")]
    assert all(link and link.startswith("#") and link[1:] in ids for link in links)
    assert "case-2" in ids and "case-1" not in ids, "those that went right have no transcript"


def test_nothing_is_fetched(page: Page) -> None:
    assert not page.of("script") and not page.of("link") and not page.of("img")
    assert not [attributes for _, attributes in page.tags if "src" in attributes]


def test_words_of_a_case_are_no_markup(page: Page) -> None:
    assert page.text.count(NASTY) >= 2


def test_headings_tables_and_pictures_can_be_read_aloud(page: Page) -> None:
    assert page.of("html")[0]["lang"] == "en"
    assert len(page.of("h1")) == 1 and len(page.of("h2")) == 4
    assert all(each.get("scope") in ("col", "row") for each in page.of("th"))
    pictures = [each for each in page.of("div") if each.get("role") == "img"]
    ids = {attributes.get("id") for _, attributes in page.tags}
    assert len(pictures) == len(page.of("figure")) == 3
    assert all(each["aria-labelledby"] in ids and each["aria-describedby"] in ids for each in pictures)
    assert "Mean share of critical slots known: 50 % after 3" in page.text
