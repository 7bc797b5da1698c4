"""The app over a DynamoDB of its own, and people to sign in as.

Every test module gets fresh tables under a prefix of its own; within a module each test makes the
organization that it needs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.auth.passwords import Cost, hash_password
from chalicelib.auth.principals import Role
from chalicelib.domain.people import User
from chalicelib.ids import UserId
from chalicelib.jobs.queues import QUEUES
from chalicelib.services.people import Profile
from chalicelib.services.tokens import legacy_token
from chalicelib.storage.tables import TABLES, creation
from infrastructure.local.aws.__main__ import open_engine
from infrastructure.local.aws.credentials import load_or_create
from tests.contract.client import Client
from tests.dynoxide import dynoxide_endpoint

__all__ = ["dynoxide_endpoint"]

CHEAP = Cost(n=2**4, r=1, p=1)
PASSWORD = "correct horse 9"


@pytest.fixture(scope="module")
def environment(
    dynoxide_endpoint: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """The settings of a fresh installation."""
    folder: Path = tmp_path_factory.mktemp("keys")
    (folder / "key").write_bytes(os.urandom(32))
    engine = open_engine(folder / "aws")
    engine.serve(poll_s=0.02)
    credentials = load_or_create(folder / "aws" / "aws-credentials.json")
    prefix = f"{request.module.__name__.rpartition('.')[2]}-"
    changes = {
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_REGION": "us-east-1",
        "DYNAMODB_ENDPOINT": dynoxide_endpoint,
        "S3_ENDPOINT": engine.s3_endpoint,
        "SQS_ENDPOINT": engine.sqs_endpoint,
        "SKYLABEL_TABLE_PREFIX": prefix,
        "SKYLABEL_KEY_FILE": str(folder / "key"),
        "SKYLABEL_LOG_LEVEL": "ERROR",
        "SKYLABEL_PUBLIC_URL": "http://skylabel.test",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in changes.items():
            patch.setenv(name, value)
        wiring.reset()
        for table in TABLES:
            wiring.dynamodb().create_table(**creation(table, prefix))
        wiring.s3().create_bucket(Bucket="skylabel")
        for queue in QUEUES:
            wiring.sqs().create_queue(QueueName=f"skylabel-{queue.name}")
        yield changes
        for client in (wiring.dynamodb(), wiring.s3(), wiring.media_s3(), wiring.sqs()):
            client.close()
    wiring.reset()
    engine.close()


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
