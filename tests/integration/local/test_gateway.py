"""The gateway over a real Chalice app in real instances: events in, answers out, limits kept."""

from __future__ import annotations

import gzip
import http.client
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from infrastructure.local.functions.pool import InstancePool
from infrastructure.local.gateway.__main__ import route
from infrastructure.local.gateway.api import Api
from infrastructure.local.gateway.site import Site
from infrastructure.local.http_server import Server

STUB = "tests.integration.local.stub_app:app"


class Gateway:
    def __init__(self, folder: Path, *, timeout_s: float = 20, target: str = STUB) -> None:
        self.pool = InstancePool(target, most=2)
        site = Site(folder, media_origin="http://127.0.0.1:9999")
        self.server = Server(0, route(Api(self.pool, timeout_s=timeout_s), site), name="test")
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.pool.close()


def build(folder: Path) -> Path:
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>the page</title>")
    (folder / "assets" / "index-abc123.js").write_text("export const answer = 42;\n" * 100)
    (folder / ".stamp").write_text("hidden")
    (folder.parent / "secret.txt").write_text("outside")
    return folder


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    made = Gateway(build(tmp_path_factory.mktemp("site") / "dist"))
    yield made
    made.close()


def seen(answer: requests.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestEvents:
    def test_a_request_arrives_as_a_proxy_event(self, gateway: Gateway) -> None:
        shown = seen(
            requests.get(
                f"{gateway.url}/api/projects/7/tasks/?id=1&id=2&q=a%20b+c&empty=",
                headers={"Authorization": "Token x", "X-Two": "ü".encode().decode("latin-1")},
                timeout=20,
            )
        )
        event = shown["event"]

        assert (event["httpMethod"], event["path"]) == ("GET", "/api/projects/7/tasks/")
        assert event["resource"] == event["requestContext"]["resourcePath"] == "/api/{proxy+}"
        assert event["pathParameters"] == {"proxy": "projects/7/tasks"}
        assert event["multiValueQueryStringParameters"] == {"id": ["1", "2"], "q": ["a b c"], "empty": [""]}
        assert event["queryStringParameters"]["id"] == "2"
        assert event["headers"]["Authorization"] == "Token x"
        assert event["multiValueHeaders"]["X-Forwarded-For"] == ["127.0.0.1"]
        assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
        assert event["requestContext"]["stage"] == "local"
        assert event["body"] is None
        assert 0 < shown["left_ms"] <= 20_000
        assert shown["name"] == "skylabel-local-api"

    def test_text_arrives_as_text_and_binary_as_base64(self, gateway: Gateway) -> None:
        text = seen(requests.post(f"{gateway.url}/api/echo", json={"a": "ü"}, timeout=20))["event"]
        binary = seen(
            requests.post(f"{gateway.url}/api/echo", files={"file": ("x", b"\x00\xff")}, timeout=20)
        )["event"]

        assert (text["isBase64Encoded"], text["body"]) == (False, '{"a": "\\u00fc"}')
        assert binary["isBase64Encoded"] is True

    @pytest.mark.parametrize("path", ["/api", "/api/", "/api/a", "/api/a/b/"])
    def test_both_slash_forms_reach_the_app(self, gateway: Gateway, path: str) -> None:
        assert seen(requests.get(gateway.url + path, timeout=20))["event"]["path"] == path

    def test_binary_answers_come_as_bytes(self, gateway: Gateway) -> None:
        answer = requests.get(
            f"{gateway.url}/api/bytes", headers={"Accept": "application/octet-stream"}, timeout=20
        )

        assert answer.content == bytes(range(256))

    def test_repeated_headers_are_kept(self, gateway: Gateway) -> None:
        answer = requests.get(f"{gateway.url}/api/cookies", timeout=20)

        assert answer.status_code == 201
        assert answer.cookies.get_dict() == {"a": "1", "b": "2"}

    def test_a_header_beyond_latin_1_goes_out_as_utf_8(self, gateway: Gateway) -> None:
        headers = requests.get(f"{gateway.url}/api/unicode", timeout=20).headers

        assert headers["X-Name"].encode("latin-1").decode() == "写真"

    def test_what_the_app_does_not_route_is_refused_as_on_aws(self, gateway: Gateway) -> None:
        no_route = requests.get(f"{gateway.url}/version", timeout=20)
        no_method = requests.post(f"{gateway.url}/health", timeout=20)

        assert {no_route.status_code, no_method.status_code} == {403}
        assert no_route.json() == {"message": "Missing Authentication Token"}

    def test_options_reach_the_app(self, gateway: Gateway) -> None:
        answer = requests.options(f"{gateway.url}/api/x", timeout=20)

        assert seen(answer)["event"]["httpMethod"] == "OPTIONS"


class TestLimits:
    def test_a_body_that_lambda_would_not_take_is_413(self, gateway: Gateway) -> None:
        def post(body: bytes, kind: str) -> int:
            headers = {"Content-Type": kind}
            return requests.post(
                f"{gateway.url}/api/echo", data=body, headers=headers, timeout=60
            ).status_code

        assert post(b"x" * (6 * 1024 * 1024 + 1), "text/plain") == 413
        assert post(b"x" * (5 * 1024 * 1024), "application/octet-stream") == 413  # as base64 past 6 MB
        assert post(b"x" * (11 * 1024 * 1024), "text/plain") == 413

    def test_an_answer_past_six_megabytes_is_502(self, gateway: Gateway) -> None:
        assert requests.get(f"{gateway.url}/api/long", timeout=60).status_code == 502

    def test_a_request_past_its_time_is_504_and_its_instance_replaced(self, tmp_path: Path) -> None:
        gateway = Gateway(build(tmp_path / "dist"), timeout_s=3)
        try:
            seen(requests.get(f"{gateway.url}/api/warm", timeout=20))
            slow = requests.get(f"{gateway.url}/api/slow", timeout=20)
            requests.get(f"{gateway.url}/health", timeout=20)
        finally:
            gateway.close()

        assert (slow.status_code, slow.json()) == (504, {"message": "Endpoint request timed out"})

    def test_an_instance_that_dies_is_502_and_the_next_request_works(self, gateway: Gateway) -> None:
        crashed = requests.get(f"{gateway.url}/api/crash", timeout=20)
        after = requests.get(f"{gateway.url}/api/echo", timeout=20)

        assert (crashed.status_code, after.status_code) == (502, 200)

    def test_an_app_that_cannot_be_imported_is_502(self, tmp_path: Path) -> None:
        gateway = Gateway(build(tmp_path / "dist"), target="no_such_module:app")
        try:
            assert requests.get(f"{gateway.url}/health", timeout=20).status_code == 502
            assert requests.get(f"{gateway.url}/", timeout=20).status_code == 200
        finally:
            gateway.close()


def test_instances_run_one_request_at_a_time_and_answers_go_to_who_asked(gateway: Gateway) -> None:
    def ask(number: int) -> tuple[int, int]:
        shown = seen(requests.get(f"{gateway.url}/api/echo?n={number}", timeout=60))
        return int(shown["event"]["queryStringParameters"]["n"]), int(shown["pid"])

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(60)))

    assert [number for number, _ in answers] == list(range(60))
    assert len({pid for _, pid in answers}) <= 2


def test_a_connection_serves_many_requests(gateway: Gateway) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", gateway.server.port, timeout=20)
    connection.connect()
    own_port = connection.sock.getsockname()[1]
    for _ in range(3):
        connection.request("GET", "/health")
        assert connection.getresponse().read() == b'{"status":"UP"}'

    assert connection.sock.getsockname()[1] == own_port
    connection.close()


class TestSite:
    @pytest.mark.parametrize("path", ["/", "/projects/7/data", "/login"])
    def test_pages_get_the_index(self, gateway: Gateway, path: str) -> None:
        answer = requests.get(gateway.url + path, timeout=5)

        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
        assert "the page" in answer.text
        assert "text/html" in answer.headers["Content-Type"]

    def test_no_script_but_ours_runs_and_media_may_come_from_the_media_origin(self, gateway: Gateway) -> None:
        header = requests.get(gateway.url, timeout=5).headers["Content-Security-Policy"]
        policy = dict(part.strip().split(" ", 1) for part in header.split(";"))

        assert policy["script-src"] == "'self'"
        assert policy["object-src"] == "'none'"
        for directive in ("connect-src", "img-src", "media-src"):
            assert "http://127.0.0.1:9999" in policy[directive]

    def test_assets_are_cached_for_good_and_sent_compressed(self, gateway: Gateway) -> None:
        url = f"{gateway.url}/assets/index-abc123.js"
        plain = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=5)
        raw = requests.get(url, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=5).raw.read()
        again = requests.get(url, headers={"If-None-Match": plain.headers["ETag"]}, timeout=5)

        assert "immutable" in plain.headers["Cache-Control"]
        assert plain.headers["Content-Type"].startswith("text/javascript")
        assert gzip.decompress(raw) == plain.content
        assert len(raw) < len(plain.content) / 5
        assert (again.status_code, again.content) == (304, b"")

    @pytest.mark.parametrize("path", ["/assets/gone-1.js", "/favicon.ico", "/.stamp"])
    def test_a_file_that_is_not_there_is_404(self, gateway: Gateway, path: str) -> None:
        assert requests.get(gateway.url + path, timeout=5).status_code == 404

    @pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"])
    def test_nothing_outside_the_folder_is_served(self, gateway: Gateway, path: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", gateway.server.port, timeout=5)
        connection.request("GET", path)
        assert b"outside" not in connection.getresponse().read()
        connection.close()

    def test_head_and_options_have_no_body(self, gateway: Gateway) -> None:
        head = requests.head(gateway.url, timeout=5)
        options = requests.options(gateway.url, timeout=5)
        post = requests.post(gateway.url, timeout=5)

        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["Content-Length"]) > 0
        assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
        assert post.status_code == 405

    def test_a_front_end_that_is_not_built_says_so(self, tmp_path: Path) -> None:
        gateway = Gateway(tmp_path)
        try:
            answer = requests.get(gateway.url, timeout=5)
        finally:
            gateway.close()

        assert answer.status_code == 503
        assert re.search("npm run build", answer.text)
