"""Who is given which task, when, and in Label Studio's words why."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.tasks.changes import NewAnnotation, NewDraft, NewPrediction, NewTask
from chalicelib.errors import ConflictError
from chalicelib.ids import AnnotationId, TaskId
from tests.counting import Counting
from tests.engine import Engine, assert_counts_are_right, choice, person


def queue_name(engine: Engine, user: int, project_id: int) -> str | None:
    found = engine.next_task.next(person(user), project_id)  # type: ignore[arg-type]
    return found.queue if found else None


def test_sequential_sampling_hands_out_by_id(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 4).task_ids

    given = []
    for _ in ids:
        task_id = engine.next_id(2, project)
        assert task_id is not None
        given.append(task_id)
        engine.submit(2, task_id)

    assert given == list(ids)
    assert engine.next_id(2, project) is None


def test_asking_again_gives_the_same_task(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 3)

    first = engine.next_task.next(person(2), project.id)
    second = engine.next_task.next(person(2), project.id)

    assert first is not None
    assert second is not None
    assert first.whole.task.id == second.whole.task.id
    assert first.lock_id == second.lock_id
    assert second.queue == "Task lock"


def test_a_leased_task_goes_to_nobody_else(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 2)

    given = [engine.next_id(user, project) for user in (2, 3, 4)]

    assert given[0] is not None
    assert given[0] != given[1]
    assert given[2] is None


def test_an_ended_lease_gives_the_task_back(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 1)
    task_id = engine.next_id(2, project)
    engine.clock.move(hours=23)
    assert engine.next_id(3, project) is None

    engine.clock.move(hours=2)

    assert engine.next_id(3, project) == task_id


def test_a_released_task_can_be_had_at_once(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 1)
    task_id = engine.next_id(2, project)
    assert task_id is not None

    engine.next_task.release(person(2), task_id)
    engine.next_task.release(person(2), task_id)

    assert engine.next_id(3, project) == task_id


def test_a_heartbeat_keeps_the_lease(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 1)
    task_id = engine.next_id(2, project)
    assert task_id is not None
    engine.clock.move(hours=23)

    until = engine.next_task.heartbeat(person(2), task_id)
    engine.clock.move(hours=23)

    assert until > engine.clock.now
    assert engine.next_id(3, project) is None
    engine.clock.move(hours=2)
    assert engine.next_id(3, project) == task_id
    with pytest.raises(ConflictError):
        engine.next_task.heartbeat(person(2), task_id)


def test_with_overlap_as_many_hold_a_task_as_it_wants(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    engine.add(project, 1)

    given = [engine.next_id(user, project) for user in (2, 3, 4)]

    assert given[0] == given[1]
    assert given[2] is None
    engine.next_task.release(person(2), TaskId(given[0] or 0))
    assert engine.next_id(4, project) == given[0]


def test_begun_tasks_come_first_with_overlap(engine: Engine) -> None:
    project = engine.project(maximum_annotations=3)
    ids = engine.add(project, 5).task_ids
    engine.submit(2, ids[3])
    engine.submit(2, ids[4])
    engine.submit(3, ids[4])

    found = engine.next_task.next(person(4), project.id)

    assert found is not None
    assert found.whole.task.id == ids[4]
    assert found.queue == "Breadth first queue"


def test_nobody_is_given_a_task_they_have_done(engine: Engine) -> None:
    project = engine.project(maximum_annotations=3)
    ids = engine.add(project, 4).task_ids

    for task_id in ids:
        engine.submit(2, task_id)

    assert engine.next_id(2, project) is None
    assert engine.next_id(3, project) in ids


def test_the_answer_carries_own_drafts_and_the_models_predictions(engine: Engine) -> None:
    project = engine.project()
    new = NewTask(
        data={"text": "x"},
        predictions=[
            NewPrediction(result=choice("pos"), model_version="old"),
            NewPrediction(result=choice("neg"), model_version="new"),
        ],
    )
    task_id = engine.add_all(project, [new]).task_ids[0]
    own = engine.drafts.create(person(2), task_id, NewDraft(result=choice()))
    engine.drafts.create(person(3), task_id, NewDraft(result=choice()))

    found = engine.next_task.next(person(2), project.id)

    assert found is not None
    assert list(found.family.drafts) == [own]
    assert [p.model_version for p in found.family.predictions] == ["new"]
    assert list(found.family.annotations) == []


def test_predictions_are_hidden_where_the_project_says_so(engine: Engine) -> None:
    project = engine.project(show_collab_predictions=False)
    new = NewTask(data={"text": "x"}, predictions=[NewPrediction(result=choice(), model_version="m")])
    engine.add_all(project, [new])

    found = engine.next_task.next(person(2), project.id)

    assert found is not None
    assert list(found.family.predictions) == []


# ---- skipping


def test_a_skipped_task_goes_to_others(engine: Engine) -> None:
    project = engine.project(skip_queue="REQUEUE_FOR_OTHERS")
    task_id = engine.add(project, 1).task_ids[0]

    engine.skip(2, task_id)

    assert engine.next_id(2, project) is None
    assert engine.next_id(3, project) == task_id


def test_a_skipped_task_comes_back_to_me_at_the_end(engine: Engine) -> None:
    project = engine.project(skip_queue="REQUEUE_FOR_ME")
    first, second = engine.add(project, 2).task_ids
    engine.skip(2, first)

    assert engine.next_id(3, project) == second
    engine.next_task.release(person(3), second)
    assert engine.next_id(2, project) == second
    engine.submit(2, second)

    found = engine.next_task.next(person(2), project.id)
    assert found is not None
    assert (found.whole.task.id, found.queue) == (first, "Skipped queue")
    assert engine.next_id(3, project) is None
    assert queue_name(engine, 2, project.id) == "Task lock"
    engine.submit(2, first)
    assert engine.next_id(2, project) is None
    counts = engine.counts(project, 2)
    assert (counts.queue_done, counts.queue_total) == (2, 2)
    assert_counts_are_right(engine, project.id)


def test_ignored_skips_are_gone_for_all(engine: Engine) -> None:
    project = engine.project(skip_queue="IGNORE_SKIPPED")
    task_id = engine.add(project, 1).task_ids[0]

    engine.skip(2, task_id)

    assert engine.next_id(2, project) is None
    assert engine.next_id(3, project) is None


# ---- postponing


def test_a_postponed_task_comes_back_after_all_others(engine: Engine) -> None:
    project = engine.project()
    first, second = engine.add(project, 2).task_ids
    assert engine.next_id(2, project) == first
    draft = engine.drafts.create(person(2), first, NewDraft(result=choice(), was_postponed=True))

    assert engine.next_id(2, project) == second
    engine.submit(2, second)
    found = engine.next_task.next(person(2), project.id)

    assert found is not None
    assert (found.whole.task.id, found.queue) == (first, "Postponed draft queue")
    assert [d.id for d in found.family.drafts] == [draft.id]
    engine.submit(2, first, draft_id=draft.id)
    assert engine.next_id(2, project) is None
    assert_counts_are_right(engine, project.id)


def test_what_one_postponed_another_may_have(engine: Engine) -> None:
    project = engine.project()
    first = engine.add(project, 1).task_ids[0]
    engine.next_id(2, project)
    engine.drafts.create(person(2), first, NewDraft(was_postponed=True))

    assert engine.next_id(3, project) == first
    assert engine.next_id(2, project) is None


def test_a_draft_no_longer_postponed_puts_the_task_back_in_line(engine: Engine) -> None:
    project = engine.project()
    first = engine.add(project, 1).task_ids[0]
    draft = engine.drafts.create(person(2), first, NewDraft(was_postponed=True))

    engine.drafts.update(person(2), draft.id, {"was_postponed": False})

    assert queue_name(engine, 2, project.id) == "Sequence queue"


# ---- samplings


def test_uniform_sampling_is_another_order_and_covers_all(engine: Engine) -> None:
    project = engine.project(sampling="Uniform sampling")
    ids = engine.add(project, 30).task_ids

    given = []
    while (task_id := engine.next_id(2, project)) is not None:
        given.append(task_id)
        engine.submit(2, task_id)

    assert sorted(given) == list(ids)
    assert given != list(ids)


def test_uncertainty_sampling_gives_the_least_sure_first(engine: Engine) -> None:
    project = engine.project(sampling="Uncertainty sampling", model_version="")
    scores = [0.9, 0.1, None, 0.5]
    tasks = [
        NewTask(
            data={"text": str(score)},
            predictions=[NewPrediction(result=choice(), score=score, model_version="m")],
        )
        for score in scores
    ]
    ids = engine.add_all(project, tasks).task_ids
    engine.projects.update(person(1), project.id, {"sampling": "Sequential sampling"})
    engine.projects.update(person(1), project.id, {"sampling": "Uncertainty sampling"})

    given = []
    while (task_id := engine.next_id(2, project)) is not None:
        given.append(task_id)
        engine.submit(2, task_id)

    assert given == [ids[1], ids[3], ids[0], ids[2]]


def test_a_new_score_moves_a_fresh_task(engine: Engine) -> None:
    project = engine.project(sampling="Uncertainty sampling")
    ids = engine.add(project, 3).task_ids
    engine.predictions.create(person(1), ids[0], NewPrediction(result=choice(), score=0.8, model_version="m"))
    engine.projects.update(person(1), project.id, {"model_version": "m"})
    engine.predictions.create(person(1), ids[2], NewPrediction(result=choice(), score=0.2, model_version="m"))

    assert engine.next_id(2, project) == ids[2]
    assert engine.next_id(3, project) == ids[0]


# ---- what changes from outside


def test_raising_the_overlap_reopens_and_lowering_it_finishes(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 3).task_ids
    for task_id in ids:
        engine.submit(2, task_id)
    assert engine.next_id(3, project) is None

    engine.projects.update(person(1), project.id, {"maximum_annotations": 2})
    assert engine.counts(project).finished_task_number == 0
    assert engine.next_id(3, project) in ids
    assert engine.next_id(2, project) is None
    engine.projects.update(person(1), project.id, {"maximum_annotations": 1})

    assert engine.counts(project).finished_task_number == 3
    assert_counts_are_right(engine, project.id)


def test_half_a_cohort_gets_the_overlap(engine: Engine) -> None:
    project = engine.project(maximum_annotations=3, overlap_cohort_percentage=50)
    ids = engine.add(project, 10).task_ids

    overlaps = sorted(task.overlap for task in engine.store.get_many(ids))

    assert overlaps == [1] * 5 + [3] * 5


def test_a_deleted_annotation_brings_the_task_back_to_its_author(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    ids = engine.add(project, 3).task_ids
    made = [engine.submit(2, task_id) for task_id in ids]
    assert engine.next_id(2, project) is None
    engine.clock.move(hours=1)
    assert engine.next_id(2, project) is None

    engine.annotations.delete(person(2), AnnotationId(made[1]))

    assert engine.next_id(2, project) == ids[1]


def test_many_done_tasks_are_passed_once(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project(maximum_annotations=2)
    ids = engine.add(project, 60).task_ids
    for task_id in ids[:-1]:
        engine.submit(2, task_id)
    engine.clock.move(minutes=1)

    assert engine.next_id(2, project) == ids[-1]
    engine.submit(2, ids[-1])
    engine.clock.move(minutes=1)
    assert engine.next_id(2, project) is None
    row = engine.queue.annotator(project.id, person(2).user_id)
    assert row.cursor
    assert engine.next_id(3, project) in ids


def test_a_selection_is_served_in_its_own_order(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 4).task_ids
    engine.submit(2, ids[3])

    found = engine.next_task.next(person(2), project.id, selection=[ids[3], ids[2], ids[0]])

    assert found is not None
    assert (found.whole.task.id, found.queue) == (ids[2], "Data manager queue")
    assert engine.next_task.next(person(3), project.id, selection=[ids[2]]) is None
    assert engine.next_task.next(person(3), project.id, selection=[]) is None


def test_the_stream_history_remembers_tasks_and_annotations(engine: Engine) -> None:
    project = engine.project()
    ids = engine.add(project, 3).task_ids
    first = engine.next_id(2, project)
    made = engine.submit(2, first or 0)
    engine.next_id(2, project)
    other = engine.annotations.create(person(2), ids[2], NewAnnotation(result=[]))

    history = engine.next_task.stream_history(person(2), project.id)

    assert history == [(ids[0], made), (ids[1], None), (ids[2], other.id)]


def test_an_empty_project_has_nothing_to_give(engine: Engine) -> None:
    project = engine.project()

    assert engine.next_id(2, project) is None


def test_what_somebody_moved_a_moment_after_our_clock_is_not_overlooked(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    task_id = engine.add(project, 1).task_ids[0]

    engine.clock.move(seconds=2)
    assert engine.next_id(2, project) == task_id  # no longer fresh, and touched just now
    engine.clock.move(seconds=-2)

    assert engine.next_id(3, project) == task_id


# ---- low agreement

STRICT: dict[str, Any] = {
    "maximum_annotations": 2,
    "agreement_threshold": 0.7,
    "max_additional_annotators_assignable": 2,
}


def test_those_who_disagree_are_joined_by_others_up_to_the_limit(engine: Engine) -> None:
    project = engine.project(**STRICT)
    ids = engine.add(project, 1).task_ids

    for user, label in ((2, "pos"), (3, "neg"), (4, "pos"), (5, "neg")):
        assert engine.next_id(user, project) == ids[0]
        engine.submit(user, ids[0], result=choice(label))

    assert engine.next_id(6, project) is None
    assert engine.store.get(ids[0]).is_labeled
    assert engine.counts(project).finished_task_number == 1
    assert_counts_are_right(engine, project.id)


def test_those_who_agree_are_enough_and_a_third_may_settle_it(engine: Engine) -> None:
    project = engine.project(**{**STRICT, "agreement_threshold": 0.3})
    agreed, disputed = engine.add(project, 2).task_ids
    for user, label in ((2, "pos"), (3, "neg")):
        engine.submit(user, agreed)
        engine.submit(user, disputed, result=choice(label))

    assert engine.next_id(4, project) == disputed
    engine.submit(4, disputed)

    assert engine.next_id(5, project) is None
    assert [task.overlap for task in engine.store.get_many([agreed, disputed])] == [2, 3]


def test_only_the_submit_that_would_finish_a_disputed_task_reads_more(dynoxide_engine: Engine) -> None:
    engine = dynoxide_engine
    project = engine.project(**STRICT)
    plain = engine.project(maximum_annotations=2)
    requests = []
    for each in (plain, project):
        task_id = engine.add(each, 1).task_ids[0]
        for user, label in ((2, "pos"), (3, "neg")):
            with Counting(engine.client) as count:
                engine.submit(user, task_id, result=choice(label))
            requests.append(count.requests)

    assert requests == [4, 4, 4, 5]
