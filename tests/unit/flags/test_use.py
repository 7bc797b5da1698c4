"""A flag that nothing asks for is not to be declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.flags.declared import FLAGS

ROOT = Path(__file__).parents[3]
CODE = [
    *(ROOT / "chalicelib").rglob("*.py"),
    *(path for path in (ROOT / "frontend/src").rglob("*.ts*") if "test" not in path.name),
]


@pytest.mark.parametrize("name", FLAGS)
def test_the_code_asks_for_every_flag(name: str) -> None:
    asked = (path.read_text(encoding="utf-8") for path in CODE if path.name != "declared.py")

    assert any(f'"{name}"' in text for text in asked)
