"""Whether annotators agree enough."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.projects.rules import read_project_fields
from chalicelib.domain.tasks.agreement import may_want_another, pairwise, with_another
from chalicelib.errors import InvalidInputError
from tests.unit.domain.engine.builders import make_annotation, make_project, make_task


def said(number: int, *labels: str, **fields: Any) -> Annotation:
    """An annotation that answers one control per label."""
    result = [
        {"id": f"r{number}{i}", "from_name": f"c{i}", "value": {"choices": [label]}}
        for i, label in enumerate(labels)
    ]
    return make_annotation(number, user=number, result=result, **fields)


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([said(1, "a")], None, id="one"),
        pytest.param([said(1, "a"), said(2, "a")], 1, id="alike"),
        pytest.param([said(1, "a"), said(2, "b")], 0, id="different"),
        pytest.param([said(1, "a", "b"), said(2, "a", "c")], 0.5, id="one of two controls"),
        pytest.param([said(1, "a", "b"), said(2, "a")], 0.5, id="one left a control out"),
        pytest.param([said(1), said(2)], 1, id="both found nothing"),
        pytest.param([said(1), said(2, "a")], 0, id="one found nothing"),
        pytest.param([said(1, "a"), said(2, "a"), said(3, "b")], 1 / 3, id="one of three pairs"),
        pytest.param([said(1, "a"), said(2, "a", was_cancelled=True)], None, id="skips are left out"),
        pytest.param([said(1, "a"), said(2, "b", ground_truth=True)], None, id="so is ground truth"),
    ],
)
def test_how_far_annotations_agree(annotations: list[Annotation], expected: float | None) -> None:
    assert pairwise(annotations) == pytest.approx(expected)


@given(st.lists(st.lists(st.sampled_from("ab"), max_size=3), min_size=2, max_size=5), st.randoms())
def test_agreement_is_a_share_whatever_the_order(labels: list[list[str]], rng: Any) -> None:
    annotations = [said(number, *each) for number, each in enumerate(labels, 1)]
    shuffled = list(annotations)
    rng.shuffle(shuffled)

    found = pairwise(annotations)

    assert found is not None
    assert 0 <= found <= 1
    assert pairwise(shuffled) == pytest.approx(found)


@pytest.mark.parametrize(
    ("answers", "overlap", "settings", "expected"),
    [
        pytest.param(2, 2, {}, True, id="complete"),
        pytest.param(1, 2, {}, False, id="answers are missing"),
        pytest.param(3, 3, {}, True, id="one was asked already"),
        pytest.param(4, 4, {}, False, id="as many as are allowed"),
        pytest.param(2, 2, {"agreement_threshold": None}, False, id="not wanted"),
        pytest.param(2, 2, {"max_additional_annotators_assignable": 0}, False, id="none allowed"),
    ],
)
def test_when_one_more_may_be_asked(
    answers: int, overlap: int, settings: dict[str, Any], expected: bool
) -> None:
    defaults = {"agreement_threshold": 0.7, "max_additional_annotators_assignable": 2}
    project = make_project(maximum_annotations=2, **{**defaults, **settings})
    task = make_task(*((user, "") for user in range(2, 2 + answers)), overlap=overlap)

    assert may_want_another(task, project) is expected


@pytest.mark.parametrize(("agreement", "overlap"), [(0.0, 3), (0.69, 3), (0.7, 2), (1.0, 2), (None, 2)])
def test_one_more_is_asked_below_the_threshold(agreement: float | None, overlap: int) -> None:
    project = make_project(agreement_threshold=0.7, max_additional_annotators_assignable=1)

    assert with_another(make_task(overlap=2), project, [], lambda _: agreement).overlap == overlap


@pytest.mark.parametrize(("given", "kept"), [(None, None), (0, 0), (1, 1), (0.7, 0.7), ("0.7", 0.7)])
def test_thresholds(given: object, kept: float | None) -> None:
    assert read_project_fields({"agreement_threshold": given}) == {"agreement_threshold": kept}


@pytest.mark.parametrize("given", [True, "much", "nan", -0.1, 1.1, 70, [], 10**400])
def test_wrong_thresholds_are_refused(given: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_project_fields({"agreement_threshold": given})

    assert [fault.place for fault in refused.value.faults] == ["agreement_threshold"]
