"""Parquet that we write by hand, read by pyarrow, pandas and Hugging Face's `datasets`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from chalicelib.domain.formats import parquet as ours
from chalicelib.domain.formats.parquet import Kind, parquet_bytes
from tests.unit.domain.formats.builders import (
    IMAGES,
    TEXTS,
    annotation,
    answer,
    box,
    choice,
    export,
    task,
)
from tests.unit.domain.formats.test_images import FakeMedia

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    "string": TEXT,
    "int64": st.integers(-(2**63), 2**63 - 1),
    "float64": st.floats(allow_nan=False),
    "bool": st.booleans(),
    "strings": st.lists(TEXT, max_size=4),
}
ROWS = st.lists(st.fixed_dictionaries({kind: st.none() | made for kind, made in VALUES.items()}), max_size=30)
COLUMNS: dict[str, Kind] = {kind: kind for kind in VALUES}


def read(rows: list[dict[str, Any]]) -> Any:
    made = b"".join(parquet_bytes(rows, COLUMNS, metadata={"a": "ü"}))
    return parquet.read_table(io.BytesIO(made))


@given(ROWS)
def test_pyarrow_reads_what_was_written(rows: list[dict[str, Any]]) -> None:
    assert read(rows).to_pylist() == rows


def test_rows_are_divided_into_groups_and_their_number_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"string": f"{n}", "strings": ["a", f"{n}"] if n % 3 else []} for n in range(1000)]
    monkeypatch.setattr(ours, "GROUP_ROWS", 90)
    made = b"".join(parquet_bytes(rows, COLUMNS, metadata={}))

    file = parquet.ParquetFile(io.BytesIO(made))

    assert file.num_row_groups == 12
    assert [row["strings"] for row in file.read().to_pylist()] == [row["strings"] for row in rows]


def test_types_names_and_metadata_are_told() -> None:
    schema = read([]).schema

    assert [str(field.type) for field in schema] == [
        "string",
        "int64",
        "double",
        "bool",
        "list<element: string>",
    ]
    assert schema.metadata[b"a"] == "ü".encode()


def test_pandas_reads_an_exported_dataset() -> None:
    tasks = [task(1, annotation(choice("good")), text="a", n=5), task(2, text="b", n=6)]
    with zipfile.ZipFile(io.BytesIO(export("HF_DATASET", tasks, TEXTS)[0])) as archive:
        frame = pandas.read_parquet(io.BytesIO(archive.read("data/train-00000-of-00001.parquet")))

    assert list(frame["n"]) == [5, 6]
    assert frame["kind"][0] == "good"


LOAD = """
import json, sys
from datasets import load_dataset
kind, folder = sys.argv[1:]
found = load_dataset(folder if kind == "parquet" else "imagefolder", split="train",
                     **({} if kind == "parquet" else {"data_dir": folder}))
if kind != "parquet":
    found = found.remove_columns("image")
print(json.dumps({"rows": list(found), "features": {k: str(v) for k, v in found.features.items()}}))
"""


def loaded(kind: str, data: bytes, folder: Path) -> dict[str, Any]:
    """What `load_dataset` makes of an exported archive, in a process that reaches nothing."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder / "set")
    environment = os.environ | {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HOME": str(folder / "cache"),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    }
    command = [sys.executable, "-W", "ignore", "-c", LOAD, kind, str(folder / "set")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


def test_hugging_face_opens_an_exported_dataset_with_its_features(tmp_path: Path) -> None:
    rated = annotation(choice("good", "bad"), answer("stars", "rating", {"rating": 4}))
    tasks = [task(1, rated, text="a", n=5), task(2, text="b", n=6)]

    found = loaded("parquet", export("HF_DATASET", tasks, TEXTS)[0], tmp_path)

    assert [(row["text"], row["n"], row["kind"]) for row in found["rows"]] == [
        ("a", 5, ["good", "bad"]),
        ("b", 6, None),
    ]
    assert found["features"]["n"] == "Value('int64')"
    assert "string" in found["features"]["kind"]


def test_hugging_face_opens_an_exported_image_folder(tmp_path: Path) -> None:
    tasks = [task(1, annotation(box(x=10, y=20, w=30, h=40)), image="http://h/a.png")]

    found = loaded("images", export("HF_IMAGE_FOLDER", tasks, IMAGES, media=FakeMedia())[0], tmp_path)

    (row,) = found["rows"]
    assert row["task"] == 1
    assert row["objects"]["categories"] == ["Car"]
    assert len(row["objects"]["bbox"][0]) == 4
