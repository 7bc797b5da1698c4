"""Where the signing keys come from: a file on one machine, a parameter store on AWS. No default exists."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from chalicelib.auth.signing import KeyRing, key_ring
from chalicelib.errors import InvalidInputError

MIN_BYTES = 32


def from_file(path: str) -> KeyRing:
    """The key that the whole file is. Raises InvalidInputError when it is missing or too short."""
    try:
        secret = Path(path).read_bytes()
    except OSError as error:
        raise InvalidInputError.at("SKYLABEL_KEY_FILE", f"cannot be read: {error.strerror}") from error
    return key_ring(_long_enough(secret, "SKYLABEL_KEY_FILE"))


def from_parameter(client: Any, name: str) -> KeyRing:
    """The keys of an SSM SecureString: base64, one a line, the newest last."""
    secrets = [base64.b64decode(line) for line in text_of_parameter(client, name).split()]
    if not secrets:
        raise InvalidInputError.at("SKYLABEL_KEY_PARAMETER", "holds no key")
    *older, newest = (_long_enough(secret, "SKYLABEL_KEY_PARAMETER") for secret in secrets)
    return key_ring(newest, *older)


def text_of_parameter(client: Any, name: str) -> str:
    """What an SSM SecureString holds."""
    return str(client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])


def _long_enough(secret: bytes, setting: str) -> bytes:
    if len(secret) < MIN_BYTES:
        raise InvalidInputError.at(setting, f"a key must have at least {MIN_BYTES} bytes")
    return secret
