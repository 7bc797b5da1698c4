"""A small threaded HTTP/1.1 server for the local stack, on the standard library's.

It adds what the gateway and the AWS endpoints need: bodies as streams (also chunked), `100 Continue`
only once somebody reads the body, connections that stay open and answer without Nagle's delay, and
repeated headers in both directions. It knows nothing about what is served.
"""

from __future__ import annotations

import io
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, Protocol

from infrastructure.local.ports import HOST

COPY_BYTES = 256 * 1024
_DRAIN_BYTES = 8 * 1024 * 1024
_IDLE_S = 75


class BadBodyError(Exception):
    """The body ended early or its chunks make no sense; the connection cannot be used any more."""


class BodyStream(Protocol):
    """Where a request's body is read from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes, empty at the end. Raises `BadBodyError` when the sender stops early."""


@dataclass(slots=True)
class Request:
    """One request as it came over the wire: path and query still encoded."""

    method: str
    path: str
    query: str
    headers: Message
    client: str
    body: BodyStream
    length: int | None
    """Bytes of the body, or None when it is chunked."""

    def header(self, name: str, default: str = "") -> str:
        """The first header of that name."""
        value = self.headers.get(name)
        return default if value is None else str(value)

    def read_all(self, limit: int) -> bytes | None:
        """The whole body, or None when it is longer than `limit` bytes."""
        if self.length is not None and self.length > limit:
            return None
        parts, total = [], 0
        while chunk := self.body.read(COPY_BYTES):
            total += len(chunk)
            if total > limit:
                return None
            parts.append(chunk)
        return b"".join(parts)


@dataclass(slots=True)
class Answer:
    """What to send back. A `stream` needs its `length`; it is closed after sending."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    stream: BinaryIO | None = None
    length: int = 0


Handle = Callable[[Request], Answer]


class _LengthBody:
    """A body of known length."""

    def __init__(self, source: BinaryIO, length: int) -> None:
        self._source = source
        self.left = length

    def read(self, size: int, /) -> bytes:
        if not self.left:
            return b""
        chunk = self._source.read(min(size, self.left))
        if not chunk:
            raise BadBodyError("the body is shorter than its Content-Length")
        self.left -= len(chunk)
        return chunk


class _ChunkedBody:
    """A body with Transfer-Encoding: chunked; trailers are dropped."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._chunk = 0
        self.left = 1

    def read(self, size: int, /) -> bytes:
        if not self.left:
            return b""
        if not self._chunk and not self._next_chunk():
            return b""
        data = self._source.read(min(size, self._chunk))
        if not data:
            raise BadBodyError("the body ends inside a chunk")
        self._chunk -= len(data)
        if not self._chunk:
            self._source.readline(8)
        return data

    def _next_chunk(self) -> bool:
        line = self._source.readline(64)
        try:
            self._chunk = int(line.split(b";")[0].strip(), 16)
        except ValueError as error:
            raise BadBodyError("a chunk has no length") from error
        if self._chunk < 0:
            raise BadBodyError("a chunk has no length")
        if not self._chunk:
            self.left = 0
            while self._source.readline(8192).strip():
                pass
        return bool(self.left)


class _Continue:
    """Sends `100 Continue` before the first byte of the body is asked for."""

    def __init__(self, body: _LengthBody | _ChunkedBody, send: Callable[[], None]) -> None:
        self._body = body
        self._send: Callable[[], None] | None = send

    @property
    def left(self) -> int:
        return self._body.left

    @property
    def untouched(self) -> bool:
        return self._send is not None

    def read(self, size: int, /) -> bytes:
        if self._send is not None:
            self._send()
            self._send = None
        return self._body.read(size)


class Server(ThreadingHTTPServer):
    """A server on 127.0.0.1 that hands each request to `handle` in the connection's thread."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, port: int, handle: Handle, *, name: str) -> None:
        super().__init__((HOST, port), _Handler)
        self.handle = handle
        self.name = name

    @property
    def port(self) -> int:
        """The port it listens on, of use after asking for port 0."""
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that hang up; show anything else."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    timeout = _IDLE_S
    server: Server

    def handle_expect_100(self) -> bool:
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: who wants a log writes it in `handle`."""

    def version_string(self) -> str:
        return self.server.name

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            return self.send_error(400, "Bad Content-Length")
        path, _, query = self.path.partition("?")
        length = body.left if isinstance(body, _LengthBody) else None
        waiting = _Continue(body, self._send_continue) if self._expects_continue() else None
        request = Request(
            method=self.command,
            path=path,
            query=query,
            headers=self.headers,
            client=str(self.client_address[0]),
            body=waiting or body,
            length=length,
        )
        try:
            answer = self.server.handle(request)
        except BadBodyError as error:
            answer = Answer(400, body=str(error).encode())
        except Exception:  # noqa: BLE001 - a full disk, say: the client shall know and may try again
            traceback.print_exc()
            answer = Answer(500, body=b"Internal error")
        if not self._drain(waiting or body):
            self.close_connection = True
        return self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815

    def _body(self) -> _LengthBody | _ChunkedBody | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return _ChunkedBody(self.rfile)  # type: ignore[arg-type]
        text = self.headers.get("Content-Length", "0").strip()
        if not (text.isascii() and text.isdigit()):
            return None
        return _LengthBody(self.rfile, int(text))  # type: ignore[arg-type]

    def _expects_continue(self) -> bool:
        return self.headers.get("Expect", "").lower() == "100-continue"

    def _send_continue(self) -> None:
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.wfile.flush()

    def _drain(self, body: _LengthBody | _ChunkedBody | _Continue) -> bool:
        """Read what the handler left of the body; False when it is too much or will never come."""
        if isinstance(body, _Continue) and body.untouched and body.left:
            return False
        try:
            for _ in range(_DRAIN_BYTES // COPY_BYTES):
                if not body.left or not body.read(COPY_BYTES):
                    return True
        except BadBodyError:
            return False
        return not body.left

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        length = answer.length if answer.stream else len(answer.body)
        named = {name.lower() for name, _ in answer.headers}
        for name, value in answer.headers:
            self.send_header(name, _header_value(value))
        if "content-length" not in named and answer.status not in (204, 304):
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        try:
            if self.command != "HEAD" and answer.status not in (204, 304):
                self._send_body(answer)
        finally:
            if answer.stream:
                answer.stream.close()
        self.wfile.flush()
        if self.close_connection:
            self._linger()

    def _send_body(self, answer: Answer) -> None:
        if not answer.stream:
            self.wfile.write(answer.body)
            return
        left = answer.length
        while left and (chunk := answer.stream.read(min(COPY_BYTES, left))):
            self.wfile.write(chunk)
            left -= len(chunk)
        if left:
            # the length is promised already: only a broken connection tells the client
            self.close_connection = True

    def _linger(self) -> None:
        """Let a client that is still sending read our answer before it sees the connection end."""
        try:
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(0.5)
            for _ in range(64):
                if not self.connection.recv(COPY_BYTES):
                    break
        except OSError:
            pass


def _header_value(value: str) -> str:
    """The value on one line, in the characters that headers may have; others go out as UTF-8."""
    line = value.replace("\r", " ").replace("\n", " ")
    try:
        line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace").decode("latin-1")
    return line


class BytesBody(io.BytesIO):
    """A body that is in memory already."""
