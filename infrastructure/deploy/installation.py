"""The product's own commands, run from here against a deployed stage: making its owner."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infrastructure.deploy.errors import DeployError
from infrastructure.package import ROOT
from infrastructure.template.functions import environment

SHOWN_CHARACTERS = 2000


def variables(stage: str, values: Mapping[str, str], *, region: str) -> dict[str, str]:
    """The settings that the stage's functions have; `values` stand for the template's references."""
    settings = environment(stage, f"skylabel-{stage}-")
    resolved = {name: _resolved(value, values) for name, value in settings.items()}
    return {**resolved, "AWS_REGION": region, "AWS_DEFAULT_REGION": region}


def _resolved(value: Any, values: Mapping[str, str]) -> str:
    return values[value["Ref"]] if isinstance(value, dict) else str(value)


def ensure_owner(settings: Mapping[str, str], *, email: str, access_file: Path) -> None:
    """Make the first organization and its owner; one who can sign in already is left alone."""
    command = ["chalicelib.cli", "bootstrap", "--only-new", "--email", email]
    _run("bootstrap", [*command, "--access-file", str(access_file)], settings)


def _run(what: str, command: list[str], settings: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DeployError(f"{what} failed:\n{done.stdout[-SHOWN_CHARACTERS:]}")
    return done.stdout
