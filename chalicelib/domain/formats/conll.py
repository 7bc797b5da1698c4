"""CoNLL 2003: a token a line with its tag, for named entities. One document per annotation.

Tokens are cut where a span begins or ends inside one, so that no span is lost or widened. Of spans
that overlap the earlier keeps its tokens, and the later the rest of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from chalicelib.domain.formats.annotations import live_annotations
from chalicelib.domain.formats.contract import Format, Task
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.json_text import utf8
from chalicelib.domain.formats.records import RecordStream
from chalicelib.domain.formats.spans import Span, spans_of, text_of
from chalicelib.domain.formats.tokens import cut_at, last_tokens, token_places, tokens_of, words_before_last


class ConllWriter(RecordStream):
    """Four columns: the token, `-X-`, `_`, and `O`, `B-label` or `I-label`."""

    def header(self) -> bytes:
        """The mark of a new document."""
        return b"-DOCSTART- -X- O\n"

    def records(self, task: Task) -> Iterator[bytes]:
        """The lines of each live annotation, and an empty one."""
        live = live_annotations(task, self.losses)
        if live is None:
            return
        task_id = task.get("id")
        text = text_of(task, self.context)
        for annotation in live or ({},):
            spans = self._apart(spans_of(annotation, self.context, task_id, length=len(text)), task_id)
            lines = list(_lines(text, spans))
            yield utf8("".join(lines) + "\n", self.losses, task_id)

    def _apart(self, spans: Iterable[Span], task_id: int | None) -> list[Span]:
        """The spans by their start, cut where an earlier one reaches into them."""
        apart: list[Span] = []
        for span in sorted(spans, key=lambda span: span.start):
            begin = max(span.start, apart[-1].end) if apart else span.start
            if begin > span.start:
                self.losses.add("span that overlaps an earlier one", task_id)
            if begin < span.end:
                apart.append(Span(begin, span.end, span.label))
        return apart


def _lines(text: str, spans: list[Span]) -> Iterator[str]:
    """The lines of the tokens. Words past the last span, mostly most, are looked up rather than cut."""
    end_of_spans = text.find(" ", max(spans[-1].end - 1, 0)) if spans else 0
    head = text if end_of_spans < 0 else text[:end_of_spans]
    borders = sorted({place for span in spans for place in (span.start, span.end)})
    at, begun = 0, False
    for start, end in cut_at(token_places(head, is_whole=end_of_spans < 0), borders):
        while at < len(spans) and spans[at].end <= start:
            at, begun = at + 1, False
        tag = "O"
        if at < len(spans) and spans[at].start < end:
            label = "_".join(spans[at].label.split())
            tag, begun = f"{'I' if begun else 'B'}-{label}", True
        yield f"{text[start:end]} -X- _ {tag}\n"
    if end_of_spans >= 0:
        words, rest = words_before_last(text, end_of_spans)
        yield "".join(map(_outside, words))
        yield "".join([f"{token} -X- _ O\n" for token in last_tokens(text, rest)])


@lru_cache(maxsize=1 << 15)
def _outside(word: str) -> str:
    return "".join([f"{token} -X- _ O\n" for token in tokens_of(word)])


def _fits(controls: ControlTable) -> bool:
    return controls.reads_one_key and controls.pairs(("Text",), "Labels")


CONLL2003 = Format(
    id="CONLL2003",
    title="CONLL2003",
    description="Popular for named entity recognition: a token a line with its tag.",
    layout="stream",
    extension="conll",
    content_type="text/plain; charset=utf-8",
    tags=("sequence labeling", "text tagging", "named entity recognition"),
    open=ConllWriter,
    fits=_fits,
    cannot_carry=(
        "white space between tokens",
        "which task and annotation a document is of",
        "blanks in labels (written as _)",
        "all labels of a span but the first",
        "parts of spans that overlap earlier ones",
        "relations, and answers that are no spans",
    ),
)
