"""Signed tokens (JWT, HS256 alone) and secrets derived from the signing key.

A library would cost a third of the cold start. The algorithm is pinned: a header that names another one,
`none` above all, is refused before anything is compared.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.errors import UnauthenticatedError

INVALID = "Token is invalid or expired"


@dataclass(frozen=True)
class KeyRing:
    """The signing keys by name. New tokens are signed with `current`, old ones verified with theirs."""

    keys: Mapping[str, bytes]
    current: str

    def sign(self, claims: Mapping[str, Any], *, key: str = "") -> str:
        """The claims as a signed token."""
        name = key or self.current
        head = unsigned(claims, key=name)
        return f"{head}.{_encode(_mac(self.keys[name], head))}"

    def verify(self, token: str, *, now: int) -> dict[str, Any]:
        """The claims of a token that we signed and that has not run out. Raises UnauthenticatedError."""
        head, _, signature = token.rpartition(".")
        header, claims = read_unsigned(head)
        key = self.keys.get(str(header.get("kid")))
        if key is None or header.get("alg") != "HS256" or not signature.isascii():
            raise UnauthenticatedError(INVALID)
        if not hmac.compare_digest(_encode(_mac(key, head)), signature):
            raise UnauthenticatedError(INVALID)
        expiry = claims.get("exp")
        if not isinstance(expiry, int) or expiry <= now:
            raise UnauthenticatedError(INVALID)
        return claims

    def derive(self, purpose: str, *parts: object, key: str = "") -> str:
        """40 hex digits that only a holder of the key can know; the same for the same words."""
        words = "\0".join([purpose, *map(str, parts)])
        return hmac.new(self.keys[key or self.current], words.encode(), hashlib.sha256).hexdigest()[:40]


def key_ring(secret: bytes, *older: bytes) -> KeyRing:
    """A ring whose current key is `secret`; keys are named after their own hashes."""
    keys = {hashlib.sha256(b"kid" + key).hexdigest()[:8]: key for key in (*older, secret)}
    return KeyRing(keys, current=next(reversed(keys)))


def unsigned(claims: Mapping[str, Any], *, key: str) -> str:
    """Header and payload of a token, without its signature."""
    header = {"alg": "HS256", "typ": "JWT", "kid": key}
    return f"{_encode(_json(header))}.{_encode(_json(claims))}"


def read_unsigned(head: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token's first two parts, unverified. Raises UnauthenticatedError."""
    try:
        header, claims = (json.loads(_decode(part)) for part in head.split("."))
    except (ValueError, RecursionError, binascii.Error) as error:
        raise UnauthenticatedError(INVALID) from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise UnauthenticatedError(INVALID)
    return header, claims


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
