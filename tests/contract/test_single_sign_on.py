"""Signing in by an OpenID Connect provider: a small one of our own, over real HTTP on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from chalicelib import wiring
from chalicelib.auth.principals import Role
from chalicelib.integrations.oidc import OidcProvider
from chalicelib.services.single_sign_on import SingleSignOn
from tests.contract.client import Client, Response
from tests.contract.conftest import PASSWORD, Join

CLIENT_ID = "skylabel"
REDIRECT = "http://localhost:8080/api/oidc/callback/"


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return text_of(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What the provider knows and will say; tests change it."""

    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    kid: str = "one"
    issuer: str = ""
    calls_itself: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    sign_with: rsa.RSAPrivateKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    redirects: bool = False

    def authorize(self, url: str) -> tuple[str, str]:
        """What a person's browser does there: gives the code and the state that come back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["redirect_uri"] == REDIRECT
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return code, asked["state"]

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(form["code"], None)
        challenge = text_of(hashlib.sha256(form["code_verifier"].encode()).digest())
        if asked is None or challenge != asked["code_challenge"] or form["client_secret"] != "hush":
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
            "sub": "s-1",
            "email_verified": True,
            **self.claims,
        }
        return {"id_token": self.signed(claims)}

    def signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "kid": self.kid, **self.header}
        signing = ".".join(text_of(json.dumps(part).encode()) for part in (header, claims))
        key = self.sign_with or self.key
        signature = key.sign(signing.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signing}.{text_of(signature)}"

    def jwks(self) -> dict[str, Any]:
        public = self.key.public_key().public_numbers()
        return {
            "keys": [
                {"kty": "RSA", "kid": self.kid, "use": "sig", "n": number(public.n), "e": number(public.e)}
            ]
        }

    def document(self) -> dict[str, str]:
        return {
            "issuer": self.calls_itself or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that listens."""
    known = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if known.redirects:
                self.send_response(302)
                self.send_header("Location", f"{known.issuer}/elsewhere")
                self.end_headers()
                return
            pages = {"/.well-known/openid-configuration": known.document, "/keys": known.jwks}
            self.say(200, pages[self.path]())

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            answer = known.token({name: values[0] for name, values in sent.items()})
            self.say(200 if answer else 400, answer or {"error": "invalid_grant"})

        def say(self, status: int, body: Any) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    known.issuer = f"http://127.0.0.1:{server.server_port}"
    yield known
    server.shutdown()
    server.server_close()


@pytest.fixture
def service(app: Any, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> SingleSignOn:
    """Signing in by that provider."""
    made = SingleSignOn(
        provider=OidcProvider(provider.issuer, CLIENT_ID, "hush"),
        people=wiring.people().people,
        joining=wiring.people(),
        sessions=wiring.sessions(),
        tokens=wiring.tokens(),
        keys=wiring.keys(),
        clock=wiring.people().clock,
        redirect_uri=REDIRECT,
        issuer=provider.issuer,
        client_id=CLIENT_ID,
        organization=0,
    )
    monkeypatch.setattr(wiring, "single_sign_on", lambda: made)
    return made


def begin(client: Client, target: str = "/projects/7/data") -> str:
    answer = client.get(f"/api/oidc/start/?next={target}")
    assert answer.status == 302, answer.text
    return answer.headers["location"]


def come_back(client: Client, provider: Provider, url: str, **changes: str) -> Response:
    code, state = provider.authorize(url)
    sent = {"code": code, "state": state, **changes}
    return client.get(f"/api/oidc/callback/?code={sent['code']}&state={sent['state']}")


def sign_in(client: Client, provider: Provider) -> Response:
    return come_back(client, provider, begin(client))


def was_refused(client: Client, answer: Response) -> bool:
    return (
        answer.headers["location"] == "/signin?failed=1"
        and client.get("/api/session/").status == 401
        and "skylabel_sign_in" not in client.cookies
    )


@pytest.mark.usefixtures("service")
def test_a_member_signs_in_and_comes_back_where_they_wanted(
    provider: Provider, join: Join, anonymous: Client
) -> None:
    person = join(Role.REVIEWER)
    provider.claims = {"email": person.user.email.upper(), "sub": f"s-{person.user.id}"}

    answer = sign_in(anonymous, provider)

    assert answer.headers["location"] == "/projects/7/data"
    whoami = anonymous.get("/api/session/").json()
    assert (whoami["id"], whoami["role"]) == (person.user.id, "reviewer")
    assert "skylabel_sign_in" not in anonymous.cookies
    session = next(cookie for cookie in answer.cookies if cookie.startswith("skylabel_session="))
    assert "HttpOnly" in session


@pytest.mark.usefixtures("service")
def test_who_only_claimed_an_address_keeps_no_key_to_the_account(
    provider: Provider, join: Join, anonymous: Client
) -> None:
    claimed = join(Role.ANNOTATOR, password=PASSWORD)
    provider.claims = {"email": claimed.user.email, "sub": f"s-{claimed.user.id}"}

    sign_in(anonymous, provider)

    by_password = {"email": claimed.user.email, "password": PASSWORD}
    assert anonymous.get("/api/session/").status == 200
    assert claimed.client.get("/api/current-user/whoami").status == 401
    assert Client(anonymous.app).post("/api/session/", by_password).status == 401


@pytest.mark.usefixtures("service")
def test_somebody_known_stays_known_when_their_address_changes(
    provider: Provider, join: Join, anonymous: Client
) -> None:
    person = join(Role.ANNOTATOR)
    provider.claims = {"email": person.user.email, "sub": f"s-{person.user.id}"}
    sign_in(Client(anonymous.app), provider)

    provider.claims |= {"email": "moved@elsewhere.test", "email_verified": False}
    sign_in(anonymous, provider)

    assert anonymous.get("/api/session/").json()["id"] == person.user.id


def test_nobody_new_comes_in_unless_the_deployment_says_where(
    service: SingleSignOn,
    provider: Provider,
    join: Join,
    anonymous: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider.claims = {"email": "new@lab.test", "sub": "s-new", "given_name": "Nia"}
    assert was_refused(anonymous, sign_in(anonymous, provider))

    organization = join().organization_id
    opened = replace(service, organization=organization)
    monkeypatch.setattr(wiring, "single_sign_on", lambda: opened)
    sign_in(anonymous, provider)

    whoami = anonymous.get("/api/session/").json()
    assert (whoami["email"], whoami["first_name"]) == ("new@lab.test", "Nia")
    assert whoami["active_organization"] == organization


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email": ""},
        {"iss": "https://evil.test"},
        {"aud": "another"},
        {"aud": [CLIENT_ID, "another"]},
        {"exp": 1},
        {"exp": "soon"},
        {"iat": 2**40},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_lets_nobody_in(
    claims: dict[str, Any], provider: Provider, join: Join, anonymous: Client
) -> None:
    person = join()
    provider.claims = {"email": person.user.email, "sub": f"s-{person.user.id}", **claims}

    assert was_refused(anonymous, sign_in(anonymous, provider))


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "RS512"}, {"kid": "two"}], ids=str
)
def test_only_the_pinned_algorithm_and_known_keys_count(
    header: dict[str, str], provider: Provider, join: Join, anonymous: Client
) -> None:
    person = join()
    provider.claims, provider.header = {"email": person.user.email}, header

    assert was_refused(anonymous, sign_in(anonymous, provider))


@pytest.mark.usefixtures("service")
def test_another_key_under_a_known_name_is_refused(provider: Provider, join: Join, anonymous: Client) -> None:
    provider.claims, provider.sign_with = {"email": join().user.email}, new_key()

    assert was_refused(anonymous, sign_in(anonymous, provider))


@pytest.mark.usefixtures("service")
def test_new_keys_of_the_provider_are_fetched(provider: Provider, join: Join, anonymous: Client) -> None:
    person = join()
    provider.claims = {"email": person.user.email, "sub": f"s-{person.user.id}"}
    sign_in(Client(anonymous.app), provider)

    provider.key, provider.kid = new_key(), "two"
    sign_in(anonymous, provider)

    assert anonymous.get("/api/session/").json()["id"] == person.user.id


@pytest.mark.usefixtures("service")
def test_a_callback_needs_the_browser_that_began(provider: Provider, join: Join, anonymous: Client) -> None:
    provider.claims = {"email": join().user.email}
    url = begin(Client(anonymous.app))

    assert was_refused(anonymous, come_back(anonymous, provider, url))
    assert was_refused(anonymous, come_back(anonymous, provider, begin(anonymous), state="another"))
    assert was_refused(anonymous, come_back(anonymous, provider, begin(anonymous), code="guessed"))
    assert was_refused(anonymous, anonymous.get("/api/oidc/callback/?error=access_denied"))


@pytest.mark.usefixtures("service")
def test_a_deactivated_member_is_not_let_in(provider: Provider, join: Join, anonymous: Client) -> None:
    person = join()
    account = wiring.people().people.account(person.user.id)
    assert account is not None
    wiring.people().people.save_membership(replace(account.memberships[0], is_active=False))
    provider.claims = {"email": person.user.email, "sub": f"s-{person.user.id}"}

    assert was_refused(anonymous, sign_in(anonymous, provider))


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "target",
    ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:x", "/a%0d%0aSet-Cookie:x=1", ""],
)
def test_nobody_is_sent_to_another_site(
    target: str, provider: Provider, join: Join, anonymous: Client
) -> None:
    person = join()
    provider.claims = {"email": person.user.email, "sub": f"s-{person.user.id}"}

    answer = come_back(anonymous, provider, begin(anonymous, target))

    assert answer.headers["location"] == "/projects"


@pytest.mark.usefixtures("service")
def test_a_provider_that_is_not_itself_is_not_trusted(provider: Provider, anonymous: Client) -> None:
    provider.calls_itself = "https://another.test"
    assert begin(anonymous) == "/signin?failed=1"
    provider.calls_itself, provider.redirects = "", True
    assert begin(anonymous) == "/signin?failed=1"


def test_only_https_or_the_same_machine_is_asked(service: SingleSignOn, anonymous: Client) -> None:
    service.provider.issuer = "http://10.0.0.1"  # type: ignore[attr-defined]

    assert begin(anonymous) == "/signin?failed=1"


def test_without_a_provider_there_is_no_such_way(anonymous: Client) -> None:
    assert anonymous.get("/api/sign-in-ways/").json() == {"provider": None}
    assert anonymous.get("/api/oidc/start/").status == 404
    assert anonymous.get("/api/oidc/callback/").status == 404


@pytest.mark.usefixtures("service")
def test_the_sign_in_page_learns_what_the_provider_is_called(anonymous: Client) -> None:
    assert anonymous.get("/api/sign-in-ways/").json() == {"provider": "Single sign-on"}
