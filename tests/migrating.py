"""An installation with stored data of an older release, people who work in it, and the migration command.

Shared by the tests of migrations and the benchmark, which differ in size.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock
from typing import Any

from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.domain.people import User
from chalicelib.ids import ProjectId, UserId
from chalicelib.services.people import Profile
from chalicelib.services.tokens import legacy_token
from chalicelib.settings import settings
from chalicelib.wiring.labeling import project_store
from chalicelib.wiring.people import ids as id_source
from schema_migrations.ledger import Ledger
from schema_migrations.modules import discover
from schema_migrations.runner import Limits, Runner
from tests.contract.client import Client, Response

ROOT = Path(__file__).parents[1]
CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text"><Choice value="Glad"/><Choice value="Sad"/></Choices></View>"""
RESULT = [{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Glad"]}}]
FIRST_OLD_USER = 1_000_000
BATCH = 25


@dataclass
class Person:
    """A member with a client that sends their token."""

    user: User
    client: Client
    organization: int


def member(app: Any, organization: int | None, role: Role = Role.ADMINISTRATOR) -> Person:
    """Somebody new, in a new organization unless one is named."""
    service, people = wiring.organizations(), wiring.people()
    found = people.people.organization(organization) if organization else None
    home = found or service.found("Lab", created_by=UserId(1))
    user = people.join(home, Profile(f"p{people.people.next_user_id()}@lab.test"), role=role)
    return Person(user, Client(app, {"Authorization": f"Token {legacy_token(wiring.keys(), user)}"}), home.id)


def ok(answer: Response, *statuses: int) -> Any:
    """The answer's body; it must have one of the statuses (200 if none is named)."""
    assert answer.status in (statuses or (200,)), f"{answer.status} {answer.text}"
    return answer.json() if answer.content else None


@dataclass(frozen=True)
class OldRows:
    """Rows of annotators as older releases wrote them: every one of `users` has worked in all `projects`."""

    projects: list[ProjectId]
    users: list[int]

    @property
    def count(self) -> int:
        return len(self.projects) * len(self.users)

    @staticmethod
    def done(project: int) -> int:
        """How many tasks each user has done in a project."""
        return project % 7 + 1

    @property
    def done_in_all(self) -> int:
        return sum(self.done(project) for project in self.projects)


def add_old_rows(owner: Person, *, projects: int, users: int, also: list[int] | None = None) -> OldRows:
    """Projects of the owner's organization, with rows that no index knows; `also` are some of the users."""
    body = {"title": "Old", "label_config": CONFIG}
    first = ok(owner.client.post("/api/projects/", body), 201)["id"]
    store, ids = project_store(), id_source()
    pattern = store.get(ProjectId(first))
    assert pattern is not None
    made = [pattern.id, *(ProjectId(ids.next_id("project")) for _ in range(projects - 1))]
    for project in made[1:]:
        store.insert(replace(pattern, id=project, title=f"Old {project}"))
    rows = OldRows(made, [*(also or ()), *range(FIRST_OLD_USER, FIRST_OLD_USER + users - len(also or ()))])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda project: _write_rows(project, rows.users), made))
    return rows


def _write_rows(project: int, users: list[int]) -> None:
    name, done = settings().table("tasks"), str(OldRows.done(project))
    for start in range(0, len(users), BATCH):
        items = [
            {
                "pk": {"S": f"PU#{project}"},
                "sk": {"N": str(user)},
                "sv": {"N": "1"},
                "dn": {"N": done},
                "kp": {"N": done},
            }
            for user in users[start : start + BATCH]
        ]
        wiring.dynamodb().batch_write_item(RequestItems={name: [{"PutRequest": {"Item": i}} for i in items]})


def indexed(user: int) -> list[int]:
    """The projects in which the index knows a user."""
    pages = (
        wiring.dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=settings().table("tasks"),
            IndexName="work",
            KeyConditionExpression="au = :user",
            ExpressionAttributeValues={":user": {"N": str(user)}},
        )
    )
    return [int(item["ap"]["N"]) for page in pages for item in page["Items"]]


# ---- the command and its ledger


def runner(owner: str = "test", *, limits: Limits | None = None) -> Runner:
    """A runner over the installation that the environment names."""
    return Runner(
        discover(), ledger(owner), wiring.dynamodb(), settings().table, lambda _line: None,
        limits or Limits(units_per_second=0),
    )  # fmt: skip


def ledger(owner: str = "test") -> Ledger:
    return Ledger(wiring.dynamodb(), settings().table("migrations"), owner, lambda: datetime.now(UTC))


def command(environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    """`python -m schema_migrations …`, begun."""
    return subprocess.Popen(
        [sys.executable, "-m", "schema_migrations", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_lease_to_end() -> None:
    """Let the lease of a killed runner run out, without waiting for it."""
    wiring.dynamodb().update_item(
        TableName=settings().table("migrations"),
        Key={"pk": {"S": "LOCK"}, "sk": {"S": "-"}},
        UpdateExpression="SET #u = :past",
        ExpressionAttributeNames={"#u": "until"},
        ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00.000000Z"}},
    )


# ---- people at work


@dataclass(frozen=True)
class Asked:
    """One request: what it was, when it began, how long it took, how it ended."""

    what: str
    at: float
    seconds: float
    status: int


@dataclass
class Work:
    """Annotators who label task after task, and a manager who looks at members; all until `end`."""

    project: int
    manager: Person
    annotators: list[Person]
    looked_at: int
    pause_s: float = 0.05
    asked: list[Asked] = field(default_factory=list)
    submitted: list[tuple[int, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def begin(self) -> None:
        self._pool = ThreadPoolExecutor(len(self.annotators) + 1)
        self._threads = [self._pool.submit(self._label, person) for person in self.annotators]
        self._threads.append(self._pool.submit(self._manage))

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.result(timeout=60)
        self._pool.shutdown()

    def _label(self, person: Person) -> None:
        while not self._stop.is_set():
            task = self._ask("next", person, "GET", f"/api/projects/{self.project}/next")
            if task is None:
                return
            path = f"/api/tasks/{task['id']}/annotations/"
            made = self._ask("submit", person, "POST", path, {"result": RESULT, "lead_time": 1.0})
            if made is not None:
                with self._lock:
                    self.submitted.append((person.user.id, made["id"]))
            time.sleep(self.pause_s)

    def _manage(self) -> None:
        home = f"/api/organizations/{self.manager.organization}/memberships"
        while not self._stop.is_set():
            self._ask("member", self.manager, "GET", f"{home}/{self.looked_at}/")
            self._ask("projects", self.manager, "GET", "/api/projects/?page_size=10")
            time.sleep(self.pause_s)

    def _ask(self, what: str, person: Person, method: str, path: str, body: Any = None) -> Any:
        began = time.monotonic()
        answer = person.client.request(method, path, body)
        asked = Asked(what, began, time.monotonic() - began, answer.status)
        with self._lock:
            self.asked.append(asked)
            if answer.status >= 400:
                self.faults.append(f"{what}: {answer.status} {answer.text[:200]}")
        return answer.json() if answer.status < 400 else None
