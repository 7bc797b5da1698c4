"""Looking ahead tells what is handed out next, leases nothing, writes nothing, and costs the same always."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.assignment import Assigning
from chalicelib.domain.tasks.changes import NewAnnotation, NewTask
from chalicelib.errors import NotFoundError
from chalicelib.ids import TaskId, UserId
from chalicelib.services.looking_ahead import LookAheadService
from tests.counting import Counting
from tests.engine import Engine, choice, person
from tests.integration.storage.conftest import FilledProjects
from tests.integration.storage.test_budgets import LARGE, MEDIUM, SMALL

LOOKING = 40
"""Somebody who has worked in none of the projects that tests share."""


def ahead(engine: Engine, user: int, project: Project) -> TaskId | None:
    service = LookAheadService(
        projects=engine.project_store, tasks=engine.store, queue=engine.queue, clock=engine.clock
    )
    found = service.ahead(person(user), project.id)
    return found.task.id if found else None


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"sampling": "Uniform sampling"},
        {"maximum_annotations": 2},
        {"strategy": {"name": "overlap"}},
        {"strategy": {"name": "disagreement"}},
        {"show_ground_truth_first": True},
    ],
    ids=str,
)
def test_it_is_what_comes_next_where_nobody_else_is_at_work(engine: Engine, settings: dict[str, Any]) -> None:
    project = engine.project(**settings)
    engine.add(project, 6)
    held = engine.next_id(2, project)

    for _ in range(5):
        assert held is not None
        expected = ahead(engine, 2, project)
        assert expected not in (None, held)
        assert engine.next_id(2, project) == held, "what is held stays held"
        engine.submit(2, held)
        engine.clock.move(seconds=30)
        held = engine.next_id(2, project)
        assert held == expected
    assert ahead(engine, 2, project) is None


def test_what_is_assigned_is_ahead_of_the_rest_or_is_all_there_is(engine: Engine) -> None:
    for settings, then in (({}, 0), ({"assigned_only": True}, None)):
        project = engine.project(**settings)
        ids = engine.add(project, 4).task_ids
        engine.assignments.assign(person(1), project.id, [ids[2], ids[3]], [UserId(2)], Assigning.ADD)

        assert engine.next_id(2, project) == ids[2]
        assert ahead(engine, 2, project) == ids[3]
        engine.submit(2, ids[2])
        assert engine.next_id(2, project) == ids[3]
        assert ahead(engine, 2, project) == (None if then is None else ids[then])


@pytest.mark.parametrize("is_assigned", [False, True])
def test_a_task_whose_answer_is_known_is_ahead_like_any_other(engine: Engine, is_assigned: bool) -> None:
    settings = {"honeypot_every": 3, "assigned_only": is_assigned}
    truth = NewAnnotation(result=choice("pos"), ground_truth=True, completed_by=UserId(1))
    project = engine.project(**settings)
    new = [NewTask(data={"text": f"{n}"}, annotations=[truth] if n < 4 else ()) for n in range(12)]
    ids = engine.add_all(project, new).task_ids
    if is_assigned:
        engine.assignments.assign(person(1), project.id, list(ids[4:]), [UserId(2)], Assigning.ADD)
    held, known = engine.next_id(2, project), 0

    for _ in range(10):
        assert held is not None
        expected = ahead(engine, 2, project)
        engine.submit(2, held)
        engine.clock.move(seconds=30)
        held = engine.next_id(2, project)
        assert held == expected
        known += held in ids[:4]
    assert known >= 3


def test_it_is_nobodys_until_it_is_handed_out(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 4)
    mine, first = engine.next_id(2, project), ahead(engine, 2, project)

    theirs = engine.next_id(3, project)

    assert theirs == first, "nothing was leased"
    assert ahead(engine, 2, project) not in (mine, theirs, None)
    assert ahead(engine, 3, project) not in (mine, theirs, None)


def test_what_i_did_or_put_off_is_not_ahead(engine: Engine) -> None:
    project = engine.project(maximum_annotations=2)
    ids = engine.add(project, 3).task_ids
    engine.submit(2, ids[0])
    engine.skip(2, ids[1])
    engine.clock.move(seconds=30)

    assert ahead(engine, 2, project) == ids[2]
    assert engine.next_id(2, project) == ids[2]
    assert ahead(engine, 2, project) is None


def test_a_project_that_hands_out_nothing_shows_nothing(engine: Engine) -> None:
    project = engine.project()
    engine.add(project, 2)
    engine.projects.update(person(1), project.id, {"title": "Same"})

    with pytest.raises(NotFoundError):
        ahead_of_stranger(engine, project)
    assert ahead(engine, 2, engine.project()) is None


def ahead_of_stranger(engine: Engine, project: Project) -> None:
    service = LookAheadService(
        projects=engine.project_store, tasks=engine.store, queue=engine.queue, clock=engine.clock
    )
    service.ahead(person(2, organization=2), project.id)


@pytest.mark.parametrize(
    ("size", "overlap", "done"),
    [
        (SMALL, 1, 0.5),
        (MEDIUM, 3, 0.99),
        pytest.param(LARGE, 1, 0.5, marks=pytest.mark.slow),
    ],
)
def test_it_costs_four_units_and_writes_nothing(
    filled_projects: FilledProjects, size: int, overlap: int, done: float
) -> None:
    engine = filled_projects.engine
    project = filled_projects.of(size, overlap=overlap, done=done)

    for urgent_first in (False, True):
        if urgent_first:
            project = engine.projects.update(person(1), project.id, {"show_ground_truth_first": True})
        assert engine.next_id(LOOKING, project) is not None

        with Counting(engine.client) as count:
            assert ahead(engine, LOOKING, project) is not None

        assert count.write_units == 0
        assert all(request.is_read for request in count.made)
        assert count.requests <= 6
        assert count.read_units <= 4
    engine.projects.update(person(1), project.id, {"show_ground_truth_first": False})
