"""The engine on dynoxide and on moto; tests that count or race ask for `dynoxide_engine`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.dynoxide import dynoxide_endpoint  # noqa: F401  (a fixture)
from tests.engine import Engine, create_tables, engine_in_memory, engine_on

_numbers = count(1)


def make_client(endpoint: str | None) -> Any:
    from botocore.config import Config
    from botocore.session import get_session

    session = get_session()
    session.set_credentials("test", "test")
    config = Config(retries={"mode": "standard", "total_max_attempts": 4}, max_pool_connections=64)
    return session.create_client("dynamodb", region_name="us-east-1", endpoint_url=endpoint, config=config)


def fresh_engine(client: Any) -> Engine:
    prefix = f"storage{next(_numbers):04d}-"
    create_tables(client, prefix)
    return engine_on(client, prefix)


@pytest.fixture
def dynoxide_engine(dynoxide_endpoint: str) -> Engine:  # noqa: F811
    return fresh_engine(make_client(dynoxide_endpoint))


@pytest.fixture
def moto_engine() -> Iterator[Engine]:
    from moto import mock_aws

    with mock_aws():
        yield fresh_engine(make_client(None))


@pytest.fixture
def fake_engine() -> Engine:
    return engine_in_memory()


@pytest.fixture(params=["fake", "dynoxide", "moto"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made
