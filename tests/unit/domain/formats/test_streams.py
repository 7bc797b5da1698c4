from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.formats import registry
from chalicelib.domain.formats.contract import LossReport
from chalicelib.domain.formats.delimited import Columns
from chalicelib.domain.formats.formulas import guarded, unguarded
from chalicelib.errors import InvalidInputError
from tests.unit.domain.formats.builders import (
    IMAGES,
    TEXTS,
    annotation,
    answer,
    box,
    choice,
    context,
    export,
    span,
    table,
    task,
)
from tests.unit.domain.formats.sdk_converter import converted

STREAMS = [format.id for format in registry.FORMATS if format.layout == "stream"]
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def samples() -> list[dict[str, Any]]:
    everything = annotation(
        choice("good"),
        answer("note", "textarea", {"text": ["one"]}),
        answer("stars", "rating", {"rating": 4}),
        span(0, 2, "PER", "so"),
        span(5, 7, "ORG", "so"),
        number=11,
    )
    several = annotation(choice("good", "bad"), answer("note", "textarea", {"text": ["a", "b"]}), number=12)
    return [
        task(1, everything, several, text='so "good"', n=5, f=1.25, nested={"a": [1]}, flag=True),
        task(2, text="nobody was here"),
        task(3, annotation(choice("bad"), number=13, was_cancelled=True), text="skipped"),
        task(4, annotation(number=14, completed_by={"id": 3, "email": "a@b.c"}), text="nichts\nöä 😀"),
    ]


def rows(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("format_id", ["JSON", "JSONL"])
def test_whole_tasks_come_back_as_they_were(format_id: str) -> None:
    data, losses = export(format_id, samples(), TEXTS)

    lines = data.decode().splitlines()
    read = json.loads(data) if format_id == "JSON" else [json.loads(line) for line in lines]
    assert read == samples()
    assert not losses.counts


@given(st.lists(st.dictionaries(st.text(), JSON_VALUES, max_size=3), max_size=4))
def test_json_export_then_parse_gives_any_data_back(datas: list[dict[str, Any]]) -> None:
    tasks = [{"id": n, "data": data} for n, data in enumerate(datas)]

    assert json.loads(export("JSON", tasks, TEXTS)[0]) == tasks


def test_numbers_that_are_not_finite_become_null_and_are_reported() -> None:
    data, losses = export("JSON", [task(9, text="x", n=float("nan"))], TEXTS)

    assert json.loads(data)[0]["data"]["n"] is None
    assert losses.as_dict() == {"number that is not finite": {"count": 1, "tasks": [9]}}


@given(st.lists(st.floats() | st.none() | st.text(), max_size=5))
def test_no_number_that_json_has_no_word_for_slips_through(values: list[Any]) -> None:
    shared = float("nan")

    data, losses = export("JSON", [task(9, v=values), task(10, a=shared, b=[shared, None])], TEXTS)

    found = json.loads(data)
    finite = [None if isinstance(v, float) and not math.isfinite(v) else v for v in values]
    assert [entry["data"] for entry in found] == [{"v": finite}, {"a": None, "b": [None, None]}]
    assert losses.counts["number that is not finite"] == 1 + (finite != values)


@pytest.mark.parametrize("value", [2**70, -(2**64), [[[[]]]] * 3, "\ud83d", 1e300])
def test_what_the_quick_way_cannot_do_is_written_all_the_same(value: Any) -> None:
    assert json.loads(export("JSON", [task(1, v=value)], TEXTS)[0])[0]["data"] == {"v": value}


def test_lone_surrogates_survive_json_and_are_reported_in_csv() -> None:
    tasks = [task(9, text="a\ud800b")]

    assert json.loads(export("JSON", tasks, TEXTS)[0]) == tasks
    data, losses = export("CSV", tasks, TEXTS)
    assert rows(data)[0]["text"] == "a\ufffdb"
    assert losses.counts == {"lone surrogate": 1}


@pytest.mark.parametrize("format_id", STREAMS)
@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4])
def test_parts_joined_are_the_file_written_at_once(format_id: str, cut: int) -> None:
    format = registry.format_named(format_id)
    whole = export(format_id, samples(), TEXTS)[0]

    used = context(TEXTS)
    first, second = registry.survey_for(format, used), registry.survey_for(format, used)
    if first is not None and second is not None:
        second.see(samples()[cut:])
        first.see(samples()[:cut])
        first.merge(second)
        used.survey = registry.survey_for(format, used)
        assert used.survey is not None
        used.survey.load(json.loads(json.dumps(first.as_dict())))
    writer = format.open(used)
    parts = [list(writer.part(samples()[:cut])), list(writer.part(samples()[cut:]))]
    assert b"".join(registry.joined(writer, parts)) == whole


@pytest.mark.parametrize("format_id", STREAMS)
def test_no_tasks_give_a_valid_file(format_id: str) -> None:
    data = export(format_id, [], TEXTS)[0]

    if format_id.startswith("JSON"):
        assert json.loads(data or b"[]") == []
    assert data == data.strip(b" ")


def test_json_min_has_what_the_sdk_converter_makes_of_the_same_tasks() -> None:
    ours = json.loads(export("JSON_MIN", samples(), TEXTS)[0])

    theirs = json.loads(converted("JSON_MIN", samples(), TEXTS)["result.json"])
    assert ours == theirs


@pytest.mark.parametrize(("format_id", "delimiter"), [("CSV", ","), ("TSV", "\t")])
def test_tables_have_what_the_sdk_converter_makes_of_the_same_tasks(format_id: str, delimiter: str) -> None:
    ours = export(format_id, samples(), TEXTS, guard_formulas=False)[0]

    theirs = converted(format_id, samples(), TEXTS)["result.csv"]
    assert rows(ours, delimiter) == rows(theirs, delimiter)
    assert ours == theirs


def test_a_task_whose_annotations_are_all_cancelled_vanishes_and_is_reported() -> None:
    data, losses = export("JSON_MIN", samples(), TEXTS)

    assert {record["id"] for record in json.loads(data)} == {1, 2, 4}
    assert losses.as_dict()["cancelled annotation"] == {"count": 1, "tasks": [3]}


@pytest.mark.parametrize("format_id", ["JSON_MIN", "CSV"])
def test_data_named_like_a_control_or_a_column_is_kept_beside_it(format_id: str) -> None:
    tasks = [task(7, annotation(choice("good")), text="t", kind="data", id="mine", _data_id="taken")]

    data = export(format_id, tasks, TEXTS)[0]

    record = json.loads(data)[0] if format_id == "JSON_MIN" else rows(data)[0]
    assert (record["kind"], record["_data_kind"]) == ("good", "data")
    assert str(record["id"]) == "7"
    assert {record["_data_id"], record["__data_id"]} == {"mine", "taken"}


def test_relations_and_stale_controls_are_reported() -> None:
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"}
    gone = answer("gone", "choices", {"choices": ["x"]})

    losses = export("CSV", [task(5, annotation(relation, gone, choice("good")))], TEXTS)[1]

    assert losses.counts == {"relation": 1, "control not in the config": 1}


def test_odd_results_do_not_raise() -> None:
    odd = [
        None,
        5,
        {"from_name": "kind"},
        {"from_name": ["x"], "value": {}},
        choice(),
        answer("note", "textarea", {}),
    ]

    for format in registry.FORMATS:
        export(format.id, [task(5, annotation(*odd)), {"id": 6, "data": None}, {"id": 7}], TEXTS)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''=1"])
def test_cells_like_formulas_are_guarded_and_come_back(text: str) -> None:
    data = export("CSV", [task(1, text=text)], TEXTS)[0]

    cell = rows(data)[0]["text"]
    assert cell == f"'{text}"
    assert unguarded(cell) == text


@given(st.text())
def test_unguarding_undoes_guarding(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_guarding_can_be_turned_off() -> None:
    assert rows(export("CSV", [task(1, text="=1+1")], TEXTS, guard_formulas=False)[0])[0]["text"] == "=1+1"


def test_a_table_reads_back_with_pandas() -> None:
    import pandas

    frame = pandas.read_csv(io.BytesIO(export("CSV", samples(), TEXTS)[0]))

    assert list(frame["annotation_id"].dropna()) == [12, 11, 14]
    assert frame["text"][3] == "nichts\nöä 😀"


def test_columns_are_the_same_whatever_part_saw_them_first() -> None:
    one, other = Columns(context(TEXTS)), Columns(context(TEXTS))
    one.see(samples()[:1])
    one.merge(other)
    other.see(samples())

    assert one.names == other.names == sorted(one.names)


def test_reports_merge_as_if_written_at_once() -> None:
    one, other = LossReport(), LossReport()
    for number in range(4):
        one.add("x", number)
    for number in range(3, 8):
        other.add("x", number)
    other.add("y", times=3)
    one.merge(other)

    assert one.as_dict() == {"x": {"count": 9, "tasks": [0, 1, 2, 3, 4]}, "y": {"count": 3, "tasks": []}}


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInputError, match="JSON_MIN"):
        registry.format_named("PPTX")


def test_formats_that_do_not_fit_are_listed_last_and_disabled() -> None:
    listed = registry.format_list(table(TEXTS))

    disabled = [entry["name"] for entry in listed if entry.get("disabled")]
    assert "COCO" in disabled
    assert [entry["name"] for entry in listed][-len(disabled) :] == disabled
    with pytest.raises(InvalidInputError):
        registry.fitting_format("COCO", table(TEXTS))
    assert registry.fitting_format("coco", table(IMAGES)).id == "COCO"


def test_repeater_names_match_by_pattern() -> None:
    parsed = {
        "kind_{{idx}}": {
            "type": "Choices",
            "to_name": ["t"],
            "inputs": [],
            "labels": [],
            "regex": {"{{idx}}": ".*"},
        }
    }
    from chalicelib.domain.formats.control_table import ControlTable

    controls = ControlTable(parsed)
    assert controls.of("kind_12") is controls.controls["kind_{{idx}}"]
    assert controls.of("other") is None
    assert box()["from_name"] == "box"
