"""Makes the first organization and its owner, and writes how to get in to a file that only we can read."""

from __future__ import annotations

import argparse
import json
import os
import secrets
from pathlib import Path

TITLE = "Skylabel"
ADMIN_EMAIL = "admin@skylabel.local"


def declare(command: argparse.ArgumentParser) -> None:
    """Where to write, and who the owner is."""
    command.add_argument("--access-file", type=Path, required=True, help="gets url, email, password, api_key")
    command.add_argument("--email", default=ADMIN_EMAIL, help="the owner's address")


def run(options: argparse.Namespace) -> None:
    """Do it, as often as you like; a password once written is kept, a file that was lost is written again.

    The password cannot be read back from its hash: where the file is gone, a new one is set.
    """
    from chalicelib import wiring
    from chalicelib.services.bootstrap import ensure_owner
    from chalicelib.settings import settings

    known = read_access(options.access_file)
    access = ensure_owner(
        wiring.organizations(),
        wiring.people(),
        email=options.email,
        title=TITLE,
        password=known.get("password", ""),
        new_password=secrets.token_urlsafe(12),
    )
    write_access(
        options.access_file,
        {
            "url": settings().public_url,
            "email": access.email,
            "password": access.password,
            "api_key": access.api_key,
        },
    )


def read_access(path: Path) -> dict[str, str]:
    """What an access file says; nothing when it is missing or broken."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_access(path: Path, content: dict[str, str]) -> None:
    """Write the file whole or not at all; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(content, indent=1) + "\n")
    fresh.replace(path)
