"""Items against the config, in the words that clients know."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.imports import check_items
from chalicelib.domain.imports.checks import data_types
from chalicelib.domain.imports.items import task_of, with_defaults
from tests.unit.domain.formats.builders import IMAGES, table

TEXT = {"text": "Text"}


def messages(item: Any, keys: dict[str, str] = TEXT) -> list[str]:
    return [fault.message for fault in check_items([item], keys)]


def test_a_missing_key_is_told_with_the_item_and_the_columns_found() -> None:
    (plain,) = messages({"txt": "a"})
    (wrapped,) = messages({"data": {"txt": "a"}})

    assert plain.startswith(
        'Error at item 0: "text" key is expected in task data [assume: item as is = task root with values]'
    )
    assert wrapped.startswith(
        'Error at item 0: "text" key is expected in task data [assume: item["data"] = task root with values]'
    )
    assert plain.endswith(' :: {"txt": "a"}')
    assert '[found: "txt"]' in plain


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        (5, "Task root must be dict"),
        (None, "Task root must be dict"),
        ({"data": "x"}, "Task[data] must be dict or list"),
        ({"text": None}, "is of type 'NoneType', but the object tag Text expects"),
        (
            {"text": {}},
            "data['text']={} is of type 'dict', but the object tag Text expects the following types: ['str'",
        ),
        ({"text": True}, "is of type 'bool'"),
        ({"data": {"text": "a"}, "annotations": {}}, "Task[annotations] must be list"),
        ({"data": {"text": "a"}, "annotations": [5]}, "Annotation must be dict"),
        ({"data": {"text": "a"}, "annotations": [{}]}, 'Annotation must have "result" fields'),
        (
            {"data": {"text": "a"}, "annotations": [{"result": {}}]},
            '"result" field in annotation must be list',
        ),
        (
            {"data": {"text": "a"}, "annotations": [{"result": [5]}]},
            '"result" field in annotation must be list of dict',
        ),
        ({"data": {"text": "a"}, "predictions": [{}]}, 'Prediction must have "result" fields'),
        ({"data": {"text": "a"}, "predictions": 5}, "Task[predictions] must be list"),
        ({"data": {"text": "a"}, "meta": 5}, "Task[meta] must be dict or list"),
    ],
)
def test_each_fault_has_its_text(item: Any, fault: str) -> None:
    (message,) = messages(item)

    assert fault in message


@pytest.mark.parametrize(
    ("item", "keys"),
    [
        ({"text": "a"}, TEXT),
        ({"text": 5, "more": None}, TEXT),
        ({"$undefined$": "a"}, TEXT),
        ({"a.b": "x"}, {"a.b": "Text"}),
        ({"a": {"b": "x"}}, {"a.b": "Text"}),
        ({"pages": [{"url": "x"}]}, {"pages[{{idx}}].url": "Image"}),
        ({"image": ["a", "b"]}, {"image": "Image"}),
        ({"anything": 1}, {}),
        ({"x": {}}, {"x": "SomethingNew"}),
        ({"data": {"text": "a"}, "predictions": [{"result": "neg"}]}, TEXT),
    ],
)
def test_good_items_pass(item: Any, keys: dict[str, str]) -> None:
    assert messages(item, keys) == []


def test_all_faults_of_all_items_are_told() -> None:
    faults = check_items([{"text": "a"}, {}, {"image": 5}], {"text": "Text", "image": "Image"})

    assert [fault.index for fault in faults] == [0, 1, 1, 2, 2]


def test_long_items_are_cut_in_the_message() -> None:
    (message,) = messages({"x": "y" * 100_000})

    assert len(message) < 1000


def test_data_types_come_from_the_config() -> None:
    assert data_types(table(IMAGES)) == {"image": "Image"}


def test_annotations_count_as_truth_unless_they_say_otherwise() -> None:
    assert with_defaults({"id": 5, "result": []}) == {
        "result": [],
        "import_id": 5,
        "ground_truth": True,
        "was_cancelled": False,
    }
    assert with_defaults({"result": [], "ground_truth": False})["ground_truth"] is False


def test_nothing_listed_is_an_empty_list() -> None:
    made = task_of({"data": {"text": "a"}, "annotations": None})

    assert (made.annotations, made.predictions, made.allow_skip) == ([], [], True)
