"""Adding, reading, changing and removing tasks; predictions and drafts; projects and their counts."""

from __future__ import annotations

from hashlib import blake2b

import pytest

from chalicelib.domain.projects.workflows import WantedWorkflow
from chalicelib.domain.tasks.changes import (
    NewAnnotation,
    NewDraft,
    NewPrediction,
    NewTask,
    PlacedTask,
)
from chalicelib.domain.workflow.machine import Kind
from chalicelib.domain.workflow.moves import name_between
from chalicelib.domain.workflow.presets import PLAIN
from chalicelib.errors import InvalidInputError, NotFoundError, StaleVersionError
from chalicelib.ids import AnnotationId, PredictionId, TaskId, UserId, block_of
from chalicelib.storage.task_items import history_of
from tests.counting import Counting
from tests.engine import Engine, assert_counts_are_right, choice, person


def noise(size: int) -> str:
    """Text that does not compress well."""
    return "".join(blake2b(str(i).encode()).hexdigest() for i in range(size // 128 + 1))[:size]


# ---- adding


def test_added_tasks_have_consecutive_ids_and_inner_ids(engine: Engine) -> None:
    project = engine.project()

    first = engine.add(project, 3).task_ids
    second = engine.add(project, 2).task_ids

    assert [*first, *second] == list(range(first[0], first[0] + 5))
    inner_ids = [task.inner_id for task in engine.store.get_many([*first, *second])]
    assert inner_ids == [1, 2, 3, 4, 5]
    assert first[0] % 256 == 0


def test_projects_never_share_a_block(engine: Engine) -> None:
    one, other = engine.project(), engine.project()

    blocks = {block_of(engine.add(project, 1).task_ids[0]) for project in (one, other)}

    assert len(blocks) == 2


def test_a_reservation_past_a_block_goes_on_in_whole_blocks(engine: Engine) -> None:
    project = engine.project()
    small = engine.tasks.reserve(person(1), project.id, 200)
    large = engine.tasks.reserve(person(1), project.id, 600)
    more = engine.tasks.reserve(person(1), project.id, 100)

    ids = [i for r in (small, large, more) for i, _ in r.places()]
    inner = [i for r in (small, large, more) for _, i in r.places()]

    assert len(set(ids)) == 900
    assert inner == list(range(1, 901))
    assert large.ranges[0].first % 256 == 0
    assert more.ranges[0].first == large.ranges[0].first + 600


@pytest.mark.parametrize("size", [10, 2_000, 60_000, 300_000])
def test_bodies_of_any_size_come_back_as_they_went(engine: Engine, size: int) -> None:
    project = engine.project()
    data = {"text": noise(size), "日本": [1.5, None, {"a": True}]}

    task_id = engine.add_all(project, [NewTask(data=data, meta={"m": 1}, storage_filename="a/b")]).task_ids[0]

    body = engine.tasks.get(person(1), task_id).whole.body
    assert body.data == data
    assert (body.meta, body.storage_filename) == ({"m": 1}, "a/b")
    assert bool(engine.blobs.content) == (size == 300_000 and engine.client is not None)
    found = engine.next_task.next(person(2), project.id)
    assert found is not None
    assert found.whole.body == body


@pytest.mark.parametrize("sizes", [(10, 60_000), (60_000, 10), (300_000, 10), (10, 300_000)])
def test_a_body_can_change_its_size(engine: Engine, sizes: tuple[int, int]) -> None:
    project = engine.project()
    task_id = engine.add_all(project, [NewTask(data={"text": noise(sizes[0])})]).task_ids[0]

    changed = engine.tasks.update(person(1), task_id, {"data": {"text": noise(sizes[1])}}, if_version=1)

    assert changed.whole.task.version == 2
    assert engine.tasks.get(person(1), task_id).whole.body.data == {"text": noise(sizes[1])}
    with pytest.raises(StaleVersionError):
        engine.tasks.update(person(1), task_id, {"data": {}}, if_version=1)


def full_task(number: int) -> NewTask:
    return NewTask(
        data={"text": f"full {number}"},
        annotations=[
            NewAnnotation(result=choice(), completed_by=UserId(2), ground_truth=True, import_id=77),
            NewAnnotation(result=[], completed_by=UserId(3), was_cancelled=True),
        ],
        predictions=[NewPrediction(result=choice(), score=0.5, model_version="m1")],
        drafts=[NewDraft(result=choice(), user_id=UserId(4))],
    )


def test_an_import_brings_everything_along_with_exact_counts(engine: Engine) -> None:
    project = engine.project()

    added = engine.add_all(project, [full_task(i) for i in range(30)])

    counts = engine.counts(project, 3)
    assert (added.annotation_count, added.prediction_count) == (60, 30)
    assert (counts.total_annotations_number, counts.skipped_annotations_number) == (30, 30)
    assert (counts.ground_truth_number, counts.total_predictions_number) == (30, 30)
    assert (counts.finished_task_number, counts.queue_done) == (30, 30)
    assert engine.projects.annotators(person(1), project.id) == [2, 3]
    assert engine.projects.model_versions(person(1), project.id) == {"m1": 30}
    assert engine.projects.get(person(1), project.id).model_version == "m1"
    assert engine.annotations.of_task(person(1), added.task_ids[0])[0].import_id == 77
    assert_counts_are_right(engine, project.id)


def test_running_an_import_twice_changes_nothing(engine: Engine) -> None:
    project = engine.project()
    new = [full_task(i) for i in range(12)]
    reserved = engine.tasks.reserve(person(1), project.id, len(new))
    placed = [
        PlacedTask(task_id, inner, task)
        for (task_id, inner), task in zip(reserved.places(), new, strict=True)
    ]

    engine.tasks.add_tasks(person(1), project.id, placed[:5])
    before = engine.store.get_many([p.id for p in placed[:5]])
    engine.tasks.add_tasks(person(1), project.id, placed)
    engine.tasks.add_tasks(person(1), project.id, placed)

    assert engine.store.get_many([p.id for p in placed[:5]]) == before
    assert engine.counts(project).task_number == 12
    assert_counts_are_right(engine, project.id)


def test_a_task_can_bring_more_annotations_than_a_transaction_holds(engine: Engine) -> None:
    project = engine.project()
    crowd = [NewAnnotation(result=choice(), completed_by=UserId(i % 40 + 1)) for i in range(120)]

    for _ in range(2):
        ids = engine.add_all(project, [NewTask(data={"text": "x"}, annotations=crowd)]).task_ids

    detail = engine.tasks.get(person(1), ids[0])
    assert len(detail.family.annotations) == 120
    assert engine.counts(project).total_annotations_number == 240
    assert engine.annotations.delete_of_tasks(person(1), project.id, ids) == 120
    assert_counts_are_right(engine, project.id)


def test_a_missing_data_key_is_refused_with_its_place(engine: Engine) -> None:
    project = engine.project()

    with pytest.raises(InvalidInputError) as refused:
        engine.add_all(project, [NewTask(data={"text": "a"}), NewTask(data={"image": "b"}), NewTask(data={})])

    assert [fault.place for fault in refused.value.faults] == ["1.data.text", "2.data.text"]
    assert refused.value.faults[0].message.startswith('Error at item 1: "text" key is expected in task data')
    assert engine.counts(project).task_number == 0


# ---- reading


def test_pages_cover_all_tasks_in_order_across_blocks(engine: Engine) -> None:
    project = engine.project()
    ids = [*engine.add(project, 300).task_ids, *engine.add(project, 20).task_ids]
    engine.tasks.delete(person(1), ids[10])
    engine.tasks.delete(person(1), ids[290])
    left = [i for i in ids if i not in (ids[10], ids[290])]

    pages = [
        engine.tasks.page(person(1), project.id, offset=offset, limit=50) for offset in range(0, 350, 50)
    ]

    assert [whole.task.id for page in pages for whole in page.tasks] == left
    assert pages[0].counts.tasks == len(left)
    assert pages[0].tasks[3].body.data == {"text": "number 3"}


def test_a_walk_by_id_covers_all_tasks_across_blocks(engine: Engine) -> None:
    project = engine.project()
    ids = [*engine.add(project, 300).task_ids, *engine.add(project, 20).task_ids]
    engine.tasks.delete(person(1), ids[10])
    left = [i for i in ids if i != ids[10]]
    met: list[TaskId] = []

    while page := engine.tasks.after(person(1), project.id, met[-1] if met else TaskId(0), 50):
        met += [whole.task.id for whole in page]

    assert met == left


def test_tasks_are_found_only_within_their_project(engine: Engine) -> None:
    one, other = engine.project(), engine.project()
    mine, theirs = engine.add(one, 2).task_ids, engine.add(other, 1).task_ids

    found = engine.tasks.get_many(person(1), one.id, [mine[1], theirs[0], mine[0], TaskId(10**9)])

    assert [whole.task.id for whole in found] == [mine[1], mine[0]]


def test_families_come_with_their_tasks(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 4).task_ids
    made = engine.submit(2, ids[2])
    page = engine.tasks.page(person(1), project.id, offset=0, limit=10)

    families = {whole.task.id: family for whole, family in engine.tasks.with_families(page.tasks)}

    assert [a.id for a in families[ids[2]].annotations] == [made]
    assert families[ids[0]].annotations == ()


# ---- removing


def test_a_deleted_task_takes_everything_with_it(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add_all(project, [full_task(1)]).task_ids[0]
    annotation_id = engine.tasks.get(person(1), task_id).whole.task.annotation_ids[0]

    engine.tasks.delete(person(1), task_id)

    assert engine.counts(project).task_number == 0
    assert engine.counts(project, 2).queue_done == 0
    for gone in (
        lambda: engine.tasks.get(person(1), task_id),
        lambda: engine.annotations.get(person(1), annotation_id),
        lambda: engine.tasks.delete(person(1), task_id),
    ):
        with pytest.raises(NotFoundError):
            gone()
    assert engine.next_id(2, project) is None


def test_many_tasks_go_at_once_and_twice_is_fine(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 40).task_ids
    engine.submit(2, ids[5])

    assert engine.tasks.delete_many(person(1), project.id, ids[:30]) == 30
    assert engine.tasks.delete_many(person(1), project.id, ids[:31]) == 1

    assert engine.counts(project).task_number == 9
    assert_counts_are_right(engine, project.id)


def test_the_history_of_states_is_kept_however_long(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    for _ in range(15):
        made = engine.submit(2, task_id)
        engine.annotations.delete(person(2), AnnotationId(made))

    history = engine.states.history(person(1), Kind.TASK, task_id)

    assert [step.state for step in history] == ["labeled", "unlabeled"] * 15
    assert [step.name for step in history] == ["finish", "clear"] * 15
    times = [step.at for step in history]
    assert times == sorted(times)


def test_reasons_are_kept_whatever_they_say_and_however_often(engine: Engine) -> None:
    project = engine.project()
    engine.workflows.change(person(1), project.id, WantedWorkflow(preset="review"))
    task_id = engine.add(project, 1).task_ids[0]
    engine.submit(2, task_id)
    reasons = ["a:b;c", "\n", "ü" * 499, "', \"", "1"] * 3

    for reason in reasons:
        engine.states.transition(person(3), Kind.TASK, task_id, "accept", reason=reason)
        engine.states.transition(person(3), Kind.TASK, task_id, "withdraw", reason=reason + "!")

    history = engine.states.history(person(1), Kind.TASK, task_id)
    told = [text for reason in reasons for text in (reason, reason + "!")]
    assert [step.reason for step in history] == ["", *told]
    assert [step.state for step in history] == ["labeled", *["accepted", "in_review"] * len(reasons)]


def test_changes_of_before_transitions_had_names_are_named_by_the_plain_machine() -> None:
    kept = history_of({"h": "in_progress:1772366400000000:7;labeled:1772366400000001:"})

    assert [(change.state, change.user, change.name) for change in kept] == [
        ("in_progress", 7, ""),
        ("labeled", None, ""),
    ]
    assert name_between(PLAIN, "in_progress", "labeled") == "finish"


# ---- predictions


def test_predictions_count_and_average(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    first = engine.predictions.create(
        person(1), task_id, NewPrediction(result=choice(), score=0.2, model_version="a")
    )
    engine.predictions.create(person(1), task_id, NewPrediction(result="neg", score=0.6, model_version="b"))

    task = engine.store.get_many([task_id])[0]
    assert (task.total_predictions, task.predictions_score) == (2, 0.4)
    second = engine.predictions.of_task(person(1), task_id)[1]
    assert list(second.result) == [
        {"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": ["neg"]}}
    ]
    engine.predictions.update(person(1), first.id, {"score": 0.9, "model_version": "b"})
    assert engine.projects.model_versions(person(1), project.id) == {"b": 2}
    engine.predictions.delete(person(1), first.id)
    assert engine.projects.model_versions(person(1), project.id) == {"b": 1}
    with pytest.raises(NotFoundError):
        engine.predictions.get(person(1), PredictionId(first.id))
    assert_counts_are_right(engine, project.id)


def test_many_predictions_are_all_or_nothing_by_project(engine: Engine) -> None:
    one, other = engine.project(), engine.project()
    mine, theirs = engine.add(one, 2).task_ids, engine.add(other, 1).task_ids
    new = NewPrediction(result=choice(), model_version="m")

    with pytest.raises(InvalidInputError):
        engine.predictions.create_many(person(1), one.id, [(mine[0], new), (theirs[0], new)])
    assert engine.counts(one).total_predictions_number == 0

    many = [(task_id, new) for task_id in mine for _ in range(60)]
    assert engine.predictions.create_many(person(1), one.id, many) == 120
    assert len(engine.predictions.of_project(person(1), one.id)) == 120
    assert engine.predictions.delete_version(person(1), one.id, "m") == 120
    assert_counts_are_right(engine, one.id)


def test_a_prediction_is_adopted_once(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    prediction = engine.predictions.create(
        person(1), task_id, NewPrediction(result=choice("neg"), model_version="m")
    )

    made = engine.annotations.from_predictions(person(2), project.id, [task_id])
    again = engine.annotations.from_predictions(person(2), project.id, [task_id])

    assert [(a.parent_prediction, list(a.result), a.completed_by) for a in made] == [
        (prediction.id, choice("neg"), 2)
    ]
    assert again == []


# ---- drafts


def test_saving_a_draft_is_one_small_write(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project()
    draft = engine.drafts.create(person(2), engine.add(project, 1).task_ids[0], NewDraft())

    with Counting(engine.client) as count:
        engine.drafts.update(person(2), draft.id, {"result": choice()})

    assert count.operations == ["GetItem", "GetItem", "UpdateItem"]
    assert count.write_units == 1
    assert list(engine.drafts.get(person(2), draft.id).result) == choice()


def test_drafts_show_on_their_task(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]
    mine = engine.drafts.create(person(2), task_id, NewDraft(result=choice()))
    theirs = engine.drafts.create(person(3), task_id, NewDraft(result=[]))

    detail = engine.tasks.get(person(2), task_id)
    assert detail.whole.task.draft_exists
    assert list(detail.family.drafts) == [mine]
    assert list(engine.drafts.of_task(person(2), task_id)) == [mine, theirs]
    engine.drafts.delete(person(2), mine.id)
    engine.drafts.delete(person(3), theirs.id)
    assert not engine.tasks.get(person(2), task_id).whole.task.draft_exists
    assert_counts_are_right(engine, project.id)


# ---- projects


def test_a_project_has_label_studios_defaults(engine: Engine) -> None:
    project = engine.projects.create(person(1), {"title": "Cats"})

    assert engine.projects.get(person(2), project.id) == project
    assert (project.maximum_annotations, project.sampling, project.skip_queue) == (
        1,
        "Sequential sampling",
        "REQUEUE_FOR_OTHERS",
    )
    assert engine.project_store.get(project.id) == project


def test_wrong_settings_are_refused_all_at_once(engine: Engine) -> None:
    with pytest.raises(InvalidInputError) as refused:
        engine.projects.create(
            person(1), {"title": "ab", "color": "red", "maximum_annotations": 0, "sampling": "By mood"}
        )

    assert {fault.place for fault in refused.value.faults} == {
        "title",
        "color",
        "maximum_annotations",
        "sampling",
    }


def test_pinned_projects_come_first_then_the_newest(engine: Engine) -> None:
    ids = [engine.project().id for _ in range(3)]
    engine.projects.update(person(1), ids[1], {"pinned_at": "2026-01-02T03:04:05Z"})

    assert [project.id for project in engine.projects.all(person(1))] == [ids[1], ids[2], ids[0]]
    assert engine.projects.all(person(9, organization=2)) == []


def test_a_deleted_project_cannot_be_reached(engine: Engine) -> None:
    project = engine.project()
    task_id = engine.add(project, 1).task_ids[0]

    engine.projects.delete(person(1), project.id)

    for reach in (
        lambda: engine.projects.get(person(1), project.id),
        lambda: engine.tasks.get(person(1), task_id),
        lambda: engine.submit(2, task_id),
    ):
        with pytest.raises(NotFoundError):
            reach()
    assert engine.jobs.erased == [project.id]


def test_nothing_is_left_of_a_forgotten_project(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project(skip_queue="REQUEUE_FOR_ME")
    ids = engine.add(project, 5).task_ids
    engine.skip(2, ids[0])
    engine.submit(3, ids[1], unique_id="u")
    engine.drafts.create(person(3), ids[2], NewDraft(was_postponed=True))
    engine.projects.summary(person(1), project.id)

    engine.tasks.delete_many(person(1), project.id, ids)
    engine.store.forget_project(project.id)
    engine.store.forget_project(project.id)

    for table in ("tasks", "annotations"):
        assert engine.client.scan(TableName=f"{engine.prefix}{table}")["Items"] == []


def test_an_unknown_model_version_is_refused(engine: Engine) -> None:
    project = engine.project()

    with pytest.raises(InvalidInputError):
        engine.projects.update(person(1), project.id, {"model_version": "nowhere"})
    named = engine.projects.update(person(1), project.id, {"model_version": "b"}, backends=["b"])
    hidden = engine.projects.update(person(1), project.id, {"show_collab_predictions": False})

    assert (named.model_version, hidden.model_version) == ("b", "")


def test_the_summary_says_what_data_and_annotations_contain(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add_all(
        project, [NewTask(data={"text": "a", "extra": 1}), NewTask(data={"text": "b"}), full_task(1)]
    ).task_ids
    made = engine.submit(2, ids[0], result=choice("pos"))
    engine.drafts.create(person(2), ids[1], NewDraft(result=choice("neg")))

    summary = engine.projects.summary(person(1), project.id)
    assert summary.all_data_columns == {"text": 3, "extra": 1}
    assert summary.common_data_columns == ("text",)
    assert summary.created_annotations == {"sentiment|text|choices": 1}
    assert summary.created_labels == {"sentiment": {"pos": 1}}
    assert summary.created_labels_drafts["sentiment"]["neg"] == 1
    engine.annotations.delete(person(2), AnnotationId(made))
    assert engine.projects.summary(person(1), project.id).created_annotations == {}


def test_an_unchanged_summary_costs_two_queries(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project()
    engine.submit(2, engine.add(project, 300).task_ids[0])
    first = engine.projects.summary(person(1), project.id)

    with Counting(engine.client) as count:
        second = engine.projects.summary(person(1), project.id)

    assert second == first
    assert count.operations == ["GetItem", "Query", "Query"]


def test_a_configuration_must_keep_what_annotations_use(engine: Engine) -> None:
    project = engine.project()
    engine.submit(2, engine.add(project, 1).task_ids[0], result=choice("pos"))
    without_label = "keys text; sentiment Choices text neg"
    without_control = "keys text; mood Choices text pos"

    with pytest.raises(InvalidInputError):
        engine.projects.update(person(1), project.id, {"label_config": without_control})
    with pytest.raises(InvalidInputError):
        engine.projects.check_config(person(1), project.id, without_label)
    engine.projects.update(person(1), project.id, {"label_config": without_label})
    more = "keys text; sentiment Choices text pos,neg; mood Choices text a"
    assert engine.projects.check_config(person(1), project.id, more) is True
    assert engine.projects.check_config(person(1), project.id, without_label + ",pos") is False


def test_a_large_project_follows_its_settings_by_a_job(
    dynoxide_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = dynoxide_engine
    monkeypatch.setattr("chalicelib.services.retuning.RETUNED_AT_ONCE", 5)
    project = engine.project()
    ids = engine.add(project, 6).task_ids

    engine.projects.update(person(1), project.id, {"maximum_annotations": 2})

    assert engine.jobs.retuned == [(project.id, True)]
    assert engine.tasks.retune_block(person(1), project.id, block_of(ids[0])) == 6
    assert engine.tasks.retune_block(person(1), project.id, block_of(ids[0])) == 0
    assert {task.overlap for task in engine.store.get_many(ids)} == {2}


def test_families_of_every_kind_are_read_as_one_by_one(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 6).task_ids
    engine.submit(2, ids[0])
    engine.submit(2, ids[1])
    engine.submit(3, ids[1])
    engine.drafts.create(person(2), ids[2], NewDraft(result=choice("neg")))
    engine.predictions.create(person(1), ids[3], NewPrediction(result=choice("neg")))
    engine.submit(2, ids[4])
    engine.predictions.create(person(1), ids[4], NewPrediction(result=choice("neg")))
    tasks = [engine.tasks.get(person(1), task_id).whole.task for task_id in ids]

    found = engine.tasks.tasks.families(tasks)

    assert found == {task_id: engine.tasks.tasks.family(task_id) for task_id in ids}
    assert [len(f.annotations) + len(f.drafts) + len(f.predictions) for f in found.values()] == [
        1,
        2,
        1,
        1,
        2,
        0,
    ]
