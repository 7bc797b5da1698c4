"""Which annotations of a task are exported."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.picking import agreement_of, picked
from chalicelib.ids import AnnotationId, ProjectId, TaskId, UserId

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def made(number: int, *choices: str, **changes: Any) -> Annotation:
    result: list[Any] = [
        {"id": f"r{number}", "from_name": "c", "value": {"choices": [name]}} for name in choices
    ]
    one = Annotation(
        id=AnnotationId(number),
        task_id=TaskId(1),
        project_id=ProjectId(1),
        completed_by=UserId(number),
        created_at=NOW + timedelta(minutes=number),
        updated_at=NOW,
        result=result,
        unique_id=str(number),
    )
    return replace(one, **changes)


A, B, B2, C = made(1, "a"), made(2, "b"), made(3, "b"), made(4, "c")
SKIP = made(5, was_cancelled=True)

CASES = {
    "all": ([A, B, SKIP], "all", [1, 2, 5]),
    "the newest": ([A, C, B], "latest", [4]),
    "a skip stays and is not the newest": ([A, B, SKIP], "latest", [2, 5]),
    "most agree": ([A, B, B2, C], "majority", [3]),
    "of equals the newest": ([A, B, C], "majority", [4]),
    "of equals the ground truth": ([replace(A, ground_truth=True), B, C], "majority", [1]),
    "nothing to choose from": ([A], "majority", [1]),
    "only skips": ([SKIP], "latest", [5]),
    "none": ([], "majority", []),
    "ids do not matter, order neither": (
        [made(1, "a", "b"), made(2, "b", "a"), made(3, "a")],
        "majority",
        [2],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_annotations_that_are_asked_for_are_kept_in_their_order(case: str) -> None:
    given, which, expected = CASES[case]

    assert [annotation.id for annotation in picked(given, which)] == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("annotations", "agreement"),
    [
        ([], None),
        ([A], None),
        ([A, SKIP], None),
        ([A, B], 0),
        ([B, B2], 1),
        ([A, B, B2], 1 / 3),
        ([made(1), made(2)], 1),
        ([A, made(2)], 0),
    ],
)
def test_agreement_is_the_mean_over_pairs(annotations: list[Annotation], agreement: float | None) -> None:
    assert agreement_of(annotations) == agreement
    assert agreement_of(annotations[::-1]) == agreement
