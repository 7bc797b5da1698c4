"""Passwords as scrypt hashes that carry their own cost, and secrets compared in constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

MIN_LENGTH = 8
MAX_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Cost:
    """scrypt's parameters; memory is 128 · n · r bytes."""

    n: int = 2**15
    r: int = 8
    p: int = 3


DEFAULT_COST = Cost()


def hash_password(password: str, *, cost: Cost = DEFAULT_COST) -> str:
    """The password's hash as `scrypt$n$r$p$salt$hash`, with a new salt each time."""
    salt = secrets.token_bytes(16)
    digest = _derive(password, salt, cost)
    return "$".join(["scrypt", str(cost.n), str(cost.r), str(cost.p), _text(salt), _text(digest)])


def verify_password(password: str, stored: str) -> bool:
    """Whether the password is the one that was hashed.

    Without a stored hash (no such account, or one that cannot sign in by password) the same work is done
    and the answer is no, so that time tells nothing about who has an account.
    """
    parts = stored.split("$")
    if len(parts) != 6 or parts[0] != "scrypt":
        _derive(password, b"no account, same", DEFAULT_COST)
        return False
    cost = Cost(int(parts[1]), int(parts[2]), int(parts[3]))
    expected = base64.b64decode(parts[5])
    return hmac.compare_digest(_derive(password, base64.b64decode(parts[4]), cost), expected)


def faults_of_password(password: str) -> list[str]:
    """What makes the password unfit, for people to read; nothing when it will do."""
    if len(password) < MIN_LENGTH:
        return [f"Ensure the password has at least {MIN_LENGTH} characters."]
    if len(password) > MAX_LENGTH:
        return [f"Ensure the password has no more than {MAX_LENGTH} characters."]
    if len(set(password)) < 3:
        return ["The password is too simple."]
    return []


def fingerprint(secret: str) -> str:
    """What is stored of a random secret (a token, a cookie): its SHA-256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=cost.n,
        r=cost.r,
        p=cost.p,
        maxmem=256 * cost.n * cost.r,
        dklen=32,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
