"""The package is cheap to import, and what it offers is there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chalicelib.domain import label_config

COLD = """
import sys
from chalicelib.domain import label_config
loaded = [name for name in sys.modules if name.startswith("chalicelib.domain.label_config.")]
assert not loaded, loaded
label_config.parse("<View/>").warnings
for heavy in ("lxml", "jsonschema", "numpy", "pydantic", "hypothesis"):
    assert heavy not in sys.modules, heavy
"""


def test_importing_loads_nothing_and_parsing_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("name", label_config.__all__)
def test_what_is_offered_is_there(name: str) -> None:
    assert callable(getattr(label_config, name))


def test_nothing_else_is_offered() -> None:
    with pytest.raises(AttributeError, match="sparkle"):
        _ = label_config.sparkle
