"""The access key of the local stack: made once for each data folder, never the same for two."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from infrastructure.local.files import write_atomically

REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client signs with."""

    access_key: str
    secret_key: str


def load_or_create(file: Path) -> Credentials:
    """The pair kept in `file`, which only its owner may read."""
    try:
        stored = json.loads(file.read_text())
        return Credentials(stored["access_key"], stored["secret_key"])
    except (OSError, ValueError, KeyError, TypeError):
        made = Credentials("LOCAL" + secrets.token_hex(8).upper(), secrets.token_urlsafe(30))
        write_atomically(file, json.dumps(asdict(made)).encode(), mode=0o600)
        return made
