"""The HTTP server on the wire: bodies, connections, headers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from infrastructure.local.http_server import Answer, Request, Server


def echo(request: Request) -> Answer:
    if request.path == "/ignore":
        return Answer(200, body=b"ignored")
    if request.path == "/fail":
        raise OSError("the disk is full")
    body = request.read_all(1000)
    headers = [("X-Query", request.query), ("X-Line", "one\r\nX-Evil: 1")]
    return Answer(413 if body is None else 200, headers, body or b"")


@pytest.fixture
def port() -> Iterator[int]:
    server = Server(0, echo, name="test")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.port
    server.shutdown()
    server.server_close()


def exchange(port: int, *messages: bytes) -> bytes:
    """What comes back until the server closes, for messages sent one after the other."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        for message in messages:
            wire.sendall(message)
        wire.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := wire.recv(65536):
            answer += chunk
    return answer


def test_a_chunked_body_is_put_together(port: int) -> None:
    answer = exchange(
        port, b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\nabcde")


def test_a_body_that_nobody_read_does_not_become_the_next_request(port: int) -> None:
    answer = exchange(
        port,
        b"POST /ignore HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /",
        b"POST /?a=1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nok",
    )

    assert answer.count(b"HTTP/1.1 200") == 2
    assert b"X-Query: a=1" in answer
    assert answer.endswith(b"ok")


def test_continue_is_said_once_the_body_is_wanted(port: int) -> None:
    answer = exchange(port, b"POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", b"ok")

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: -1",
        b"Content-Length: 1e3",
        b"Transfer-Encoding: chunked\r\nX: y\r\n\r\nzz\r\n",
        b"Content-Length: 50\r\n\r\nshort",
    ],
    ids=["negative", "no number", "bad chunk", "cut off"],
)
def test_a_body_that_makes_no_sense_is_400_and_ends_the_connection(port: int, head: bytes) -> None:
    answer = exchange(port, b"POST / HTTP/1.1\r\n" + head + b"\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400")


def test_too_long_a_body_is_not_read_into_memory(port: int) -> None:
    answer = exchange(port, b"POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n" + b"x" * 1001)

    assert answer.startswith(b"HTTP/1.1 413")


def test_a_header_stays_one_header(port: int) -> None:
    answer = exchange(port, b"GET / HTTP/1.1\r\n\r\n")

    assert b"X-Line: one  X-Evil: 1\r\n" in answer


def test_a_handler_that_fails_is_500_and_the_server_goes_on(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = exchange(port, b"GET /fail HTTP/1.1\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 500")
    assert "the disk is full" in capsys.readouterr().err
    assert exchange(port, b"GET /ignore HTTP/1.1\r\n\r\n").endswith(b"ignored")


def test_head_has_the_length_and_no_body(port: int) -> None:
    answer = exchange(port, b"HEAD /ignore HTTP/1.1\r\n\r\n")

    assert b"Content-Length: 7\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")
