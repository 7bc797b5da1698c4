"""An installation of its own for each module, on dynoxide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.installation import installed
from tests.dynoxide import dynoxide_endpoint

__all__ = ["dynoxide_endpoint"]


@pytest.fixture
def environment(
    dynoxide_endpoint: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """The settings of a fresh installation, migrated by nobody yet."""
    prefix = f"m{abs(hash(request.node.nodeid)):x}-"
    with installed(tmp_path, dynoxide_endpoint, prefix=prefix, layout=0) as changes:
        yield changes


@pytest.fixture
def app(environment: dict[str, str]) -> Any:
    """The deployed app object."""
    from app import app as deployed

    return deployed
