"""The engine on dynoxide and on moto; tests that count or race ask for `dynoxide_engine`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.projects.entities import Project
from tests.dynoxide import dynoxide_endpoint  # noqa: F401  (a fixture)
from tests.engine import Engine, create_tables, engine_in_memory, engine_on
from tests.moto_transactions import thrifty

_numbers = count(1)


@cache
def _session(*, mocked: bool) -> Any:
    """A session, which reads the service's model once; moto watches those alone that were made after it."""
    from botocore.session import get_session

    from chalicelib.storage.attribute_parsing import AttributeParsers

    if mocked:
        import moto  # noqa: F401
    session = get_session()
    session.set_credentials("test", "test")
    session.register_component("response_parser_factory", AttributeParsers())
    return session


def make_client(endpoint: str | None) -> Any:
    """A client as the product has one: the database checks parameters, and numbers are read by our parser."""
    from botocore.config import Config

    retries = {"mode": "standard", "total_max_attempts": 4}
    config = Config(retries=retries, max_pool_connections=64, parameter_validation=False)
    session = _session(mocked=endpoint is None)
    return session.create_client("dynamodb", region_name="us-east-1", endpoint_url=endpoint, config=config)


def fresh_engine(client: Any) -> Engine:
    prefix = f"storage{next(_numbers):04d}-"
    create_tables(client, prefix)
    return engine_on(client, prefix)


@pytest.fixture
def dynoxide_engine(dynoxide_endpoint: str) -> Engine:  # noqa: F811
    return fresh_engine(make_client(dynoxide_endpoint))


@dataclass
class FilledProjects:
    """Projects on dynoxide as `test_budgets.filled` makes them: each once, for all who ask for the same.

    To fill one with 20,000 tasks takes long. Whoever asks works in it as a person of their own.
    """

    engine: Engine
    _made: dict[tuple[int, int, float], Project] = field(default_factory=dict)

    def of(self, size: int, *, overlap: int, done: float) -> Project:
        from tests.integration.storage.test_budgets import filled

        if (size, overlap, done) not in self._made:
            self._made[size, overlap, done] = filled(self.engine, size, overlap=overlap, done=done)
        return self._made[size, overlap, done]


@pytest.fixture(scope="session")
def filled_projects(dynoxide_endpoint: str) -> FilledProjects:  # noqa: F811
    return FilledProjects(fresh_engine(make_client(dynoxide_endpoint)))


@pytest.fixture
def moto_engine() -> Iterator[Engine]:
    from moto import mock_aws

    with mock_aws(), thrifty():
        yield fresh_engine(make_client(None))


@pytest.fixture
def fake_engine() -> Engine:
    return engine_in_memory()


@pytest.fixture(params=["fake", "dynoxide", "moto"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made
