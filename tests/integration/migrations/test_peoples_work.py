"""The index of people's work: built for old rows, written with new ones, and what it saves."""

from __future__ import annotations

from typing import Any

import pytest

import schema_migrations.m0002_index_peoples_work as migration
from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.ids import UserId
from chalicelib.settings import settings
from chalicelib.wiring.labeling import _queue_store, task_store
from infrastructure.local.tables import ensure_tables
from tests.counting import Counting
from tests.migrating import RESULT, OldRows, Person, add_old_rows, indexed, member, ok, runner

PROJECTS, USERS = 40, 6
INDEXED = "m0002_index_peoples_work"


@pytest.fixture
def owner(app: Any) -> Person:
    runner().up("m0001_record_data_layout")
    return member(app, None)


@pytest.fixture
def rows(owner: Person) -> OldRows:
    return add_old_rows(owner, projects=PROJECTS, users=USERS, also=[owner.user.id])


def contribution(person: Person) -> tuple[int, int]:
    path = f"/api/organizations/{person.organization}/memberships/{person.user.id}/"
    shown = ok(person.client.get(path))
    return shown["annotations_count"], shown["contributed_projects_count"]


def forget_layout() -> None:
    """As after half a minute, or in another process."""
    wiring.reset()


def test_a_members_work_is_the_same_before_and_after_and_costs_three_requests(
    owner: Person, rows: OldRows
) -> None:
    before = contribution(owner)

    runner().up(INDEXED)
    forget_layout()

    assert before == contribution(owner) == (rows.done_in_all, PROJECTS)
    with Counting(wiring.dynamodb()) as count:
        found = wiring.contributions().of_member(_principal(owner), UserId(owner.user.id))
    assert found.projects == PROJECTS
    assert count.operations == ["Query", "BatchGetItem", "BatchGetItem"]
    assert count.read_units <= 2 * PROJECTS + 1


def _principal(person: Person) -> Any:
    from chalicelib.auth.principals import Principal
    from chalicelib.ids import OrganizationId

    organization = OrganizationId(person.organization)
    return Principal(UserId(person.user.id), organization, Role.ADMINISTRATOR, person.user.email)


def test_projects_of_other_organizations_are_left_out(app: Any, owner: Person, rows: OldRows) -> None:
    other = member(app, None)
    add_old_rows(other, projects=3, users=1, also=[owner.user.id])
    runner().up(INDEXED)
    forget_layout()

    assert contribution(owner) == (rows.done_in_all, PROJECTS)


def test_the_list_of_members_asks_by_members_where_they_are_fewer_than_projects(
    owner: Person, rows: OldRows
) -> None:
    path = f"/api/organizations/{owner.organization}/memberships/?contributed_to_projects=true"
    before = ok(owner.client.get(path))["results"]
    runner().up(INDEXED)
    forget_layout()
    owner.client.get(path)

    with Counting(wiring.dynamodb()) as count:
        after = ok(owner.client.get(path))["results"]

    assert after == before
    assert len(after[0]["user"]["contributed_to_projects"]) == PROJECTS
    assert count.requests < 15


def test_up_twice_changes_nothing_the_second_time(owner: Person, rows: OldRows) -> None:
    runner().up(INDEXED)
    assert runner().up(INDEXED) == []
    assert [sorted(indexed(user)) for user in rows.users] == [sorted(rows.projects)] * USERS


def test_a_dry_run_counts_the_writes_and_makes_none(owner: Person, rows: OldRows) -> None:
    lines: list[str] = []
    rehearsal = runner()
    rehearsal._log = lines.append

    rehearsal.up(INDEXED, dry_run=True)

    assert f"update_item × {rows.count + 1}" in lines[-1]
    assert indexed(owner.user.id) == []
    assert [standing.state for standing in rehearsal.status()[:2]] == ["applied", "pending"]


def test_down_takes_the_rows_out_and_up_puts_them_back(
    owner: Person, rows: OldRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "READERS_KNOW_S", 0)
    runner().up(INDEXED)

    assert runner().down("m0001_record_data_layout") == [INDEXED]
    forget_layout()
    assert indexed(owner.user.id) == []
    assert contribution(owner) == (rows.done_in_all, PROJECTS)

    runner().up(INDEXED)
    forget_layout()
    assert contribution(owner) == (rows.done_in_all, PROJECTS)


def test_whoever_works_before_the_migration_is_indexed_with_their_first_task(app: Any, owner: Person) -> None:
    person = member(app, owner.organization, Role.MANAGER)
    body = {"title": "New", "label_config": "<View><Text name='text' value='$text'/></View>"}
    project = ok(owner.client.post("/api/projects/", body), 201)["id"]
    task = ok(owner.client.post("/api/tasks/", {"project": project, "data": {"text": "a"}}), 201)["id"]
    ok(person.client.get(f"/api/projects/{project}/next"))
    assert indexed(person.user.id) == []

    ok(person.client.post(f"/api/tasks/{task}/annotations/", {"result": RESULT}), 201)

    assert indexed(person.user.id) == [project]


def test_a_row_that_goes_with_its_project_does_not_come_back(owner: Person, rows: OldRows) -> None:
    store = task_store()
    gone = rows.projects[0]
    read = wiring.dynamodb().query

    def query(**request: Any) -> Any:
        page = read(**request)
        if request["ExpressionAttributeValues"] == {":pk": {"S": f"PU#{gone}"}}:
            store.forget_project(gone)
        return page

    applied = runner()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring.dynamodb(), "query", query)
        applied.up(INDEXED)

    assert list(_queue_store().annotators(gone)) == []
    assert [standing.entry.written for standing in applied.status() if standing.entry][
        -1
    ] == rows.count - USERS


def test_tables_of_an_older_release_get_the_index_at_a_start_and_are_then_migrated(
    owner: Person, rows: OldRows
) -> None:
    name = settings().table("tasks")
    wiring.dynamodb().update_table(
        TableName=name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "work"}}]
    )

    assert ensure_tables(wiring.dynamodb(), settings().table("")) == [f"{name}/work"]
    runner().up(INDEXED)

    assert sorted(indexed(owner.user.id)) == sorted(rows.projects)


def test_without_the_index_it_says_what_to_do(owner: Person) -> None:
    name = settings().table("tasks")
    wiring.dynamodb().update_table(
        TableName=name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "work"}}]
    )

    with pytest.raises(Exception, match="deploy the tables first"):
        runner().up(INDEXED)

    assert "deploy the tables first" in (runner().status()[1].entry or pytest.fail("no entry")).error
