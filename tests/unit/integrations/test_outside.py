"""The guard before addresses of others: a corpus of tricks, and a small hostile server on this machine."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import pytest

from chalicelib.errors import InvalidInputError
from chalicelib.integrations.outside import (
    Asked,
    Limits,
    Outside,
    OutsideError,
    RefusedAddressError,
    networks,
)

PUBLIC = "93.184.215.14"
LOCAL = networks("127.0.0.0/8")


def guard(*addresses: str) -> Outside:
    """A guard for which every name has these addresses."""
    return Outside(resolve=lambda host, port: addresses)


WRONG = {
    "no scheme": "example.com/a.csv",
    "file": "file:///etc/passwd",
    "ftp": "ftp://example.com/a",
    "gopher": "gopher://example.com/_a",
    "data": "data:text/plain,hi",
    "javascript": "javascript:alert(1)",
    "s3": "s3://bucket/key",
    "no host": "http:///a",
    "user": "http://admin@example.com/",
    "user and password": "http://a:b@example.com/",
    "host hidden behind a user": "http://example.com@127.0.0.1/",
    "blank": "http://example.com/a b",
    "line break": "http://example.com/\r\nX-Evil: 1",
    "tab in the host": "http://exa\tmple.com/",
    "backslash": "http://example.com\\@127.0.0.1/",
    "nul": "http://example.com/\x00",
    "port of mail": "http://example.com:25/",
    "port of ssh": "http://example.com:22/",
    "port 0": "http://example.com:0/",
    "port past 65535": "http://example.com:70000/",
    "port no number": "http://example.com:a/",
    "too long": "http://example.com/" + "a" * 2001,
    "decimal host": "http://2130706433/",
    "octal host": "http://0177.0.0.1/",
    "long octal host": "http://00000177.0.0.1/",
    "hexadecimal host": "http://0x7f.0.0.1/",
    "one hexadecimal number": "http://0x7f000001/",
    "short host": "http://127.1/",
    "shorter host": "http://0/",
    "full-width digits": "http://１２７.0.0.1/",
    "circled digits": "http://①②⑦.⓪.⓪.①/",
    "ideographic dot": "http://127。0。0。1/",
    "closing dot": "http://127.0.0.1./",
    "percent in the host": "http://127.0.0.1%2f/",
    "zone": "http://[fe80::1%25eth0]/",
    "no end of bracket": "http://[::1/",
    "empty label": "http://a..b/",
}


@pytest.mark.parametrize("url", WRONG.values(), ids=WRONG)
def test_what_is_no_plain_web_address_is_refused_before_anything_is_asked(url: str) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise AssertionError(f"{host} was looked up")

    with pytest.raises(RefusedAddressError):
        Outside(resolve=resolve).check(url)


BARRED = {
    "loopback": "127.0.0.1",
    "all of loopback": "127.200.3.4",
    "this host": "0.0.0.0",
    "this network": "0.1.2.3",
    "private 10": "10.0.0.1",
    "private 172": "172.16.0.1",
    "private 172 end": "172.31.255.255",
    "private 192": "192.168.1.1",
    "carrier": "100.64.0.1",
    "metadata of Alibaba": "100.100.100.200",
    "metadata of AWS": "169.254.169.254",
    "metadata of ECS": "169.254.170.2",
    "wire server of Azure": "168.63.129.16",
    "metadata of Oracle": "192.0.0.192",
    "documentation": "192.0.2.1",
    "benchmarks": "198.18.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "relay of 6to4": "192.88.99.1",
    "loopback 6": "::1",
    "unspecified 6": "::",
    "unique local": "fd00::1",
    "metadata of AWS over 6": "fd00:ec2::254",
    "link local 6": "fe80::1",
    "site local": "fec0::1",
    "multicast 6": "ff02::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped metadata": "::ffff:169.254.169.254",
    "mapped in hexadecimal": "::ffff:a9fe:a9fe",
    "compatible": "::127.0.0.1",
    "6to4 of a private one": "2002:a00:1::",
    "6to4 of metadata": "2002:a9fe:a9fe::1",
    "teredo": "2001:0:a9fe:a9fe::1",
    "NAT64 of metadata": "64:ff9b::a9fe:a9fe",
    "NAT64 of loopback": "64:ff9b::7f00:1",
    "NAT64 of one network": "64:ff9b:1::1",
    "documentation 6": "2001:db8::1",
    "discard": "100::1",
}


@pytest.mark.parametrize("address", BARRED.values(), ids=BARRED)
def test_no_address_that_is_not_public_passes_written_or_looked_up(address: str) -> None:
    written = f"[{address}]" if ":" in address else address

    for check in (
        lambda: guard().check(f"http://{written}/"),
        lambda: guard(address).check("http://x.test/"),
    ):
        with pytest.raises(RefusedAddressError) as told:
            check()
        assert address not in str(told.value)


def test_one_bad_address_among_good_ones_is_enough() -> None:
    with pytest.raises(RefusedAddressError):
        guard(PUBLIC, "10.0.0.1").check("http://x.test/")


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_pass_and_are_what_will_be_connected_to(address: str) -> None:
    target = guard(address).check("https://x.test/a?b=ü c".replace(" ", "%20"))

    assert target.addresses == (address,)
    assert (target.host_header, target.path) == ("x.test", "/a?b=%C3%BC%20c")


def test_names_in_other_scripts_are_asked_in_their_ascii_form() -> None:
    assert guard(PUBLIC).check("http://bücher.example:8080/").host_header == "xn--bcher-kva.example:8080"


@pytest.mark.parametrize("failure", [OSError("no such host"), UnicodeError("label too long")])
def test_an_unknown_host_is_refused(failure: Exception) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise failure

    with pytest.raises(RefusedAddressError, match="not known"):
        Outside(resolve=resolve).check("http://x.test/")


def test_networks_of_ours_can_be_allowed_and_only_those() -> None:
    ours = Outside(allowed=networks("10.1.0.0/16, fd00::/8"), resolve=lambda h, p: ["10.1.2.3"])

    assert ours.check("http://model.internal:9000/").addresses == ("10.1.2.3",)
    with pytest.raises(RefusedAddressError):
        ours.check("http://10.2.0.1/")
    with pytest.raises(RefusedAddressError):
        ours.check("http://127.0.0.1/")
    with pytest.raises(InvalidInputError):
        networks("10.0.0.0/8, nonsense")


# -- against a server ------------------------------------------------------------------------------


class Server:
    """Answers each connection with what `reply` gives for the request's head; notes what it was asked."""

    def __init__(self, reply: Callable[[bytes, socket.socket], None]) -> None:
        self._reply = reply
        self.heads: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = connection.recv(65536)
            if head.startswith(b"POST") and head.endswith(b"\r\n\r\n"):
                head += connection.recv(65536)
            self.heads.append(head)
            self._reply(head, connection)


Serve = Callable[[Callable[[bytes, socket.socket], None]], Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    made: list[Server] = []

    def start(reply: Callable[[bytes, socket.socket], None]) -> Server:
        made.append(Server(reply))
        return made[-1]

    yield start
    for server in made:
        server.close()


def says(text: bytes) -> Callable[[bytes, socket.socket], None]:
    return lambda head, connection: connection.sendall(text)


def to(location: str, status: int = 302) -> Callable[[bytes, socket.socket], None]:
    return says(f"HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 5\r\n\r\na,b\r\n"
ours = Outside(allowed=LOCAL)


def test_a_file_comes_with_its_type(serve: Serve) -> None:
    server = serve(says(OK))

    reply = ours.fetch(server.url)

    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, b"a,b\r\n", "text/csv")
    assert b"Accept-Encoding: identity" in server.heads[0]


def test_the_connection_goes_to_the_checked_address_whatever_the_name_answers_next(serve: Serve) -> None:
    server = serve(says(OK))
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    rebinding = Outside(allowed=LOCAL, resolve=lambda host, port: next(answers))

    assert rebinding.fetch(f"http://rebind.test:{server.port}/").status == 200
    assert f"Host: rebind.test:{server.port}".encode() in server.heads[0]
    with pytest.raises(RefusedAddressError):
        rebinding.fetch(f"http://rebind.test:{server.port}/")


INWARD = {
    "private": "http://10.0.0.1/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "mapped": "http://[::ffff:169.254.169.254]/",
    "decimal": "http://2852039166/",
    "file": "file:///etc/passwd",
    "credentials": "http://a:b@example.com/",
    "relative scheme": "//10.0.0.1/",
}


@pytest.mark.parametrize("location", INWARD.values(), ids=INWARD)
@pytest.mark.parametrize("status", [301, 307])
def test_every_redirect_is_checked_again(serve: Serve, location: str, status: int) -> None:
    server = serve(to(location, status))

    with pytest.raises(RefusedAddressError):
        ours.fetch(server.url)


def test_redirects_are_followed_without_headers_to_others_and_only_so_often(serve: Serve) -> None:
    end = serve(says(OK))
    start = serve(to(end.url))
    endless = serve(lambda head, connection: to("/again")(head, connection))

    reply = ours.fetch(start.url, Asked(headers={"Authorization": "Token secret"}))

    assert (reply.body, reply.url) == (b"a,b\r\n", end.url)
    assert b"secret" in start.heads[0]
    assert b"secret" not in end.heads[0]
    with pytest.raises(OutsideError, match="too often"):
        ours.fetch(endless.url)
    assert len(endless.heads) == 6


def test_a_post_is_sent_once_and_its_redirect_is_asked_without_the_body(serve: Serve) -> None:
    end = serve(says(OK))
    server = serve(to(end.url, 303))

    ours.fetch(server.url, Asked("POST", body=b"{}"))

    assert server.heads[0].startswith(b"POST / HTTP/1.1\r\n")
    assert server.heads[0].endswith(b"\r\n\r\n{}")
    assert end.heads[0].startswith(b"GET / ")


BROKEN = {
    "no http": b"SSH-2.0-OpenSSH_9.6 secret\r\n",
    "nothing": b"",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nsecret",
    "endless head": b"HTTP/1.1 200 OK\r\n" + b"A: secret\r\n" * 5000,
    "long line": b"HTTP/1.1 200 OK\r\nA: " + b"secret" * 20000,
    "bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nsecret",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_reply_is_an_error_that_repeats_nothing_of_it(serve: Serve, text: bytes) -> None:
    with pytest.raises(OutsideError) as told:
        ours.fetch(serve(says(text)).url)

    assert "secret" not in str(told.value)


def test_a_status_that_is_no_success_is_told_without_its_body(serve: Serve) -> None:
    server = serve(says(b"HTTP/1.1 403 No\r\nContent-Length: 6\r\n\r\nsecret"))

    with pytest.raises(OutsideError, match=r"answered with status 403\.$"):
        ours.copy(server.url, bytearray().extend)


@pytest.mark.parametrize(
    "head", [b"Content-Length: 100000\r\n\r\n", b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n186A0\r\n"]
)
def test_bytes_past_the_limit_are_not_read(serve: Serve, head: bytes) -> None:
    server = serve(says(b"HTTP/1.1 200 OK\r\n" + head + b"x" * 100_000))
    held = bytearray()

    with pytest.raises(OutsideError, match="more than 1000 bytes"):
        ours.copy(server.url, held.extend, max_bytes=1000)
    assert len(held) <= 1000


def drips(head: bytes) -> Callable[[bytes, socket.socket], None]:
    def reply(_: bytes, connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"a")
            time.sleep(0.02)

    return reply


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "], ids=["body", "head"]
)
def test_however_slowly_it_drips_the_whole_ends_in_time(serve: Serve, head: bytes) -> None:
    with pytest.raises(OutsideError, match="too long"):
        ours.fetch(serve(drips(head)).url, limits=Limits(total_s=0.3))


def test_silence_is_not_waited_for(serve: Serve) -> None:
    with pytest.raises(OutsideError):
        ours.fetch(serve(lambda head, connection: time.sleep(2)).url, limits=Limits(silence_s=0.2))


def test_the_proxy_of_the_environment_is_not_used(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")

    assert ours.fetch(serve(says(OK)).url).status == 200


def test_every_address_of_a_network_that_is_not_public_is_refused() -> None:
    for text in ("10.0.0.0/8", "169.254.0.0/16", "fc00::/7", "127.0.0.0/8"):
        network = ipaddress.ip_network(text)
        for address in (network[0], network[-1], network[12345]):
            with pytest.raises(RefusedAddressError):
                guard(str(address)).check("http://x.test/")
