"""Exports put into stores of three makers, by their own libraries, over HTTP on this machine."""

from __future__ import annotations

import base64
import gc
import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

import google_crc32c
import pytest
from azure.storage.blob import BlobServiceClient
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from moto import mock_aws

from chalicelib.errors import InvalidInputError, UpstreamError
from chalicelib.integrations import outside_stores
from chalicelib.integrations.outside_stores import AzureTarget, GoogleTarget, StoreKeys, keys_from_file
from chalicelib.settings import Settings
from chalicelib.storage.export_targets import OutsideStore, S3Target
from chalicelib.wiring.clients import client

ACCOUNT_KEY = base64.b64encode(b"a key that opens nothing").decode()


@dataclass
class Shelf:
    """What the stores hold, by container and name: bytes and content type."""

    held: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    largest: int = 0
    """Bytes of the largest request body."""
    asked: int = 0
    """How many uploads were begun or gone on with."""


class Handler(BaseHTTPRequestHandler):
    """As much of both protocols as an upload needs; everything in `forbidden/…` is refused."""

    shelf: Shelf
    parts: dict[str, bytes]
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Silent."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            chunks = b""
            while size := int(self.rfile.readline(), 16):
                chunks += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return chunks
        read = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.shelf.largest = max(self.shelf.largest, len(read))
        return read

    def do_POST(self) -> None:
        """Google: a resumable upload begins."""
        self.shelf.asked += 1
        asked = urlsplit(self.path)
        container = asked.path.split("/b/")[1].split("/")[0]
        about = json.loads(self.body() or b"{}")
        if container == "forbidden":
            self.answer(403, b'{"error": {"message": "no access"}}', Content_Type="application/json")
            return
        place = f"/session/{container}/{about['name']}?type={self.headers['X-Upload-Content-Type']}"
        self.parts[urlsplit(place).path] = b""
        host = self.headers["Host"]
        self.answer(200, b"{}", Location=f"http://{host}{place}")

    def do_DELETE(self) -> None:
        """Google: an upload is given up."""
        self.parts.pop(urlsplit(unquote(self.path)).path, None)
        self.answer(499)

    def do_PUT(self) -> None:
        """Google: a chunk of one. Azure: a block, the list of them, or a small blob as a whole."""
        asked, body = urlsplit(unquote(self.path)), self.body()
        query = {name: value[0] for name, value in parse_qs(asked.query).items()}
        if asked.path.startswith("/session/"):
            self.google(asked.path, query["type"], body)
            return
        name = asked.path.removeprefix("/account/")
        kind = self.headers.get("x-ms-blob-content-type", "")
        if name.startswith("forbidden/"):
            self.answer(403, x_ms_error_code="AuthorizationFailure")
            return
        if query.get("comp") == "block":
            self.parts[f"{name}|{query['blockid']}"] = body
        elif query.get("comp") == "blocklist":
            listed = re.findall(r"<Latest>(.*?)</Latest>", body.decode())
            self.shelf.held[name] = b"".join(self.parts[f"{name}|{one}"] for one in listed), kind
        else:
            self.shelf.held[name] = body, kind
        self.answer(201, ETag='"1"', Last_Modified="Thu, 01 Jan 2026 00:00:00 GMT")

    def google(self, place: str, kind: str, body: bytes) -> None:
        so_far = self.parts[place] = self.parts[place] + body
        if self.headers["Content-Range"].endswith("/*"):
            self.answer(308, Range=f"bytes=0-{len(so_far) - 1}")
            return
        name = place.removeprefix("/session/")
        self.shelf.held[name] = so_far, kind
        check = base64.b64encode(google_crc32c.Checksum(so_far).digest()).decode()
        self.answer(200, json.dumps({"name": name, "crc32c": check}).encode())


@dataclass
class Bench:
    """A store under test, and what it holds."""

    store: OutsideStore
    shelf: Shelf
    s3: Any = None

    def holds(self, name: str) -> tuple[bytes, str] | None:
        if self.s3 is None:
            return self.shelf.held.get(f"box/{name}")
        listed = self.s3.list_objects_v2(Bucket="box").get("Contents", [])
        if name not in {entry["Key"] for entry in listed}:
            return None
        found = self.s3.get_object(Bucket="box", Key=name)
        return found["Body"].read(), found["ContentType"]


@pytest.fixture
def served() -> Iterator[tuple[str, Shelf]]:
    shelf = Shelf()
    handler = type("Bound", (Handler,), {"shelf": shelf, "parts": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", shelf
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["s3", "google", "azure"])
def bench(request: pytest.FixtureRequest, served: tuple[str, Shelf]) -> Iterator[Bench]:
    url, shelf = served
    if request.param == "google":
        api = storage.Client(
            project="p", credentials=AnonymousCredentials(), client_options={"api_endpoint": url}
        )
        yield Bench(GoogleTarget(api), shelf)
    elif request.param == "azure":
        yield Bench(AzureTarget.of(StoreKeys(azure=connection(url))), shelf)
    else:
        with mock_aws():
            s3 = client("s3", "", Settings())
            s3.create_bucket(Bucket="box")
            yield Bench(S3Target(s3), shelf, s3)


def connection(url: str) -> str:
    named = "DefaultEndpointsProtocol=http;AccountName=account"
    return f"{named};AccountKey={ACCOUNT_KEY};BlobEndpoint={url}/account"


class Once(io.RawIOBase):
    """Bytes that can be read once and not sought in, as from a network; may break off."""

    def __init__(self, data: bytes, *, fails_at: int | None = None) -> None:
        self._stream, self._fails_at = io.BytesIO(data), fails_at

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._fails_at is not None and self._stream.tell() >= self._fails_at:
            raise ConnectionError("torn")
        return self._stream.readinto(buffer)


def once(data: bytes, **how: int) -> BinaryIO:
    return io.BufferedReader(Once(data, **how))


@pytest.mark.parametrize("size", [0, 5, 4 << 20, (9 << 20) + 7])
def test_what_is_put_is_there_whole_and_again_replaces_it(bench: Bench, size: int) -> None:
    bench.store.put("box", "a folder/ü.zip", once(b"old"), content_type="text/plain")
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)

    bench.store.put("box", "a folder/ü.zip", once(data), content_type="application/zip")

    assert bench.holds("a folder/ü.zip") == (data, "application/zip")
    assert bench.shelf.largest <= outside_stores.CHUNK_BYTES


def test_what_breaks_off_leaves_nothing(bench: Bench) -> None:
    with pytest.raises((ConnectionError, UpstreamError)):
        bench.store.put("box", "a", once(b"x" * (9 << 20), fails_at=6 << 20), content_type="text/plain")

    assert bench.holds("a") is None


@pytest.mark.parametrize("bench", ["google", "azure"], indirect=True)
def test_a_refusal_is_told_with_the_place(bench: Bench) -> None:
    with pytest.raises(UpstreamError, match="forbidden did not take the export"):
        bench.store.put("forbidden", "a", once(b"x"), content_type="text/plain")

    asked = bench.shelf.asked
    gc.collect()
    assert bench.shelf.asked == asked, "nothing is tried again once it has been told"


@pytest.mark.parametrize("text", ["", "[]", '{"google": 1}', '{"azure": {}}', "x"])
def test_keys_that_are_none_are_named_and_not_shown(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(text)

    with pytest.raises(InvalidInputError) as caught:
        keys_from_file(str(file))

    assert [fault.place for fault in caught.value.faults] == ["SKYLABEL_STORE_KEYS_FILE"]


def test_keys_are_read_for_each_maker(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text('{"google": {"type": "service_account"}, "azure": "UseDevelopmentStorage=true"}')

    assert keys_from_file(str(file)) == StoreKeys({"type": "service_account"}, "UseDevelopmentStorage=true")
    with pytest.raises(InvalidInputError):
        keys_from_file(str(tmp_path / "none"))


@pytest.mark.parametrize("key", ["", "no connection string"])
def test_without_a_key_to_azure_the_destination_is_refused(key: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        AzureTarget.of(StoreKeys(azure=key))

    assert caught.value.faults[0].place == "destination"


def test_azure_is_asked_by_the_service_that_the_connection_names(served: tuple[str, Shelf]) -> None:
    made = BlobServiceClient.from_connection_string(connection(served[0]))

    assert made.account_name == "account"
