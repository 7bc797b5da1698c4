"""What somebody is given while the index of open tasks is behind (ADR 0029)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.queue.places import fresh, moment_key
from chalicelib.domain.tasks.entities import Task
from chalicelib.ids import UserId
from tests.engine import Engine, person


def test_a_lease_on_an_old_entry_tells_how_the_task_is_now(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    task_id = engine.add(project, 1).task_ids[0]
    (old,) = engine.queue.entries(fresh(project.id), after="", until="~", limit=5)
    engine.next_id(2, project)

    found = engine.queue.lease(old, leases={}, place=None)
    engine.tasks.delete(person(1), task_id)
    gone = engine.queue.lease(old, leases={}, place=None)

    assert isinstance(found, Task)
    assert (found.id, list(found.leases)) == (task_id, [2])
    assert gone is None


def test_an_index_that_is_behind_costs_nobody_a_task(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    project = engine.project(maximum_annotations=2)
    task_id = engine.add(project, 1).task_ids[0]
    old = engine.queue.entries(fresh(project.id), after="", until="~", limit=5)
    assert engine.next_id(2, project) == task_id
    shown = {fresh(project.id): old}
    monkeypatch.setattr(engine.queue, "entries", lambda partition, **_: shown.get(partition, []))

    assert engine.next_id(3, project) == task_id
    assert engine.next_id(4, project) is None  # two hold it, whatever the index says


def test_what_was_passed_unseen_is_found_when_nothing_else_is_left(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    ids = engine.add(project, 60).task_ids
    for task_id in ids:
        engine.submit(2 if task_id != ids[40] else 3, task_id)
    engine.clock.move(minutes=1)
    row = engine.queue.annotator(project.id, UserId(2))
    engine.queue.save_annotator(replace(row, cursor=moment_key(engine.clock()) + "~"))

    asked = [engine.next_id(2, project) for _ in range(3)]

    assert asked == [None, ids[40], ids[40]]
