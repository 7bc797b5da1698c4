"""What a deployment may set, read once from the environment and validated whole.

Nothing here opens a connection. Every door, worker and script gets the same frozen `Settings`; a wrong
environment is answered once, with every fault in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from chalicelib.errors import FaultList

PREFIX = "SKYLABEL_"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. Durations are seconds, sizes are bytes, empty text means unset."""

    stage: str = "local"
    region: str = "us-east-1"
    log_level: str = "INFO"

    table_prefix: str = "skylabel-"
    queue_prefix: str = "skylabel-"
    bucket: str = "skylabel"
    dynamodb_endpoint: str = ""
    s3_endpoint: str = ""
    sqs_endpoint: str = ""
    media_url: str = ""
    """The origin that browsers reach S3 under, when it differs from `s3_endpoint`."""

    public_url: str = "http://localhost:8080"
    """Where people and clients reach this installation; no closing slash."""
    key_file: str = ""
    """A file of at least 32 random bytes: the signing key where there is no parameter store."""
    key_parameter: str = ""
    """The name of the SSM SecureString that holds the signing keys, on AWS."""

    operator_organization: int = 1
    """The organization whose owners and administrators run the installation: they decide about flags."""

    lease_s: int = 24 * 3600
    signup_open: bool = False
    session_s: int = 14 * 24 * 3600
    access_token_s: int = 300
    credential_cache_s: int = 30
    """How long a process may trust a credential it has verified; a revocation elsewhere takes this long."""
    login_attempts: int = 10
    login_attempts_per_address: int = 100
    login_window_s: int = 15 * 60
    mail_from: str = ""
    """The address that mails come from, verified with SES. Without it or a folder none are sent."""
    mail_folder: str = ""
    """Where mails are written instead of being sent, on one machine."""
    oidc_issuer: str = ""
    """The OpenID Connect provider that people may sign in by: its issuer, as it calls itself."""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    """On one machine; on AWS `oidc_secret_parameter` names where it lies."""
    oidc_secret_parameter: str = ""
    oidc_name: str = "Single sign-on"
    """What the sign-in page calls the provider."""
    oidc_organization: int = 0
    """The organization that people unknown so far join by it, in its default role; 0 lets nobody new in."""
    requests_per_minute: int = 0
    """How many requests a person may make in a minute, whatever their tokens; 0 sets no limit."""
    organization_requests_per_day: int = 0
    """How many requests an organization may make in a day (UTC); 0 sets no limit."""

    export_targets: str = ""
    """Where exports may be put beside our own store: `s3://bucket/folder, gs://…, azure-blob://container/…`."""
    store_keys_file: str = ""
    """A file of JSON, `{"google": {…}, "azure": "…"}`: the keys to the operator's stores, on one machine."""
    store_keys_parameter: str = ""
    """The SSM SecureString that holds the same, on AWS."""
    outside_allow: str = ""
    """Networks (`10.1.0.0/16, …`) that may be asked although they are not public."""

    compress_from_bytes: int = 100 * 1024
    binary_answers: bool = True
    """Whether the gateway hands bytes on whatever a client accepts. API Gateway's REST APIs do not: they look
    at the first type in `Accept`, and most clients send `*/*`; so there bytes go through the store."""
    max_answer_bytes: int = 5 * 1024 * 1024
    max_body_bytes: int = 6 * 1024 * 1024

    @property
    def is_secure(self) -> bool:
        """Whether people reach us over https, so that cookies must be `Secure`."""
        return self.public_url.startswith("https://")

    def table(self, name: str) -> str:
        """The full name of a table."""
        return f"{self.table_prefix}{name}"

    def queue(self, name: str) -> str:
        """The full name of a queue."""
        return f"{self.queue_prefix}{name}"


_UNPREFIXED = {
    "region": "AWS_REGION",
    "dynamodb_endpoint": "DYNAMODB_ENDPOINT",
    "s3_endpoint": "S3_ENDPOINT",
    "sqs_endpoint": "SQS_ENDPOINT",
}
_URLS = frozenset({"dynamodb_endpoint", "s3_endpoint", "sqs_endpoint", "media_url", "public_url"})
_TRUTH = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def _boolean(text: str) -> bool:
    if text.lower() not in _TRUTH:
        raise ValueError("must be true or false")
    return _TRUTH[text.lower()]


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("must be a whole number, 0 or more")
    return int(text)


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must be an http or https URL")
    return text.rstrip("/")


def _reader(name: str, kind: str) -> Callable[[str], Any]:
    if name in _URLS:
        return _url
    return {"int": _count, "bool": _boolean}.get(kind, str)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment describes. Raises InvalidInputError with every fault in it."""
    values: dict[str, Any] = {}
    faults = FaultList()
    for field in fields(Settings):
        variable = _UNPREFIXED.get(field.name, PREFIX + field.name.upper())
        text = environment.get(variable, "").strip()
        if not text:
            continue
        try:
            values[field.name] = _reader(field.name, str(field.type))(text)
        except ValueError as error:
            faults.add(variable, str(error), code="setting")
    faults.raise_if_any("The environment does not make valid settings")
    return Settings(**values)


@cache
def settings() -> Settings:
    """The settings of this process, read at the first call."""
    return read_settings(os.environ)
