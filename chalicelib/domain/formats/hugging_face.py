"""A Hugging Face dataset: the flat records as Parquet with a card, opened by `load_dataset(folder)`.

A column has one type in all rows. Answers of Choices and TextArea are strings or lists of strings;
anything else that is nested, and any column of mixed types, is JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from typing import Any

from chalicelib.domain.formats.contract import Entry, ExportContext, Format, TaskSource
from chalicelib.domain.formats.flat_records import FLAT_LOSSES, flat_records
from chalicelib.domain.formats.json_text import json_text
from chalicelib.domain.formats.parquet import Kind, parquet_bytes
from chalicelib.domain.formats.pictures import silent

DATA_FILE = "data/train-00000-of-00001.parquet"
_KINDS: dict[type, str] = {bool: "bool", int: "int64", float: "float64", str: "string"}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_TASKS = (
    (("Text", "Labels"), "token-classification"),
    (("Text", "Choices"), "text-classification"),
    (("Image", "RectangleLabels"), "object-detection"),
    (("Image", "PolygonLabels"), "image-segmentation"),
    (("Image", "BrushLabels"), "image-segmentation"),
    (("Image", "Choices"), "image-classification"),
    (("Audio", "TextArea"), "automatic-speech-recognition"),
    (("Audio", "Choices"), "audio-classification"),
)
INT64 = 1 << 63


class HuggingFaceWriter:
    """`data/` and `README.md` in two passes over the tasks: one for the types, one for the rows."""

    def __init__(self, context: ExportContext) -> None:
        self._context = context
        self._kinds: dict[str, set[str]] = {}
        self._rows = 0

    def entries(self, source: TaskSource) -> Iterator[Entry]:
        """The rows, then the card that describes them."""
        for record in self._records(source, self._context):
            self._rows += 1
            for name, value in record.items():
                self._kinds.setdefault(name, set()).add(_kind(value))
        kinds = {name: _one_kind(found - {"null"}) for name, found in sorted(self._kinds.items())}
        columns: dict[str, Kind] = {name: _COLUMNS[kind] for name, kind in kinds.items()}
        info = json.dumps({"info": {"features": {n: _FEATURES[kind] for n, kind in columns.items()}}})
        rows = self._rows_of(source, kinds)
        table = parquet_bytes(rows, columns, metadata={"huggingface": info})
        yield Entry(DATA_FILE, table, compress=False)
        yield Entry("README.md", self._card(kinds).encode())

    def _records(self, source: TaskSource, context: ExportContext) -> Iterator[dict[str, Any]]:
        for task in source():
            for record in flat_records(task, context, context.controls.controls):
                author = record["annotator"]
                record["annotator"] = None if author is None else str(author)
                yield {name: _unwrapped(value) for name, value in record.items()}

    def _rows_of(self, source: TaskSource, kinds: dict[str, str]) -> Iterator[dict[str, Any]]:
        for record in self._records(source, silent(self._context)):
            yield {name: self._cell(record.get(name), kind) for name, kind in kinds.items()}

    def _cell(self, value: Any, kind: str) -> Any:
        if value is None:
            return None
        if isinstance(value, float) and not isfinite(value):
            self._context.losses.add("number that is not finite")
            return None
        if kind == "json":
            return json_text(value, self._context.losses)
        if kind == "strings":
            return [value] if isinstance(value, str) else value
        return float(value) if kind == "float64" else value

    def _card(self, kinds: dict[str, str]) -> str:
        size = next((name for limit, name in _SIZES if self._rows < limit), "n>1M")
        tasks = dict.fromkeys(
            task for (tag, control), task in _TASKS if self._context.controls.pairs((tag,), control)
        )
        listed = "".join(f"- {task}\n" for task in tasks)
        described = "".join(f"| `{name}` | {_WORDS[kind]} |\n" for name, kind in kinds.items())
        return (
            "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n"
            f"    path: data/train-*.parquet\nsize_categories:\n- {size}\n"
            + (f"task_categories:\n{listed}" if tasks else "")
            + f"---\n\n# Project {self._context.options.project_id}\n\n"
            f"{self._rows} rows, one per annotation, labeled with Skylabel.\n\n"
            f"| column | type |\n|---|---|\n{described}"
        )


_COLUMNS: dict[str, Kind] = {
    "string": "string",
    "int64": "int64",
    "float64": "float64",
    "bool": "bool",
    "strings": "strings",
    "json": "string",
}
_FEATURES: dict[Kind, dict[str, Any]] = {
    "string": {"dtype": "string", "_type": "Value"},
    "int64": {"dtype": "int64", "_type": "Value"},
    "float64": {"dtype": "float64", "_type": "Value"},
    "bool": {"dtype": "bool", "_type": "Value"},
    "strings": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "Sequence"},
}
_WORDS = {
    "string": "string",
    "int64": "integer",
    "float64": "number",
    "bool": "boolean",
    "strings": "list of strings",
    "json": "JSON as a string",
}


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, list) and all(isinstance(inner, str) for inner in value):
        return "strings"
    if isinstance(value, int) and not -INT64 <= value < INT64:
        return "json"
    return _KINDS.get(type(value), "json")


def _one_kind(kinds: set[str]) -> str:
    """The type of a column that holds these."""
    if not kinds:
        return "string"
    if len(kinds) == 1:
        return next(iter(kinds))
    if kinds == {"int64", "float64"}:
        return "float64"
    return "strings" if kinds == {"string", "strings"} else "json"


def _unwrapped(value: Any) -> Any:
    """`{"choices": [...]}` and `{"text": [...]}` as their lists."""
    if isinstance(value, dict) and len(value) == 1:
        (key, listed), *_ = value.items()
        if key in ("choices", "text") and isinstance(listed, list):
            return listed
    return value


HF_DATASET = Format(
    id="HF_DATASET",
    title="Hugging Face dataset",
    description="A folder that load_dataset opens: a row per annotation as Parquet, with a dataset card.",
    layout="archive",
    extension="zip",
    content_type="application/zip",
    link="https://huggingface.co/docs/datasets",
    open=HuggingFaceWriter,
    cannot_carry=FLAT_LOSSES,
)
