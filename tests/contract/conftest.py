"""The app over a DynamoDB of its own, and people to sign in as.

Every test module gets fresh tables under a prefix of its own; within a module each test makes the
organization that it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.auth import passwords
from chalicelib.auth.passwords import Cost, hash_password
from chalicelib.auth.principals import Role
from chalicelib.domain.people import User
from chalicelib.ids import UserId
from chalicelib.services.people import Profile
from chalicelib.services.tokens import legacy_token
from tests.contract.client import Client
from tests.contract.installation import installed
from tests.dynoxide import dynoxide_endpoint

__all__ = ["dynoxide_endpoint"]

CHEAP = Cost(n=2**4, r=1, p=1)
PASSWORD = "correct horse 9"


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Passwords cost next to nothing here, whatever cost is stored: unit tests show one at its real cost."""
    derive = passwords._derive
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_derive", lambda password, salt, _: derive(password, salt, CHEAP))
        yield


@pytest.fixture(scope="module")
def environment(
    dynoxide_endpoint: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """The settings of a fresh installation."""
    folder: Path = tmp_path_factory.mktemp("keys")
    prefix = f"{request.module.__name__.rpartition('.')[2]}-"
    with installed(folder, dynoxide_endpoint, prefix=prefix) as changes:
        yield changes


@pytest.fixture(scope="module")
def app(environment: dict[str, str]) -> Any:
    """The deployed app object."""
    from app import app as deployed

    return deployed


@dataclass
class Person:
    """Somebody with an account, and a client that sends their token."""

    user: User
    token: str
    client: Client
    organization_id: int


Join = Callable[..., Person]


@pytest.fixture
def join(app: Any) -> Join:
    """Make an account in a role; in a new organization unless one is given."""

    def make(
        role: Role = Role.ADMINISTRATOR, *, organization_id: int | None = None, password: str = ""
    ) -> Person:
        service = wiring.organizations()
        if organization_id is None:
            organization = service.found("Lab", created_by=UserId(1))
        else:
            found = service.people.organization(organization_id)
            assert found is not None
            organization = found
        number = wiring.people().people.next_user_id()
        user = wiring.people().join(organization, Profile(f"p{number}@lab.test"), role=role)
        if password:
            from dataclasses import replace

            stored = replace(user, password_hash=hash_password(password, cost=CHEAP))
            user = wiring.people().people.save_user(stored)
        token = legacy_token(wiring.keys(), user)
        client = Client(app, {"Authorization": f"Token {token}"})
        return Person(user, token, client, organization.id)

    return make


@pytest.fixture
def admin(join: Join) -> Person:
    """The administrator of a new organization."""
    return join()


@pytest.fixture
def anonymous(app: Any) -> Client:
    """Nobody in particular."""
    return Client(app)
