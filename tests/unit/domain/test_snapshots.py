"""Snapshots: equal states have equal bytes, changes are found, and what was tampered with is refused."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.imports import ImportOptions, Problem, TaskIn, read_tasks
from chalicelib.domain.snapshots import TreeHasher, differences, manifest, record_line
from tests.unit.domain.formats.builders import IMAGES, TEXTS, annotation, box, choice, export, span, task

KEYS = st.text("xyz", min_size=1, max_size=3)
SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
JSON = st.recursive(
    SCALARS | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def read(data: bytes) -> list[TaskIn | Problem]:
    return list(read_tasks("s.zip", io.BytesIO(data), options=ImportOptions()))


@given(
    st.lists(
        st.dictionaries(st.text("xyz", min_size=1, max_size=3), JSON, min_size=1, max_size=3), max_size=4
    )
)
def test_a_snapshot_is_read_back_whole(datas: list[dict[str, Any]]) -> None:
    tasks = [
        task(number, annotation(choice("good"))) | {"data": data} for number, data in enumerate(datas, 1)
    ]

    found = read(export("SNAPSHOT", tasks, TEXTS)[0])

    if not tasks:
        assert [str(problem) for problem in found] == ["load_tasks: No tasks added"]
        return
    assert [entry.data for entry in found if isinstance(entry, TaskIn)] == datas
    assert all(
        entry.annotations[0]["result"] == tasks[0]["annotations"][0]["result"]
        for entry in found
        if isinstance(entry, TaskIn)
    )


def test_the_same_tasks_give_the_same_bytes_and_root_however_they_were_divided() -> None:
    tasks = [task(number, annotation(choice("good"))) for number in range(200, 900, 7)]
    whole, first, second = TreeHasher(), TreeHasher(), TreeHasher()
    for entry in tasks:
        whole.add(entry, record_line(entry))
        (first if entry["id"] < 512 else second).add(entry, record_line(entry))

    def root(blocks: Any, **changes: Any) -> str:
        said: dict[str, Any] = {"project": 1, "config": TEXTS, "options": {"which": "all"}} | changes
        return str(manifest(blocks, **said)["root"])

    assert root(whole.blocks) == root([*first.blocks, *second.blocks])
    assert export("SNAPSHOT", tasks, TEXTS)[0] == export("SNAPSHOT", copy.deepcopy(tasks), TEXTS)[0]
    assert len({
        root(whole.blocks), root(whole.blocks, config=IMAGES), root(whole.blocks, project=2),
        root(whole.blocks, options={"which": "latest"}), root(first.blocks),
    }) == 5  # fmt: skip


def rezipped(data: bytes, name: str, change: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    return made.getvalue()


TAMPERED = {
    "a value": ("tasks.jsonl", lambda c: c.replace(b"good", b"evil", 1)),
    "a task less": ("tasks.jsonl", lambda c: b"\n".join(c.split(b"\n")[1:])),
    "tasks swapped": ("tasks.jsonl", lambda c: b"".join(reversed(c.splitlines(keepends=True)))),
    "cut off": ("tasks.jsonl", lambda c: c[:-5]),
    "no tasks": ("tasks.jsonl", lambda c: b"[]\n"),
    "the config": ("label_config.xml", lambda c: c + b" "),
    "the filters": ("manifest.json", lambda c: c.replace(b'"filters": {}', b'"filters": {"a": 1}')),
    "the manifest broken": ("manifest.json", lambda c: c[:-9]),
    "another manifest": ("manifest.json", lambda c: b'{"kind": "other"}'),
    "a later version": ("manifest.json", lambda c: c.replace(b'"version": 1', b'"version": 9')),
    "NaN": ("tasks.jsonl", lambda c: c.replace(b'"data":{', b'"data":{"n":NaN,', 1)),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_a_snapshot_that_was_changed_is_refused(case: str) -> None:
    whole = export("SNAPSHOT", [task(n, annotation(choice("good"))) for n in (3, 4)], TEXTS)[0]

    found = read(rezipped(whole, *TAMPERED[case]))

    assert [entry for entry in found if isinstance(entry, Problem) and not entry.warning]


def test_differences_are_told_by_task_annotation_and_region() -> None:
    before = [
        task(1, annotation(choice("good"))),
        task(2, annotation(box(x=1, y=1, w=5, h=5, id="a"), box(x=2, y=2, w=5, h=5, id="b"))),
        task(3, annotation(choice("good"))),
        task(5),
    ]
    after = copy.deepcopy([before[0], before[1], before[3], task(9)])
    result = after[1]["annotations"][0]["result"]
    result[0]["value"]["x"] = 7
    result[1] = box(x=2, y=2, w=5, h=5, id="c")
    after[2]["data"] = {"text": "changed"}
    after[2]["annotations"] = [annotation(span(0, 2, "PER"), number=77)]

    found = list(differences(before, after))

    assert found == [
        None,
        {
            "task": 2,
            "change": "changed",
            "annotations": [
                {
                    "id": 11,
                    "change": "changed",
                    "regions": [
                        {"id": "a", "change": "changed", "fields": ["box"]},
                        {"id": "b", "change": "removed"},
                        {"id": "c", "change": "added"},
                    ],
                }
            ],
        },
        {"task": 3, "change": "removed"},
        {"task": 5, "change": "changed", "fields": ["data"], "annotations": [{"id": 77, "change": "added"}]},
        {"task": 9, "change": "added"},
    ]


@given(st.sets(st.integers(1, 30)), st.sets(st.integers(1, 30)))
def test_every_task_of_either_side_is_told_once(left: set[int], right: set[int]) -> None:
    found = list(differences([task(n) for n in sorted(left)], [task(n) for n in sorted(right)]))

    told = {entry["task"]: entry["change"] for entry in found if entry}
    assert told == {n: "removed" for n in left - right} | {n: "added" for n in right - left}
    assert found.count(None) == len(left & right)


def test_numbers_that_are_none_become_null_rather_than_break_the_file() -> None:
    line = record_line({"id": 1, "data": {"n": [float("nan"), float("inf"), 1.5]}})

    assert json.loads(line) == {"id": 1, "data": {"n": [None, None, 1.5]}}
