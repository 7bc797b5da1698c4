"""Text offsets: code points, UTF-16 units, and XPaths into HTML.

Results count code points in plain text and in `globalOffsets`; browsers and the `startOffset`/`endOffset`
of HTML regions count UTF-16 units, in which characters beyond the basic plane take two.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)


class Utf16Index:
    """Converts many offsets of one text: the astral characters are found once, each offset is a bisection."""

    def __init__(self, text: str) -> None:
        self._points = [found.start() for found in _ASTRAL.finditer(text)]
        self._units = [point + at for at, point in enumerate(self._points)]
        self.length = len(text) + len(self._points)

    def units(self, code_points: int) -> int:
        """The UTF-16 offset of a code-point offset."""
        return code_points + bisect_right(self._points, code_points - 1)

    def code_points(self, units: int) -> int:
        """The code-point offset of a UTF-16 offset; one inside a pair counts as the pair's start."""
        before = bisect_right(self._units, units - 1)
        if before and self._units[before - 1] == units - 1:
            return self._points[before - 1]
        return units - before


def to_utf16(text: str, offset: int) -> int:
    """The UTF-16 offset of a code-point offset in a text."""
    return Utf16Index(text).units(offset)


def from_utf16(text: str, offset: int) -> int:
    """The code-point offset of a UTF-16 offset in a text."""
    return Utf16Index(text).code_points(offset)


@dataclass(frozen=True, slots=True)
class TextNode:
    """A text node of HTML: its XPath from the root of the content, its text, and where that begins.

    `start` counts code points of all text before it.
    """

    path: str
    text: str
    start: int


class _Walker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[TextNode] = []
        self.path: list[str] = []
        self.counts: list[Counter[str]] = [Counter()]
        self.length = 0
        self.pending = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.flush()
        self.counts[-1][tag] += 1
        if tag not in _VOID:
            self.path.append(f"{tag}[{self.counts[-1][tag]}]")
            self.counts.append(Counter())

    def handle_endtag(self, tag: str) -> None:
        self.flush()
        names = [step.partition("[")[0] for step in self.path]
        if tag in names:
            depth = len(names) - 1 - names[::-1].index(tag)
            del self.path[depth:]
            del self.counts[depth + 1 :]

    def handle_data(self, data: str) -> None:
        self.pending += data

    def handle_comment(self, data: str) -> None:
        self.flush()

    def flush(self) -> None:
        if not self.pending:
            return
        self.counts[-1]["text()"] += 1
        path = "/" + "/".join([*self.path, f"text()[{self.counts[-1]['text()']}]"])
        self.nodes.append(TextNode(path, self.pending, self.length))
        self.length += len(self.pending)
        self.pending = ""


def text_nodes(html: str) -> list[TextNode]:
    """The text nodes of well-nested markup in document order; white space is kept as it is."""
    walker = _Walker()
    walker.feed(html)
    walker.close()
    walker.flush()
    return walker.nodes


def global_offset(nodes: Sequence[TextNode], path: str, offset: int) -> int | None:
    """The code-point offset over all text of a UTF-16 offset in a node; None when no node has that path."""
    for node in nodes:
        if node.path == path:
            return node.start + from_utf16(node.text, offset)
    return None


def xpath_offset(nodes: Sequence[TextNode], offset: int, *, end: bool = False) -> tuple[str, int] | None:
    """The node's path and the UTF-16 offset in it of a code-point offset over all text.

    Between two nodes, a start belongs to the later and an `end` to the earlier. None outside the text.
    """
    starts = [node.start for node in nodes]
    at = bisect_right(starts, offset - 1 if end else offset) - 1
    if at < 0 or offset > nodes[at].start + len(nodes[at].text):
        return None
    return nodes[at].path, to_utf16(nodes[at].text, offset - nodes[at].start)
