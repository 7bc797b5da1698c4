"""ID tokens of an OpenID Connect provider: signature (RS256 alone) and claims.

The signature check is RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2): the whole encoded message is made anew and
compared, so that nothing of the padding is ever parsed. The claims are those of OpenID Connect Core, 3.1.3.7.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.errors import UnauthenticatedError

INVALID = "The sign-in provider's answer is not valid."
LEEWAY_S = 60
MIN_BITS, MAX_BITS = 2048, 8192
# The DER encoding of DigestInfo for SHA-256 (RFC 8017, 9.2, note 1).
_SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a provider says somebody is. `subject` is theirs for ever, the rest may change."""

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    first_name: str
    last_name: str


def read_id_token(
    token: str, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str, nonce: str, now: int
) -> Identity:
    """The identity in a token that the provider signed for us, now and for this sign-in.

    `keys` are the provider's JWKs. Raises UnauthenticatedError.
    """
    header, claims, signed, signature = _parts(token)
    if header.get("alg") != "RS256":
        raise UnauthenticatedError(INVALID)
    named = [key for key in keys if key.get("kid") == header.get("kid") and _is_for_signing(key)]
    if not any(_verifies(key, signed, signature) for key in named):
        raise UnauthenticatedError(INVALID)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    expiry, issued = claims.get("exp"), claims.get("iat")
    is_ours = (
        claims.get("iss") == issuer
        and client_id in audiences
        and (len(audiences) == 1 or claims.get("azp") == client_id)
        and isinstance(expiry, int | float)
        and expiry + LEEWAY_S > now
        and isinstance(issued, int | float)
        and issued - LEEWAY_S <= now
        and isinstance(claims.get("nonce"), str)
        and hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode())
        and isinstance(claims.get("sub"), str)
        and 0 < len(claims["sub"]) <= 255
    )
    if not is_ours:
        raise UnauthenticatedError(INVALID)
    return Identity(
        issuer,
        claims["sub"],
        str(claims.get("email") or ""),
        claims.get("email_verified") in (True, "true"),
        str(claims.get("given_name") or claims.get("name") or "")[:256],
        str(claims.get("family_name") or "")[:256],
    )


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(_bytes(head)), json.loads(_bytes(body))
        decoded = _bytes(signature)
    except (ValueError, RecursionError, binascii.Error) as error:
        raise UnauthenticatedError(INVALID) from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise UnauthenticatedError(INVALID)
    return header, claims, f"{head}.{body}".encode(), decoded


def _is_for_signing(key: Mapping[str, Any]) -> bool:
    return key.get("kty") == "RSA" and key.get("use", "sig") == "sig" and key.get("alg", "RS256") == "RS256"


def _verifies(key: Mapping[str, Any], signed: bytes, signature: bytes) -> bool:
    try:
        modulus, exponent = (int.from_bytes(_bytes(str(key[name])), "big") for name in ("n", "e"))
    except (KeyError, ValueError, binascii.Error):
        return False
    length = (modulus.bit_length() + 7) // 8
    if not MIN_BITS <= modulus.bit_length() <= MAX_BITS or not 3 <= exponent < 2**32:
        return False
    number = int.from_bytes(signature, "big")
    if len(signature) != length or number >= modulus:
        return False
    digest = _SHA256_PREFIX + hashlib.sha256(signed).digest()
    expected = b"\x00\x01" + b"\xff" * (length - len(digest) - 3) + b"\x00" + digest
    return hmac.compare_digest(pow(number, exponent, modulus).to_bytes(length, "big"), expected)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
