"""Passwords and signed tokens."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.auth.passwords import Cost, faults_of_password, fingerprint, hash_password, verify_password
from chalicelib.auth.signing import KeyRing, key_ring, read_unsigned, unsigned
from chalicelib.errors import UnauthenticatedError

CHEAP = Cost(n=2**4, r=1, p=1)
KEY, OTHER = b"k" * 32, b"o" * 32
CLAIMS = {"token_type": "access", "user_id": "1", "exp": 2_000}


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@given(st.text(max_size=200))
def test_a_password_verifies_against_its_own_hash_alone(password: str) -> None:
    stored = hash_password(password, cost=CHEAP)

    assert verify_password(password, stored)
    assert not verify_password(f"{password}x", stored)


def test_a_hash_says_its_cost_and_has_a_salt_of_its_own() -> None:
    first, second = hash_password("same", cost=CHEAP), hash_password("same", cost=CHEAP)

    assert first.startswith("scrypt$16$1$1$")
    assert first != second


def test_a_password_at_the_real_cost_verifies() -> None:
    stored = hash_password("correct horse 9")

    assert stored.startswith("scrypt$32768$8$3$")
    assert verify_password("correct horse 9", stored)


def test_no_stored_hash_matches_nothing() -> None:
    assert not verify_password("", "")
    assert not verify_password("x", "md5$x")


@pytest.mark.parametrize(
    ("password", "fits"),
    [("", False), ("seven77", False), ("a" * 8, False), ("a" * 129, False), ("correct horse", True)],
)
def test_passwords_must_be_long_and_varied(password: str, fits: bool) -> None:
    assert (not faults_of_password(password)) == fits


def test_a_fingerprint_hides_its_secret() -> None:
    assert len(fingerprint("x")) == 64
    assert fingerprint("x") != fingerprint("y")


def test_a_token_is_read_back_until_it_runs_out() -> None:
    ring = key_ring(KEY)
    token = ring.sign(CLAIMS)

    assert ring.verify(token, now=1_999) == CLAIMS
    with pytest.raises(UnauthenticatedError):
        ring.verify(token, now=2_000)


def test_a_token_of_a_retired_key_holds_and_new_ones_use_the_new_key() -> None:
    old = key_ring(KEY)
    rotated = key_ring(OTHER, KEY)

    assert rotated.verify(old.sign(CLAIMS), now=0) == CLAIMS
    with pytest.raises(UnauthenticatedError):
        old.verify(rotated.sign(CLAIMS), now=0)


def forged(ring: KeyRing) -> list[str]:
    good = ring.sign(CLAIMS)
    head, payload, signature = good.split(".")
    kid = ring.current
    return [
        "",
        ".",
        "..",
        "a.b",
        f"{head}.{payload}",
        f"{head}.{payload}.",
        f"{head}.{payload}.{signature[:-2]}xx",
        f"{head}.{encoded({**CLAIMS, 'user_id': '2'})}.{signature}",
        f"{encoded({'alg': 'none', 'kid': kid})}.{payload}.",
        f"{encoded({'alg': 'none', 'kid': kid})}.{payload}.{signature}",
        f"{encoded({'alg': 'RS256', 'kid': kid})}.{payload}.{signature}",
        f"{encoded({'alg': 'HS256', 'kid': 'other'})}.{payload}.{signature}",
        f"{encoded([])}.{payload}.{signature}",
        key_ring(OTHER).sign(CLAIMS),
        unsigned(CLAIMS, key=kid),
        good + "\u00e9",
        ring.sign({"user_id": "1"}),
        ring.sign({**CLAIMS, "exp": "later"}),
    ]


@pytest.mark.parametrize("number", range(18))
def test_forged_tokens_are_refused(number: int) -> None:
    ring = key_ring(KEY)

    with pytest.raises(UnauthenticatedError):
        ring.verify(forged(ring)[number], now=0)


@given(st.text(max_size=100))
def test_any_text_is_a_token_or_refused(text: str) -> None:
    with pytest.raises(UnauthenticatedError):
        key_ring(KEY).verify(text, now=0)


def test_an_unsigned_token_gives_its_claims() -> None:
    assert read_unsigned(unsigned(CLAIMS, key="k"))[1] == CLAIMS


def test_derived_secrets_depend_on_purpose_parts_and_key() -> None:
    ring = key_ring(KEY)
    words = {
        ring.derive("a", 1),
        ring.derive("b", 1),
        ring.derive("a", 2),
        ring.derive("a", 1, 1),
        key_ring(OTHER).derive("a", 1),
    }

    assert len(words) == 5
    assert all(len(word) == 40 and int(word, 16) >= 0 for word in words)
