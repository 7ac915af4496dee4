"""The picture of a complaint as one page that needs nothing else: no script, no network."""

from collections.abc import Iterator, Mapping
from html import escape
from textwrap import wrap
from typing import NamedTuple

from symptom_intake.agent.commands.protocols_graph import Drawing

_COLUMNS = {"questions": 20, "rules": 440, "levels": 860}
_WIDTH, _LINE, _GAP, _PADDING, _TOP = 320, 18, 12, 8, 60
_CHARACTERS = 42
_COLOURS = {
    "emergency_now": "#f6b4ae",
    "emergency_department": "#fad0a8",
    "urgent_24h": "#fbeaa6",
    "routine": "#cfe8cf",
    "self_care": "#dfeefb",
}
_PLAIN = "#f4f4f4"
_STYLE = (
    "body{font:14px system-ui,sans-serif;margin:1.5rem;color:#222}svg{max-width:100%;height:auto}"
    "text{font-size:13px}.head{font-weight:600}rect{stroke:#999}path{fill:none;stroke:#888;stroke-opacity:.6}"
)


class _Box(NamedTuple):
    left: int
    top: int
    height: int
    lines: list[str]
    colour: str

    @property
    def middle(self) -> int:
        return self.top + self.height // 2


def page(drawn: Drawing) -> str:
    """The page."""
    columns = {"questions": drawn.questions, "rules": drawn.rules, "levels": drawn.levels}
    boxes = {node: box for name, nodes in columns.items() for node, box in _column(_COLUMNS[name], nodes, drawn)}
    height = max(box.top + box.height for box in boxes.values()) + _GAP
    width = _COLUMNS["levels"] + _WIDTH + 20
    parts = [
        *(_arrow(boxes[start], boxes[end]) for start, end in drawn.arrows),
        *(f'<text class="head" x="{left}" y="{_TOP - 20}">{name}</text>' for name, left in _COLUMNS.items()),
        *map(_drawn, boxes.values()),
    ]
    title = escape(drawn.title)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n"
        "<p>Which answers lead to which rule, and to which level. The exact conditions: "
        "<code>symptom-intake protocols show</code>.</p>\n"
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{title}">\n'
        + "\n".join(parts)
        + "\n</svg></body></html>"
    )


def _column(left: int, nodes: Mapping[str, str], drawn: Drawing) -> Iterator[tuple[str, _Box]]:
    level = dict(drawn.arrows)
    top = _TOP
    for node, text in nodes.items():
        lines = wrap(text, _CHARACTERS)
        height = len(lines) * _LINE + 2 * _PADDING
        colour = _COLOURS.get(node, _COLOURS.get(level.get(node, ""), _PLAIN))
        yield node, _Box(left, top, height, lines, colour)
        top += height + _GAP


def _drawn(box: _Box) -> str:
    text = "".join(
        f'<text x="{box.left + _PADDING}" y="{box.top + _PADDING + 13 + number * _LINE}">{escape(line)}</text>'
        for number, line in enumerate(box.lines)
    )
    return (
        f'<rect x="{box.left}" y="{box.top}" width="{_WIDTH}" height="{box.height}" rx="6" fill="{box.colour}"/>{text}'
    )


def _arrow(start: _Box, end: _Box) -> str:
    left, right = start.left + _WIDTH, end.left
    bend = (right - left) // 2
    return (
        f'<path d="M{left} {start.middle} C{left + bend} {start.middle} {right - bend} {end.middle} '
        f'{right} {end.middle}"/>'
    )
