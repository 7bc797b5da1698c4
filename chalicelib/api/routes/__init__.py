"""All routes, one module per resource. A request loads the module of its own path alone."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def load(name: str) -> None:
    """Import one module, which declares its routes."""
    import_module(f"{__name__}.{name}")


def load_all() -> None:
    """Import every module of this package: for the documentation and for tests."""
    for file in sorted(Path(__file__).parent.glob("*.py")):
        if file.stem not in ("__init__", "index"):
            load(file.stem)
