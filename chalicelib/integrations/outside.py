"""The one way to addresses that somebody else has written down: imports by URL, webhooks, storages, models.

Whoever may name an address could name one of ours: the metadata service, a database, a neighbour. So:

* only http and https, no credentials in the address, ports 80, 443 and from 1024 up;
* the host is resolved here and *every* address it has must be public. Addresses that carry another inside
  (IPv4-mapped, 6to4, Teredo, NAT64) count as what they carry;
* the connection goes to the address that was checked, not to the name, which might answer otherwise the
  second time; the certificate is still checked against the name;
* each redirect begins again from the top, and never leads from https to http;
* size and time are bounded as a whole, however slowly bytes drip;
* what the other side said never becomes part of an error, nor do the addresses that a name has.

No proxy of the environment is used. An operator may allow networks of their own (`SKYLABEL_OUTSIDE_ALLOW`).
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from chalicelib.errors import InvalidInputError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host; raises `OSError` when it has none."""

MAX_URL = 2000
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OWN_PORTS_FROM = 1024
WEB_PORTS = frozenset({80, 443})
CONNECT_S = 5.0
CHUNK_BYTES = 1 << 16
_ODD = re.compile(r"[\s\x00-\x1f\x7f\\]")
_NUMERIC_HOST = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.IGNORECASE)
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?", re.IGNORECASE)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "168.63.129.16/32",  # Azure's wire server: a public number, answered inside every machine there
        "192.0.0.0/24",  # protocol assignments, Oracle's metadata service among them
        "192.88.99.0/24",  # relays of 6to4
        "64:ff9b:1::/48",  # NAT64 of one network alone
        "100::/64",
        "2001:20::/28",
        "5f00::/16",
    )
)


class RefusedAddressError(InvalidInputError):
    """The address may not be asked, whatever stands there."""

    code = "refused_address"


class OutsideError(InvalidInputError):
    """The address may be asked, but gave nothing that could be used: who named it has to name another."""

    code = "outside_failed"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may take, redirects included; seconds and bytes."""

    total_s: float = 60.0
    silence_s: float = 15.0
    bytes: int = 250 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Target:
    """An address that has been checked: where to connect, and what to call it."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def host_header(self) -> str:
        """The host as requests name it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `body` holds at most the bytes that were asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. Its headers go to the first host alone: redirects elsewhere are followed without them."""

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Outside:
    """Asks addresses of others, under guard."""

    def __init__(
        self,
        *,
        allowed: Iterable[Network] = (),
        resolve: Resolve | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`allowed` are networks that are ours to ask although they are not public."""
        self._allowed = tuple(allowed)
        self._resolve = resolve or _system_resolve
        self._limits = limits or Limits()

    def check(self, url: str) -> Target:
        """The checked target of an address; `RefusedAddressError` says what is wrong with it.

        Good for the moment only: `fetch` and `copy` check again, and connect to what they checked.
        """
        scheme, host, port, path = _split(url)
        literal = _literal(host)
        if literal is not None:
            found: Sequence[str] = [host]
        else:
            try:
                found = self._resolve(host, port)
            except (OSError, UnicodeError) as error:
                raise RefusedAddressError.at("url", "The host of the address is not known.") from error
        if not found:
            raise RefusedAddressError.at("url", "The host of the address is not known.")
        for text in found:
            if not self._is_open(ipaddress.ip_address(text.split("%", 1)[0])) or "%" in text:
                raise RefusedAddressError.at("url", "The address leads into a network that is not public.")
        return Target(scheme, host, port, path, tuple(found))

    def fetch(self, url: str, asked: Asked | None = None, *, limits: Limits | None = None) -> Reply:
        """The reply with its whole body. `OutsideError` when there is none in time or it is too large."""
        held = io.BytesIO()
        status, headers, last = self._follow(
            url, asked or Asked(), limits or self._limits, held.write, ok=False
        )
        return Reply(status, headers, held.getvalue(), last)

    def copy(
        self,
        url: str,
        write: Callable[[bytes], object],
        *,
        max_bytes: int | None = None,
        total_s: float | None = None,
    ) -> tuple[Mapping[str, str], str]:
        """Hand a file's bytes to `write` as they come; gives the headers and the last address.

        `OutsideError` for any status but 200, and when it is too large or too slow: then what was written is
        to be thrown away.
        """
        given = self._limits
        within = Limits(total_s or given.total_s, given.silence_s, max_bytes or given.bytes)
        _, headers, last = self._follow(url, Asked(), within, write, ok=True)
        return headers, last

    # -- pieces ----------------------------------------------------------------------------------

    def _is_open(self, address: Address) -> bool:
        if any(address.version == net.version and address in net for net in self._allowed):
            return True
        if isinstance(address, ipaddress.IPv6Address):
            inner = _carried(address)
            if inner is not None:
                return all(self._is_open(one) for one in inner)
            if address.is_site_local:
                return False
        barred = (
            not address.is_global
            or address.is_private
            or address.is_loopback
            or address.is_link_local
            or address.is_multicast
            or address.is_reserved
            or address.is_unspecified
        )
        return not barred and not any(address.version == net.version and address in net for net in _NEVER)

    def _follow(
        self, url: str, asked: Asked, limits: Limits, write: Callable[[bytes], object], *, ok: bool
    ) -> tuple[int, Mapping[str, str], str]:
        deadline = time.monotonic() + limits.total_s
        for _ in range(MAX_REDIRECTS + 1):
            target = self.check(url)
            with _Exchange(target, asked, deadline, limits) as exchange:
                if exchange.status not in REDIRECTS or "location" not in exchange.headers:
                    if ok and exchange.status != 200:
                        raise OutsideError(f"The address answered with status {exchange.status}.")
                    exchange.read(write)
                    return exchange.status, exchange.headers, url
                url, asked = _redirected(url, target, exchange, asked)
        raise OutsideError("The address redirects too often.")


class _Exchange:
    """One request and its reply over one connection of its own, which is cut at the deadline."""

    def __init__(self, target: Target, asked: Asked, deadline: float, limits: Limits) -> None:
        self._limits = limits
        self._deadline = deadline
        self._late = False
        self._reply: http.client.HTTPResponse | None = None
        self._connection = _PinnedConnection(target, self._wait())
        self._cutter = threading.Timer(self._left(), self._cut)
        self._cutter.daemon = True
        self._cutter.start()
        try:
            self._send(target, asked)
            reply = self._reply = self._connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.__exit__()
            raise self._failure() from error
        self.status = reply.status
        self.headers = {name.lower(): value for name, value in reply.getheaders()}

    def __enter__(self) -> _Exchange:
        return self

    def __exit__(self, *_: object) -> None:
        self._cutter.cancel()
        if self._reply is not None:
            self._reply.close()
        self._connection.close()

    def read(self, write: Callable[[bytes], object]) -> None:
        """The body in pieces."""
        size, reply = 0, self._reply
        if reply is None:
            return
        try:
            while chunk := reply.read1(CHUNK_BYTES):
                size += len(chunk)
                if size > self._limits.bytes:
                    raise OutsideError(f"The address gives more than {self._limits.bytes} bytes.")
                write(chunk)
            whole = reply.length in (None, 0)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._failure() from error
        if self._late or not whole:
            raise self._failure()

    def _send(self, target: Target, asked: Asked) -> None:
        connection = self._connection
        connection.putrequest(asked.method, target.path, skip_host=True, skip_accept_encoding=True)
        own = {"Host": target.host_header, "User-Agent": "Skylabel", "Accept-Encoding": "identity"}
        if asked.body is not None:
            own["Content-Length"] = str(len(asked.body))
        barred = {name.lower() for name in own} | {"transfer-encoding", "connection"}
        given = {name: value for name, value in asked.headers.items() if name.lower() not in barred}
        for name, value in {**own, **given, "Connection": "close"}.items():
            connection.putheader(name, value)
        connection.endheaders(asked.body)

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutsideError("The address took too long to answer.")
        return left

    def _wait(self) -> float:
        return min(self._left(), self._limits.silence_s)

    def _cut(self) -> None:
        self._late = True
        self._connection.cut()

    def _failure(self) -> OutsideError:
        if self._late or time.monotonic() >= self._deadline:
            return OutsideError("The address took too long to answer.")
        return OutsideError("The address cannot be reached or broke off.")


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to the addresses that were checked, whatever the name answers by now."""

    def __init__(self, target: Target, wait_s: float) -> None:
        super().__init__(target.host, target.port, timeout=wait_s)
        self._target = target
        self._held: socket.socket | None = None

    def connect(self) -> None:
        """Try the addresses one after the other; over TLS the name is what the certificate must hold."""
        failure: OSError = OSError("no address")
        wait_s = min(CONNECT_S, self.timeout or CONNECT_S)
        for address in self._target.addresses[:4]:
            try:
                plain = socket.create_connection((address, self._target.port), wait_s)
            except OSError as error:
                failure = error
                continue
            plain.settimeout(self.timeout)
            self.sock = plain
            if self._target.scheme == "https":
                context = ssl.create_default_context()
                self.sock = context.wrap_socket(plain, server_hostname=self._target.host)
            self._held = self.sock
            return
        raise failure

    def cut(self) -> None:
        """End it at once, from another thread: whoever waits for bytes stops waiting."""
        if self._held is not None:  # `sock` is given up as soon as the headers are read
            with suppress(OSError):
                self._held.shutdown(socket.SHUT_RDWR)


def _redirected(url: str, target: Target, exchange: _Exchange, asked: Asked) -> tuple[str, Asked]:
    onward = urljoin(url, exchange.headers["location"])
    scheme, host, port, _ = _split(onward)
    if target.scheme == "https" and scheme != "https":
        raise RefusedAddressError.at("url", "The address redirects from https to http.")
    as_get = exchange.status in {301, 302, 303} and asked.method not in {"GET", "HEAD"}
    method, body = ("GET", None) if as_get else (asked.method, asked.body)
    same = (scheme, host, port) == (target.scheme, target.host, target.port)
    return onward, Asked(method, asked.headers if same else {}, body)


def _split(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path with query; `RefusedAddressError` for what is no plain web address."""
    if len(url) > MAX_URL or _ODD.search(url):
        raise RefusedAddressError.at(
            "url", f"An address has no blanks or backslashes and at most {MAX_URL} characters."
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise RefusedAddressError.at("url", "This is no address.") from error
    if parts.scheme not in {"http", "https"}:
        raise RefusedAddressError.at("url", "Only http and https addresses can be asked.")
    if "@" in parts.netloc:
        raise RefusedAddressError.at("url", "An address must not hold a user name or password.")
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    if port not in WEB_PORTS and port < OWN_PORTS_FROM:
        raise RefusedAddressError.at("url", "The port must be 80, 443 or at least 1024.")
    path = _quoted(parts.path or "/") + (f"?{_quoted(parts.query)}" if parts.query else "")
    return parts.scheme, _host(host), port, path


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="/%:=&?~#+!$,;'@()*[]")


def _host(host: str) -> str:
    """The host in ASCII. Numbers must be written as addresses are; no half ones, octal, or hexadecimal."""
    if _literal(host) is not None:
        return host
    try:
        plain = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise RefusedAddressError.at("url", "The host of the address is no host name.") from error
    # a full-width digit or dot becomes a plain one here, so numbers are looked for in what came out
    if _NUMERIC_HOST.fullmatch(plain) or not _HOST.fullmatch(plain) or ":" in plain:
        raise RefusedAddressError.at("url", "The host of the address is no host name.")
    return plain


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _carried(address: ipaddress.IPv6Address) -> tuple[Address, ...] | None:
    """The IPv4 addresses that an IPv6 address stands for."""
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    return None


def _system_resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def networks(text: str) -> tuple[Network, ...]:
    """Networks written with commas between; `InvalidInputError` for what is none."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise InvalidInputError.at("SKYLABEL_OUTSIDE_ALLOW", f"is no list of networks: {error}") from error
