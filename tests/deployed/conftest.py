"""The package, built once for all tests here and only when its sources have changed."""

from __future__ import annotations

import platform
import sys

import pytest

from infrastructure.package import Package, package


@pytest.fixture(scope="session")
def built() -> Package:
    """The deployable code and the template of a test stack."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip(f"the package holds code for Lambda (Linux, x86_64), not for {platform.platform()}")
    return package("emulated", test_stack=True)
