"""What submitting, changing and removing annotations does to a task, its counts and its history."""

from __future__ import annotations

from hashlib import blake2b

import pytest

from chalicelib.auth.principals import Role
from chalicelib.domain.annotations.differences import Difference
from chalicelib.domain.json_values import Json
from chalicelib.domain.tasks.changes import NewAnnotation, NewDraft, NewPrediction, NewTask
from chalicelib.domain.workflow.presets import TaskState
from chalicelib.errors import (
    AlreadyExistsError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    StaleVersionError,
)
from chalicelib.ids import AnnotationId, DraftId, TaskId
from tests.engine import Engine, assert_counts_are_right, choice, person


def test_a_submitted_annotation_is_there_and_labels_its_task(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]

    made = engine.annotations.create(person(2), task_id, NewAnnotation(result=choice("neg"), lead_time=3.5))

    assert engine.annotations.get(person(3), made.id) == made
    detail = engine.tasks.get(person(2), task_id)
    task = detail.whole.task
    assert task.is_labeled
    assert task.state == TaskState.LABELED
    assert task.completed_at == made.created_at
    assert task.avg_lead_time == 3.5
    assert task.annotation_ids == (made.id,)
    assert detail.family.annotations == [made]
    assert_counts_are_right(engine, project.id)


def test_overlap_asks_for_that_many_annotations(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    task_id = engine.add(project, 1).task_ids[0]

    engine.submit(2, task_id)
    half = engine.tasks.get(person(2), task_id).whole.task
    engine.submit(3, task_id)
    whole = engine.tasks.get(person(2), task_id).whole.task

    assert (half.state, half.is_labeled) == (TaskState.IN_PROGRESS, False)
    assert (whole.state, whole.is_labeled) == (TaskState.LABELED, True)
    assert [step.state for step in whole.history] == [TaskState.IN_PROGRESS, TaskState.LABELED]
    assert_counts_are_right(engine, project.id)


def test_a_skip_counts_as_cancelled_and_leaves_the_task_open(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]

    engine.skip(2, task_id)

    task = engine.tasks.get(person(2), task_id).whole.task
    assert (task.total_annotations, task.cancelled_annotations, task.is_labeled) == (0, 1, False)
    assert task.state == TaskState.SKIPPED
    assert engine.annotations.of_task(person(2), task_id) == []
    assert_counts_are_right(engine, project.id)


def test_with_ignore_skipped_a_skip_finishes_the_task(engine: Engine) -> None:
    project = engine.project(skip_queue="IGNORE_SKIPPED")
    task_id = engine.add(project, 1).task_ids[0]

    engine.skip(2, task_id)

    assert engine.tasks.get(person(2), task_id).whole.task.is_labeled


def test_a_task_that_cannot_be_skipped_refuses_a_skip(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add_all(project, [NewTask(data={"text": "x"}, allow_skip=False)]).task_ids[0]

    with pytest.raises(InvalidInputError):
        engine.skip(2, task_id)


def test_unskipping_moves_one_between_the_counters(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    annotation_id = AnnotationId(engine.skip(2, task_id))

    engine.annotations.update(person(2), annotation_id, {"was_cancelled": False, "result": choice()})

    task = engine.tasks.get(person(2), task_id).whole.task
    assert (task.total_annotations, task.cancelled_annotations, task.is_labeled) == (1, 0, True)
    assert_counts_are_right(engine, project.id)


def test_ground_truth_is_exclusive_within_a_task(engine: Engine) -> None:
    project = engine.project(maximum_annotations=3)
    task_id = engine.add(project, 1).task_ids[0]
    first = AnnotationId(engine.submit(2, task_id, ground_truth=True))
    second = AnnotationId(engine.submit(3, task_id, ground_truth=True))

    assert not engine.annotations.get(person(2), first).ground_truth
    engine.annotations.update(person(2), first, {"ground_truth": True})

    assert engine.annotations.get(person(2), first).ground_truth
    assert not engine.annotations.get(person(2), second).ground_truth
    assert engine.counts(project).ground_truth_number == 1
    assert engine.counts(project).useful_annotation_number == 1
    assert_counts_are_right(engine, project.id)


def test_every_earlier_version_is_kept(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    annotation_id = AnnotationId(engine.submit(2, task_id, result=choice("pos")))

    engine.annotations.update(person(2), annotation_id, {"result": choice("neg")})
    engine.annotations.update(person(3), annotation_id, {"result": []})

    versions = engine.history.history(person(2), annotation_id).versions
    assert [list(version.result) for version in versions] == [choice("pos"), choice("neg"), []]
    assert [version.updated_by for version in versions] == [2, 2, 3]
    engine.annotations.delete(person(2), annotation_id)
    kept = engine.store.annotation_versions(annotation_id)
    assert [list(version.result) for version in kept] == [choice("pos"), choice("neg"), []]
    engine.submit(3, task_id)
    assert engine.store.earlier_annotations(task_id) == kept
    (removed,) = engine.history.removed(person(2), task_id)
    assert (removed.id, removed.version) == (annotation_id, 3)


def test_an_edit_of_an_old_version_is_refused(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    annotation_id = AnnotationId(engine.submit(2, task_id))
    engine.annotations.update(person(2), annotation_id, {"result": choice("neg")}, if_version=1)

    with pytest.raises(StaleVersionError):
        engine.annotations.update(person(2), annotation_id, {"result": []}, if_version=1)

    assert list(engine.annotations.get(person(2), annotation_id).result) == choice("neg")


def test_a_unique_id_exists_once(engine: Engine) -> None:
    project = engine.project(maximum_annotations=5)
    first, second = engine.add(project, 2).task_ids
    made = engine.submit(2, first, unique_id="b2f1c1de-0000-4000-8000-000000000001")

    for task_id in (first, second):
        with pytest.raises(AlreadyExistsError):
            engine.submit(2, task_id, unique_id="b2f1c1de-0000-4000-8000-000000000001")

    again = NewAnnotation(result=choice(), unique_id="b2f1c1de-0000-4000-8000-000000000001")
    assert engine.annotations.create(person(2), first, again, replay=True).id == made
    assert engine.counts(project).total_annotations_number == 1


def test_a_unique_id_is_free_again_after_deletion(engine: Engine) -> None:
    project = engine.project(maximum_annotations=5)
    task_id = engine.add(project, 1).task_ids[0]
    made = engine.submit(2, task_id, unique_id="u-1")

    engine.annotations.delete(person(2), AnnotationId(made))

    assert engine.submit(2, task_id, unique_id="u-1") == made + 1


def test_numbers_of_deleted_annotations_are_never_given_again(engine: Engine) -> None:
    project = engine.project(maximum_annotations=5)
    task_id = engine.add(project, 1).task_ids[0]
    first = engine.submit(2, task_id)
    engine.annotations.delete(person(2), AnnotationId(first))

    assert engine.submit(2, task_id) == first + 1


def test_deleting_the_annotation_reopens_the_task(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    annotation_id = AnnotationId(engine.submit(2, task_id, lead_time=2.0))

    engine.annotations.delete(person(2), annotation_id)

    task = engine.tasks.get(person(2), task_id).whole.task
    assert (task.is_labeled, task.state, task.avg_lead_time) == (False, TaskState.UNLABELED, None)
    assert engine.next_id(2, project) == task_id
    with pytest.raises(NotFoundError):
        engine.annotations.get(person(2), annotation_id)
    assert_counts_are_right(engine, project.id)


def test_a_draft_gives_its_date_and_goes(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    draft = engine.drafts.create(person(2), task_id, NewDraft(result=choice()))

    made = engine.annotations.create(person(2), task_id, NewAnnotation(result=choice(), draft_id=draft.id))

    assert made.draft_created_at == draft.created_at
    assert engine.drafts.of_task(person(2), task_id) == []
    assert_counts_are_right(engine, project.id)


def test_somebody_elses_draft_is_forbidden(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    draft = engine.drafts.create(person(2), task_id, NewDraft(result=choice()))

    for draft_id in (draft.id, DraftId(draft.id + 1)):
        with pytest.raises(ForbiddenError):
            engine.submit(3, task_id, draft_id=draft_id)

    assert engine.counts(project).total_annotations_number == 0


def test_converting_to_a_draft_takes_the_annotation_away(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    annotation_id = AnnotationId(engine.submit(2, task_id, result=choice("neg"), lead_time=4.0))

    draft = engine.annotations.convert_to_draft(person(2), annotation_id)

    assert (list(draft.result), draft.lead_time, draft.user_id) == (choice("neg"), 4.0, 2)
    assert engine.drafts.get(person(2), draft.id) == draft
    assert engine.counts(project).total_annotations_number == 0
    assert_counts_are_right(engine, project.id)


def test_saving_an_annotation_deletes_the_drafts_bound_to_it(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    annotation_id = AnnotationId(engine.submit(2, task_id))
    bound = engine.drafts.create(person(2), task_id, NewDraft(), annotation_id=annotation_id)
    free = engine.drafts.create(person(2), task_id, NewDraft())
    assert engine.drafts.of_annotation(person(2), task_id, annotation_id) == [bound]

    engine.annotations.update(person(2), annotation_id, {"result": []})

    assert engine.drafts.of_task(person(2), task_id) == [free]


@pytest.mark.parametrize("regions", [0, 1, 10_000])
def test_results_of_any_size_come_back_as_they_went(engine: Engine, regions: int) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    result: list[Json] = [
        {"id": blake2b(str(i).encode()).hexdigest()[:20], "value": {"x": i / 7.0, "text": "日本 ☃"}}
        for i in range(regions)
    ]

    made = engine.annotations.create(person(2), task_id, NewAnnotation(result=result))

    assert list(engine.annotations.get(person(2), made.id).result) == result
    assert bool(engine.blobs.content) == (regions == 10_000 and engine.client is not None)


def test_numbers_that_json_does_not_have_are_refused(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]

    with pytest.raises(InvalidInputError):
        engine.submit(2, task_id, result=[{"value": float("nan")}])

    assert engine.counts(project).total_annotations_number == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"lead_time": float("nan")},
        {"lead_time": 1e300},
        {"unique_id": "x" * 5000},
        {"unique_id": "\ud800"},
        {"import_id": 10**40},
        {"parent_prediction": 10**40},
        {"result": "text"},
    ],
)
def test_what_cannot_be_stored_is_refused_before_anything_is(
    dynoxide_engine: Engine, fields: dict[str, object]
) -> None:
    engine = dynoxide_engine
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]

    with pytest.raises(InvalidInputError):
        engine.submit(2, task_id, **fields)

    assert engine.counts(project).total_annotations_number == 0


@pytest.mark.parametrize("number", [1e-264, 5e-324, -1e-200, 1e99, -0.0, 0.1 + 0.2])
def test_numbers_of_any_magnitude_can_be_stored(engine: Engine, number: float) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]

    new = NewPrediction(result=choice(), score=number, neighbors=[{"d": number}])
    made = engine.predictions.create(person(1), task_id, new)

    found = engine.predictions.get(person(1), made.id)
    assert found.score == pytest.approx(number, abs=1e-130, rel=1e-15)
    assert found.neighbors == [{"d": number}]


def test_others_organizations_see_nothing(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    annotation_id = AnnotationId(engine.submit(2, task_id))
    stranger = person(9, organization=2)

    with pytest.raises(NotFoundError):
        engine.annotations.get(stranger, annotation_id)
    with pytest.raises(NotFoundError):
        engine.annotations.create(stranger, task_id, NewAnnotation())
    with pytest.raises(NotFoundError):
        engine.next_task.next(stranger, project.id)


def test_an_annotator_changes_only_their_own(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    annotation_id = AnnotationId(engine.submit(2, task_id))

    with pytest.raises(ForbiddenError):
        engine.annotations.update(person(3, role=Role.ANNOTATOR), annotation_id, {"result": []})
    own = engine.annotations.update(person(2, role=Role.ANNOTATOR), annotation_id, {"result": []})

    assert list(own.result) == []


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"result": {}}, "result"),
        ({"was_cancelled": "yes"}, "was_cancelled"),
        ({"lead_time": "long"}, "lead_time"),
        ({"lead_time": float("inf")}, "lead_time"),
        ({"completed_by": -1}, "completed_by"),
    ],
)
def test_wrong_fields_are_refused_with_their_place(
    dynoxide_engine: Engine, fields: dict[str, object], place: str
) -> None:
    engine = dynoxide_engine
    project = engine.project()
    annotation_id = AnnotationId(engine.submit(2, engine.add(project, 1).task_ids[0]))

    with pytest.raises(InvalidInputError) as refused:
        engine.annotations.update(person(2), annotation_id, fields)

    assert [fault.place for fault in refused.value.faults] == [place]


def test_annotations_of_tasks_can_be_cleared(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    ids = engine.add(project, 3).task_ids
    for task_id in ids:
        engine.submit(2, task_id)
        engine.submit(3, task_id)

    assert engine.annotations.delete_of_tasks(person(1), project.id, ids[:2], annotator=2) == 2
    assert engine.annotations.delete_of_tasks(person(1), project.id, ids) == 4

    assert engine.counts(project).total_annotations_number == 0
    assert_counts_are_right(engine, project.id)


@pytest.mark.parametrize("task_id", [0, -5, 1, 2**60])
def test_unknown_tasks_are_not_found(engine: Engine, task_id: int) -> None:
    with pytest.raises(NotFoundError):
        engine.annotations.create(person(2), TaskId(task_id), NewAnnotation())


# ---- history


def edited_twice(engine: Engine) -> AnnotationId:
    """An annotation with three versions: pos, neg, neg as ground truth."""
    task_id = engine.add(engine.project(), 1).task_ids[0]
    annotation_id = AnnotationId(engine.submit(2, task_id, lead_time=2.5))
    engine.annotations.update(person(2), annotation_id, {"result": choice("neg"), "lead_time": 4})
    engine.annotations.update(person(3), annotation_id, {"ground_truth": True})
    return annotation_id


def test_an_earlier_version_is_restored_as_a_new_one(engine: Engine) -> None:
    annotation_id = edited_twice(engine)

    restored = engine.history.restore(person(4), annotation_id, 1, if_version=3)

    history = engine.history.history(person(2), annotation_id)
    assert [version.version for version in history.versions] == [1, 2, 3, 4]
    assert history.newest == restored == engine.annotations.get(person(2), annotation_id)
    first = history.versions[0]
    assert (restored.result, restored.lead_time, restored.ground_truth) == (first.result, 2.5, False)
    assert (restored.updated_by, restored.completed_by) == (4, 2)
    assert engine.history.difference(person(2), annotation_id, 1, 4) == Difference()
    assert_counts_are_right(engine, restored.project_id)


def test_a_deleted_annotation_keeps_its_versions_and_comes_back(engine: Engine) -> None:
    annotation_id = edited_twice(engine)
    engine.annotations.delete(person(2), annotation_id)
    history = engine.history.history(person(2), annotation_id)
    assert (len(history.versions), history.is_deleted) == (3, True)

    with pytest.raises(StaleVersionError):
        engine.history.restore(person(2), annotation_id, 2, if_version=2)
    restored = engine.history.restore(person(2), annotation_id, 2, if_version=3)

    assert engine.annotations.get(person(2), annotation_id) == restored
    assert (restored.version, restored.result) == (4, choice("neg"))
    task = engine.tasks.get(person(2), restored.task_id).whole.task
    assert task.is_labeled
    assert task.annotation_ids == (annotation_id,)
    assert engine.history.history(person(2), annotation_id).is_deleted is False
    engine.annotations.delete(person(2), annotation_id)
    assert len(engine.history.history(person(2), annotation_id).versions) == 4
    assert_counts_are_right(engine, restored.project_id)


def test_what_became_ground_truth_meanwhile_stays_it(engine: Engine) -> None:
    annotation_id = edited_twice(engine)
    task_id = engine.annotations.get(person(2), annotation_id).task_id
    engine.annotations.delete(person(2), annotation_id)
    other = engine.submit(5, task_id, ground_truth=True)

    restored = engine.history.restore(person(2), annotation_id, 3)

    assert not restored.ground_truth
    assert engine.annotations.get(person(2), AnnotationId(other)).ground_truth
    assert_counts_are_right(engine, restored.project_id)


def test_a_unique_id_that_was_taken_meanwhile_keeps_the_deleted_one_away(engine: Engine) -> None:
    task_id = engine.add(engine.project(), 1).task_ids[0]
    annotation_id = AnnotationId(engine.submit(2, task_id, unique_id="mine"))
    engine.annotations.delete(person(2), annotation_id)
    engine.submit(3, task_id, unique_id="mine")

    with pytest.raises(AlreadyExistsError):
        engine.history.restore(person(2), annotation_id, 1)


def test_restoring_asks_for_the_right_to_change_the_annotation(engine: Engine) -> None:
    annotation_id = edited_twice(engine)
    other, author = person(9, role=Role.ANNOTATOR), person(2, role=Role.ANNOTATOR)

    with pytest.raises(ForbiddenError):
        engine.history.restore(other, annotation_id, 1)
    with pytest.raises(NotFoundError):
        engine.history.restore(person(2, organization=7), annotation_id, 1)
    with pytest.raises(NotFoundError):
        engine.history.restore(author, annotation_id, 9)
    with pytest.raises(ConflictError):
        engine.history.restore(author, annotation_id, 3)
    assert engine.history.restore(author, annotation_id, 1).version == 4
    engine.annotations.delete(author, annotation_id)
    with pytest.raises(ForbiddenError):
        engine.history.restore(other, annotation_id, 1)
    engine.tasks.delete(person(1), engine.history.history(author, annotation_id).newest.task_id)
    with pytest.raises(NotFoundError):
        engine.history.history(author, annotation_id)
