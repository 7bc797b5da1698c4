"""How many annotations use a label: each once for each control, however often the label is in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.projects.tally import Tally, label_key, tally_of, tally_value
from chalicelib.ids import AnnotationId, ProjectId, TaskId, UserId

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def item(kind: str, value: Any, *, control: str = "kind") -> dict[str, Any]:
    return {"from_name": control, "to_name": "text", "type": kind, "value": {kind: value}}


def annotation(result: list[Any]) -> Annotation:
    return Annotation(
        id=AnnotationId(1),
        task_id=TaskId(1),
        project_id=ProjectId(1),
        completed_by=UserId(1),
        created_at=NOW,
        updated_at=NOW,
        unique_id="u",
        result=result,
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Cat", 2),
        (["Cat"], 2),
        ([["Cat"]], 2),
        ([["Animals", "Cat"]], 1),
        ([["Animals"]], 1),
        (["Cat", "Dog"], 1),
        (["Dog", "Cat"], 0),
        ("Dog", 1),
        ("Animals", 1),
        ("Horse", 0),
        (7, 0),
    ],
)
def test_a_labels_users(value: Any, expected: int) -> None:
    tally = Tally()
    for result in (
        [item("choices", ["Cat"]), item("choices", ["Cat", "Dog"])],
        [item("choices", ["Cat"], control="other")],
        [item("choices", ["Cat"]), item("taxonomy", [["Animals", "Cat"], ["Animals"]])],
        [item("textarea", "Cat"), {"type": "relation"}],
    ):
        tally.see_annotations([annotation(result)])

    again = tally_of(json.loads(json.dumps(tally_value(tally))))
    both = Tally()
    both.add(again)
    both.add(tally)

    assert again.used_by["kind"].get(label_key(value), 0) == expected
    assert both.used_by["kind"].get(label_key(value), 0) == 2 * expected
