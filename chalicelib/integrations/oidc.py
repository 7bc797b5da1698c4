"""Talking to the OpenID Connect provider that the deployment names.

Only the configured issuer is ever asked, and what its discovery document names, which must be https (or on
the loopback interface, for a provider on the same machine). Nobody who signs in can choose an address.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from chalicelib.errors import UpstreamError

TIMEOUT_S = 5
MAX_BYTES = 1024 * 1024
KNOWN_S = 3600
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


@dataclass
class OidcProvider:
    """`chalicelib.auth.ports.IdentityProvider` over HTTP."""

    issuer: str
    client_id: str
    client_secret: str
    _known: dict[str, tuple[Mapping[str, Any], float]] = field(default_factory=dict)

    def authorization_url(self, parameters: Mapping[str, str]) -> str:
        """Where a browser goes to sign in. UpstreamError when the provider cannot be reached."""
        endpoint = self._endpoint("authorization_endpoint")
        query = urlencode({"response_type": "code", "client_id": self.client_id, **parameters})
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{query}"

    def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> str:
        """The ID token for a code. UpstreamError when the provider refuses or cannot be reached."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.client_id,
            "code_verifier": verifier,
        }
        if self.client_secret:
            form["client_secret"] = self.client_secret
        answer = self._ask(self._endpoint("token_endpoint"), urlencode(form).encode())
        return str(answer.get("id_token") or "")

    def keys(self, *, fresh: bool = False) -> Sequence[Mapping[str, Any]]:
        """The provider's keys; `fresh` asks again, after it has changed them."""
        found = self._remembered(self._endpoint("jwks_uri"), fresh=fresh).get("keys")
        return [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []

    def _endpoint(self, name: str) -> str:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        document = self._remembered(address)
        if document.get("issuer") != self.issuer:
            raise UpstreamError("The sign-in provider calls itself by another name.")
        return _checked(str(document.get(name) or ""))

    def _remembered(self, address: str, *, fresh: bool = False) -> Mapping[str, Any]:
        known = self._known.get(address)
        if known and known[1] > time.monotonic() and not fresh:
            return known[0]
        answer = self._ask(address)
        self._known[address] = (answer, time.monotonic() + KNOWN_S)
        return answer

    def _ask(self, address: str, form: bytes | None = None) -> dict[str, Any]:
        request = urllib.request.Request(_checked(address), form, {"Accept": "application/json"})  # noqa: S310
        try:
            opener = urllib.request.build_opener(_NoRedirects)
            with opener.open(request, timeout=TIMEOUT_S) as response:
                answer = json.loads(response.read(MAX_BYTES))
        except (OSError, ValueError, http.client.HTTPException, urllib.error.URLError) as error:
            raise UpstreamError("The sign-in provider did not answer as it should.") from error
        if not isinstance(answer, dict):
            raise UpstreamError("The sign-in provider did not answer as it should.")
        return answer


def _checked(address: str) -> str:
    parts = urlsplit(address)
    is_local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.netloc or not (parts.scheme == "https" or is_local):
        raise UpstreamError("The sign-in provider's addresses must be https.")
    return address
