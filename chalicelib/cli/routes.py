"""Prints the index of routes: which module declares which path, so that a request loads only its own."""

from __future__ import annotations

import argparse


def declare(command: argparse.ArgumentParser) -> None:
    """It has no options."""


def run(options: argparse.Namespace) -> None:  # noqa: ARG001  every command has this form
    """Print the module `chalicelib/api/routes/index.py`."""
    print(text(), end="")


def text() -> str:
    """The index as Python source."""
    from chalicelib.api.endpoint import ROUTES, shape
    from chalicelib.api.routes import load_all

    load_all()
    homes = {
        shape(declared.path, declared.texts): declared.handler.__module__.rpartition(".")[2]
        for declared in ROUTES
    }
    lines = [f'    "{path}": "{home}",' for path, home in sorted(homes.items())]
    return "\n".join(
        [
            '"""Which module declares which path. Made by `python -m chalicelib.cli routes`; do not edit."""',
            "",
            "INDEX = {",
            *lines,
            "}",
            "",
        ]
    )
