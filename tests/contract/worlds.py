"""The world of things and people that requests need, and what a request of an operation is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalicelib.auth.principals import Role
from tests.contract.client import Client, Response
from tests.contract.conftest import PASSWORD, Join, Person
from tests.contract.documented import Operation
from tests.contract.test_isolation import belongings
from tests.contract.test_labeling import ok

NEVER = 987654321
"""An id that nothing has."""
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


def form_of(name: str, content: bytes) -> bytes:
    """A multipart body with one file."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n--x--\r\n"


@dataclass(frozen=True)
class Asked:
    """A request of an operation: ids for the path, query, body, headers, and who asks (the owner)."""

    ids: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    client: Client | None = None


@dataclass
class World:
    """What one organization owns, and people around it."""

    owner: Person
    ids: dict[str, Any]
    join: Join
    operator: Person
    """The owner of the organization that runs the installation."""
    mails: Path
    _known: dict[Any, Any] = field(default_factory=dict)

    @property
    def app(self) -> Any:
        return self.owner.client.app

    def member(self, role: Role = Role.ANNOTATOR, **more: Any) -> Person:
        """Somebody new in the organization."""
        return self.join(role, organization_id=self.owner.organization_id, **more)

    def known(self, role: Role) -> Person:
        """Somebody in the organization with this role, always the same."""
        if role not in self._known:
            self._known[role] = self.member(role)
        found: Person = self._known[role]
        return found

    @cached_property
    def spender(self) -> Person:
        """Somebody of an organization that others do not share."""
        return self.stranger()

    def browser(self) -> Client:
        """One in which the owner of another organization has signed in; it sends no header of its own."""
        if "browser" not in self._known:
            person = self.join(Role.OWNER, password=PASSWORD)
            self._known["browser"] = browser = Client(self.app)
            ok(browser.post("/api/session/", {"email": person.user.email, "password": PASSWORD}))
        found: Client = self._known["browser"]
        return found

    def stranger(self) -> Person:
        """The owner of an organization of their own."""
        return self.join(Role.OWNER)

    def made(self, path: str, body: Any = None, status: int = 201) -> Any:
        """What the owner makes by a POST."""
        return ok(self.owner.client.post(path, {} if body is None else body), status)

    def project(self) -> str:
        return f"/api/projects/{self.ids['project_id']}/"

    def ask(self, operation: Operation, asked: Asked) -> Response:
        """The answer to a request."""
        known = {**self.ids, **asked.ids}
        path = re.sub(r"{(\w+)}", lambda part: str(known.get(part[1], NEVER)), operation.path)
        target = f"{path}?{urlencode(asked.query, doseq=True)}" if asked.query else path
        client = asked.client or self.owner.client
        return client.request(operation.method, target, asked.body, headers=asked.headers, form=asked.form)


def new_world(join: Join, operator: Person, mails: Path) -> World:
    """A fresh one."""
    owner = join(Role.OWNER)
    return World(owner, belongings(owner), join, operator, mails)
