"""Prints the OpenAPI document."""

from __future__ import annotations

import argparse
import json


def declare(command: argparse.ArgumentParser) -> None:
    """It has no options."""


def run(options: argparse.Namespace) -> None:  # noqa: ARG001  every command has this form
    """Print the document as it is committed: indented, with sorted keys."""
    print(text(), end="")


def text() -> str:
    """The document as JSON text."""
    from chalicelib.api.openapi import document

    return json.dumps(document(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
