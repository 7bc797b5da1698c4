"""Ed25519 signatures of the audit log's checkpoints: anybody can verify them, only the installation signs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.auth.signing import KeyRing
from chalicelib.domain.audit.records import canonical

PURPOSE = "audit checkpoints"


@dataclass(frozen=True, slots=True)
class CheckpointSigner:
    """Signs with a private key of 32 bytes."""

    secret: bytes

    @property
    def public_key(self) -> str:
        """The public key, 64 hex digits."""
        return str(self._key().public_key().public_bytes_raw().hex())

    def sign(self, claim: Mapping[str, Any]) -> str:
        """128 hex digits over the claim's canonical text."""
        return str(self._key().sign(canonical(dict(claim)).encode()).hex())

    def _key(self) -> Any:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.secret)


def signer_of(keys: KeyRing, *, key: str = "") -> CheckpointSigner:
    """The signer that belongs to a signing key of the installation; to the current one without a name."""
    derived = keys.derive(PURPOSE, key=key)
    return CheckpointSigner(hashlib.sha256(derived.encode()).digest())


def is_signed(public_key: str, message: bytes, signature: str) -> bool:
    """Whether the signature is that of the key, both as lower-case hex. Never raises."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        raw = bytes.fromhex(signature)
        if raw.hex() != signature:
            return False
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(raw, message)
    except (InvalidSignature, ValueError):
        return False
    return True
