"""A DynamoDB for tests: `dynoxide_endpoint` is the URL of an in-memory server, one per test session.

Import it into a conftest or a test module (`from tests.dynoxide import dynoxide_endpoint`). Tables are
shared by the whole session, so name yours after your test. Where the program is missing the tests
are skipped with the reason; with CI=true they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from infrastructure.local import dynoxide


@pytest.fixture(scope="session")
def dynoxide_endpoint() -> Iterator[str]:
    """The endpoint URL of a fresh in-memory DynamoDB."""
    require_dynoxide()
    with dynoxide.running() as endpoint:
        yield endpoint


def require_dynoxide() -> None:
    """Skip the asking test where dynoxide cannot be had; fail it under CI=true."""
    try:
        dynoxide.binary()
    except dynoxide.DynoxideMissingError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
