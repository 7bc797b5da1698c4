"""Checks AWS Signature Version 4: headers, presigned URLs and POST policies.

The algorithm is AWS's ("Signing AWS API requests"). What is here only says yes or why not; how a
refusal looks on the wire is each service's business.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote_plus

from infrastructure.local.aws.credentials import Credentials
from infrastructure.local.http_server import Request

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
_ALLOWED_SKEW = timedelta(minutes=15)
_MAX_EXPIRES_S = 7 * 24 * 3600


class RefusedError(Exception):
    """The signature does not hold; `code` is AWS's word for the reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Signed:
    """A request whose signature holds, and what signing its chunks needs."""

    payload_hash: str
    key: bytes
    timestamp: str
    scope: str
    signature: str
    presigned: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """The credential scope: who signs, on which day, for what."""

    access_key: str
    day: str
    region: str
    service: str

    @classmethod
    def parse(cls, credential: str) -> Scope:
        """The parts of `KEY/day/region/service/aws4_request`."""
        parts = credential.split("/")
        if len(parts) != 5 or parts[4] != "aws4_request":
            raise RefusedError("AuthorizationHeaderMalformed", "The credential scope is malformed.")
        return cls(*parts[:4])

    @property
    def text(self) -> str:
        """The scope as it is signed."""
        return f"{self.day}/{self.region}/{self.service}/aws4_request"


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a request says about its own signature."""

    scope: Scope
    timestamp: str
    signed_headers: list[str]
    payload_hash: str
    signature: str
    presigned: bool


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Names and values of a query string, decoded, in order, also those without a value."""
    pairs = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((unquote_plus(name), unquote_plus(value)))
    return pairs


def signing_key(secret: str, scope: Scope) -> bytes:
    """The key that signs for one day, region and service."""
    key = _hmac(b"AWS4" + secret.encode(), scope.day)
    for part in (scope.region, scope.service, "aws4_request"):
        key = _hmac(key, part)
    return key


def verify(request: Request, credentials: Credentials, *, service: str, now: datetime) -> Signed:
    """Check the request's signature, in its headers or its query. Raises `RefusedError`."""
    pairs = query_pairs(request.query)
    query = dict(pairs)
    if "X-Amz-Signature" in query or query.get("X-Amz-Algorithm") == ALGORITHM:
        return _verify_presigned(request, pairs, credentials, service, now)
    header = request.header("Authorization")
    if not header:
        raise RefusedError("AccessDenied", "Access Denied")
    return _verify_header(request, header, pairs, credentials, service, now)


def verify_policy(fields: dict[str, str], credentials: Credentials) -> None:
    """Check the signature over a POST form's policy; its conditions are checked elsewhere."""
    if fields.get("x-amz-algorithm") != ALGORITHM:
        raise RefusedError("AccessDenied", "Only AWS4-HMAC-SHA256 is supported.")
    scope = _known_scope(fields.get("x-amz-credential", ""), credentials, "s3")
    expected = _hmac(signing_key(credentials.secret_key, scope), fields.get("policy", "")).hex()
    _compare(expected, fields.get("x-amz-signature", ""))


def chunk_signature(signed: Signed, previous: str, content: bytes) -> str:
    """The signature of one chunk of a streaming upload."""
    empty = hashlib.sha256(b"").hexdigest()
    text = "\n".join(
        [
            f"{ALGORITHM}-PAYLOAD",
            signed.timestamp,
            signed.scope,
            previous,
            empty,
            hashlib.sha256(content).hexdigest(),
        ]
    )
    return _hmac(signed.key, text).hex()


def _verify_presigned(
    request: Request,
    pairs: list[tuple[str, str]],
    credentials: Credentials,
    service: str,
    now: datetime,
) -> Signed:
    query = dict(pairs)
    needed = ("X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature")
    if any(name not in query for name in needed) or query.get("X-Amz-Algorithm") != ALGORITHM:
        raise RefusedError(
            "AuthorizationQueryParametersError",
            "Query-string authentication version 4 requires X-Amz-Algorithm, X-Amz-Credential, "
            "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders and X-Amz-Expires.",
        )
    scope = _known_scope(query["X-Amz-Credential"], credentials, service)
    _check_expiry(query["X-Amz-Date"], query["X-Amz-Expires"], now)
    payload_hash = query.get("X-Amz-Content-Sha256") or UNSIGNED
    unsigned = [(name, value) for name, value in pairs if name != "X-Amz-Signature"]
    claim = _Claim(
        scope=scope,
        timestamp=query["X-Amz-Date"],
        signed_headers=query["X-Amz-SignedHeaders"].split(";"),
        payload_hash=payload_hash,
        signature=query["X-Amz-Signature"],
        presigned=True,
    )
    return _check(request, unsigned, claim, signing_key(credentials.secret_key, scope))


def _check_expiry(date: str, expires: str, now: datetime) -> None:
    if not expires.isdigit() or not 1 <= int(expires) <= _MAX_EXPIRES_S:
        raise RefusedError(
            "AuthorizationQueryParametersError", "X-Amz-Expires must be between 1 and 604800 seconds."
        )
    start = _moment(date)
    if now > start + timedelta(seconds=int(expires)):
        raise RefusedError("AccessDenied", "Request has expired")
    if start > now + _ALLOWED_SKEW:
        raise RefusedError("AccessDenied", "Request is not yet valid")


def _verify_header(
    request: Request,
    header: str,
    pairs: list[tuple[str, str]],
    credentials: Credentials,
    service: str,
    now: datetime,
) -> Signed:
    algorithm, _, rest = header.partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if algorithm != ALGORITHM or not {"Credential", "SignedHeaders", "Signature"} <= fields.keys():
        raise RefusedError("AccessDenied", "The authorization mechanism is not supported.")
    scope = _known_scope(fields["Credential"], credentials, service)
    timestamp = request.header("X-Amz-Date")
    if abs(_moment(timestamp) - now) > _ALLOWED_SKEW:
        raise RefusedError(
            "RequestTimeTooSkewed", "The difference between the request time and the server's is too large."
        )
    payload_hash = request.header("X-Amz-Content-Sha256")
    if not payload_hash:
        # services other than S3 sign the body's hash without sending it
        payload_hash = _body_hash(request)
    claim = _Claim(
        scope=scope,
        timestamp=timestamp,
        signed_headers=fields["SignedHeaders"].split(";"),
        payload_hash=payload_hash,
        signature=fields["Signature"],
        presigned=False,
    )
    return _check(request, pairs, claim, signing_key(credentials.secret_key, scope))


def _body_hash(request: Request) -> str:
    content = getattr(request.body, "getvalue", None)
    return hashlib.sha256(content() if content else b"").hexdigest()


def _check(request: Request, pairs: Sequence[tuple[str, str]], claim: _Claim, key: bytes) -> Signed:
    if "host" not in claim.signed_headers:
        raise RefusedError("AccessDenied", "The host header must be signed.")
    _require_signed_amz_headers(request, claim.signed_headers)
    canonical = "\n".join(
        [
            request.method,
            request.path or "/",
            _canonical_query(pairs),
            *(f"{name}:{_canonical_value(request, name)}" for name in claim.signed_headers),
            "",
            ";".join(claim.signed_headers),
            claim.payload_hash,
        ]
    )
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    text = "\n".join([ALGORITHM, claim.timestamp, claim.scope.text, digest])
    _compare(_hmac(key, text).hex(), claim.signature)
    return Signed(
        claim.payload_hash, key, claim.timestamp, claim.scope.text, claim.signature, claim.presigned
    )


def _require_signed_amz_headers(request: Request, signed_headers: list[str]) -> None:
    """A header that changes what is stored must be under the signature, else anyone could add it."""
    for name in request.headers:
        lower = name.lower()
        if lower.startswith("x-amz-") and lower not in signed_headers and lower != "x-amz-content-sha256":
            raise RefusedError("AccessDenied", f"There were headers present which were not signed: {lower}")


def _canonical_query(pairs: Sequence[tuple[str, str]]) -> str:
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def _canonical_value(request: Request, name: str) -> str:
    values = request.headers.get_all(name) or []
    return ",".join(" ".join(str(value).split()) for value in values)


def _known_scope(credential: str, credentials: Credentials, service: str) -> Scope:
    scope = Scope.parse(credential)
    if not hmac.compare_digest(scope.access_key.encode(), credentials.access_key.encode()):
        raise RefusedError(
            "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."
        )
    if scope.service != service:
        raise RefusedError("AuthorizationHeaderMalformed", f"The credential scope must be for {service}.")
    return scope


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise RefusedError("AccessDenied", "X-Amz-Date must look like 20260101T000000Z.") from error


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _compare(expected: str, given: str) -> None:
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise RefusedError(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
        )
