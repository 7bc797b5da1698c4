"""Items that belong together, and that nothing untouched changes."""

from __future__ import annotations

import copy
from itertools import count

from chalicelib.domain.results.regions import (
    Item,
    labels_of,
    own_value,
    regions_of,
    relations_of,
    with_fresh_ids,
    without_dangling,
)

RESULT: list[Item] = [
    {"id": "a", "type": "rectangle", "value": {"x": 1}, "from_name": "r", "to_name": "i", "mystery": [1]},
    {"id": "a", "type": "labels", "value": {"x": 1, "labels": ["Car"]}, "from_name": "l", "to_name": "i"},
    {"type": "choices", "value": {"choices": [["Top", "Sub"], "Plain"]}, "from_name": "c", "to_name": "i"},
    {"id": "b", "type": "textarea", "value": {"text": ["hi"]}, "parentID": "a"},
    {"type": "relation", "from_id": "a", "to_id": "b", "direction": "bi"},
    {"type": "relation", "from_id": "a", "to_id": "gone"},
]


def test_items_of_one_id_are_one_region() -> None:
    regions = regions_of(RESULT)
    assert [region.id for region in regions] == ["a", "", "b"]
    assert [len(region.items) for region in regions] == [2, 1, 1]
    assert regions[0].labels == ["Car"]
    assert len(relations_of(RESULT)) == 2


def test_labels_of_paths_are_their_last_steps() -> None:
    assert labels_of(RESULT[2]) == ["Sub", "Plain"]
    assert labels_of(RESULT[3]) == []
    assert own_value(RESULT[3]) == ["hi"]
    assert own_value(RESULT[0]) is None
    assert own_value({"type": "choices"}) is None


def test_fresh_ids_reach_parents_and_relations_and_nothing_else() -> None:
    before = copy.deepcopy(RESULT)
    numbers = count()
    fresh = with_fresh_ids(RESULT, lambda: f"new{next(numbers)}")
    assert before == RESULT
    assert [item.get("id") for item in fresh] == ["new0", "new0", None, "new1", None, None]
    assert fresh[3]["parentID"] == "new0"
    assert (fresh[4]["from_id"], fresh[4]["to_id"], fresh[5]["to_id"]) == ("new0", "new1", "gone")
    assert fresh[0]["mystery"] == [1]


def test_relations_to_regions_that_are_gone_are_left_out() -> None:
    assert without_dangling(RESULT) == RESULT[:5]
