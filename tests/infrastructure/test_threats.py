"""The table of attacks names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    line
    for line in (ROOT / "docs" / "security.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| Class")
]
NAMED = sorted({tuple(name.split("::")) for row in ROWS for name in re.findall(r"`([^`]+::[^`]+)`", row)})


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_exists(path: str, name: str) -> None:
    text = (ROOT / path).read_text()

    assert f"def {name}(" in text if path.endswith(".py") else name in text


def test_every_class_has_an_attack() -> None:
    assert len(ROWS) > 20
    assert [row for row in ROWS if "::" not in row] == []
