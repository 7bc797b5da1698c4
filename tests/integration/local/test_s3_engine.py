"""What only our S3 engine can show: signatures, forms, CORS, streams on the wire, and the folder."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from botocore.exceptions import ClientError

from infrastructure.local.aws.resources import expire
from infrastructure.local.aws.s3.store import ObjectStore
from infrastructure.local.ports import free_port, wait_until_listening
from tests.integration.local.conftest import LocalAws, client


@pytest.fixture
def s3(local_aws: LocalAws) -> Any:
    made = local_aws.client("s3")
    made.create_bucket(Bucket="media")
    return made


def error_code(answer: requests.Response) -> str:
    found = re.search("<Code>(.*?)</Code>", answer.text)
    assert found, answer.text
    return found.group(1)


def presigned(s3: Any, method: str = "get_object", *, expires: int = 60, **parameters: Any) -> str:
    return str(
        s3.generate_presigned_url(
            method, Params={"Bucket": "media", "Key": "k", **parameters}, ExpiresIn=expires
        )
    )


def test_a_presigned_url_reads_without_credentials(s3: Any) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"0123456789", ContentType="image/png")

    plain = requests.get(presigned(s3), timeout=5)
    part = requests.get(presigned(s3), headers={"Range": "bytes=2-3"}, timeout=5)
    renamed = requests.get(
        presigned(s3, ResponseContentDisposition='attachment; filename="ü.png"', ResponseContentType="x/y"),
        timeout=5,
    )

    assert (plain.status_code, plain.content, plain.headers["Content-Type"]) == (
        200,
        b"0123456789",
        "image/png",
    )
    assert (part.status_code, part.content) == (206, b"23")
    assert renamed.headers["Content-Type"] == "x/y"
    assert renamed.headers["Content-Disposition"].startswith("attachment")


def test_a_file_name_that_no_header_can_hold_is_refused_as_on_aws(s3: Any) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"x")

    plain = requests.get(presigned(s3, ResponseContentDisposition='inline; filename="写真.png"'), timeout=5)
    encoded = requests.get(
        presigned(s3, ResponseContentDisposition="inline; filename*=UTF-8''%E5%86%99.png"), timeout=5
    )

    assert (plain.status_code, error_code(plain)) == (400, "InvalidArgument")
    assert encoded.headers["Content-Disposition"] == "inline; filename*=UTF-8''%E5%86%99.png"


def test_a_presigned_put_stores_what_was_sent(s3: Any) -> None:
    url = presigned(s3, "put_object", ContentType="text/plain")

    done = requests.put(url, data=b"hello", headers={"Content-Type": "text/plain"}, timeout=5)
    other_type = requests.put(url, data=b"hello", headers={"Content-Type": "text/html"}, timeout=5)

    assert done.status_code == 200
    assert s3.get_object(Bucket="media", Key="k")["Body"].read() == b"hello"
    assert (other_type.status_code, error_code(other_type)) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("/k?", "/other?", "SignatureDoesNotMatch"),
        ("X-Amz-Expires=60", "X-Amz-Expires=600", "SignatureDoesNotMatch"),
        ("X-Amz-Signature=", "X-Amz-Signature=0", "SignatureDoesNotMatch"),
        ("X-Amz-Credential=LOCAL", "X-Amz-Credential=OTHER", "InvalidAccessKeyId"),
        ("X-Amz-SignedHeaders=host&", "", "AuthorizationQueryParametersError"),
    ],
    ids=["key", "expiry", "signature", "credential", "parameter missing"],
)
def test_a_changed_presigned_url_is_refused(s3: Any, old: str, new: str, code: str) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"x")
    s3.put_object(Bucket="media", Key="other", Body=b"x")
    url = presigned(s3)
    assert old in url

    answer = requests.get(url.replace(old, new), timeout=5)

    assert error_code(answer) == code
    assert answer.status_code in (400, 403)


def test_a_presigned_get_does_not_write(s3: Any) -> None:
    assert requests.put(presigned(s3), data=b"x", timeout=5).status_code == 403


def test_an_added_amz_header_is_refused(s3: Any) -> None:
    url = presigned(s3, "put_object")

    answer = requests.put(url, data=b"x", headers={"x-amz-meta-owner": "me"}, timeout=5)

    assert (answer.status_code, error_code(answer)) == (403, "AccessDenied")


def test_an_expired_url_is_refused(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"x")
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=120)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda remove_tzinfo=True: past)
    url = presigned(s3, expires=60)
    monkeypatch.undo()

    answer = requests.get(url, timeout=5)

    assert (answer.status_code, error_code(answer)) == (403, "AccessDenied")
    assert "expired" in answer.text


def test_nobody_reads_anonymously_or_with_a_wrong_secret(s3: Any, local_aws: LocalAws) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"x")

    anonymous = requests.get(f"{local_aws.engine.s3_endpoint}/media/k", timeout=5)
    with pytest.raises(ClientError) as error:
        local_aws.client("s3", secret_key="wrong").get_object(Bucket="media", Key="k")

    assert (anonymous.status_code, error_code(anonymous)) == (403, "AccessDenied")
    assert error.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


class TestForms:
    def post(self, s3: Any, body: bytes, **changes: str) -> requests.Response:
        form = s3.generate_presigned_post(
            "media",
            "up/${filename}",
            Fields={"Content-Type": "text/plain"},
            Conditions=[["content-length-range", 2, 10], ["starts-with", "$Content-Type", "text/"]],
        )
        return requests.post(
            form["url"], data={**form["fields"], **changes}, files={"file": ("a.txt", body)}, timeout=5
        )

    def test_a_form_within_its_policy_stores_the_file(self, s3: Any) -> None:
        assert self.post(s3, b"hello").status_code == 204
        got = s3.get_object(Bucket="media", Key="up/a.txt")
        assert (got["Body"].read(), got["ContentType"]) == (b"hello", "text/plain")

    @pytest.mark.parametrize(
        ("body", "code"), [(b"x" * 11, "EntityTooLarge"), (b"x", "EntityTooSmall")], ids=["long", "short"]
    )
    def test_a_file_outside_the_range_leaves_nothing(self, s3: Any, body: bytes, code: str) -> None:
        answer = self.post(s3, body)

        assert (answer.status_code, error_code(answer)) == (400, code)
        assert "Contents" not in s3.list_objects_v2(Bucket="media")

    @pytest.mark.parametrize(
        "changes",
        [{"key": "elsewhere"}, {"Content-Type": "image/png"}, {"x-amz-meta-extra": "1"}, {"policy": "e30="}],
        ids=["key", "condition", "uncovered field", "policy"],
    )
    def test_a_form_outside_its_policy_is_refused(self, s3: Any, changes: dict[str, str]) -> None:
        assert self.post(s3, b"hello", **changes).status_code == 403
        assert "Contents" not in s3.list_objects_v2(Bucket="media")


class TestCors:
    ORIGIN = "http://127.0.0.1:8080"

    @pytest.fixture(autouse=True)
    def rules(self, s3: Any) -> None:
        rule = {
            "AllowedOrigins": [self.ORIGIN],
            "AllowedMethods": ["GET", "PUT"],
            "AllowedHeaders": ["content-*"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 60,
        }
        s3.put_bucket_cors(Bucket="media", CORSConfiguration={"CORSRules": [rule]})

    def preflight(self, s3: Any, **headers: str) -> requests.Response:
        asked = {"Origin": self.ORIGIN, "Access-Control-Request-Method": "PUT"}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.options(presigned(s3, "put_object"), headers={**asked, **names}, timeout=5)

    def test_a_preflight_within_the_rules_is_allowed(self, s3: Any) -> None:
        answer = self.preflight(s3, Access_Control_Request_Headers="content-type")

        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == self.ORIGIN
        assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
        assert answer.headers["Access-Control-Allow-Headers"] == "content-type"
        assert answer.headers["Access-Control-Max-Age"] == "60"

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "http://evil.example"},
            {"Access_Control_Request_Method": "DELETE"},
            {"Access_Control_Request_Headers": "x-own"},
        ],
        ids=["origin", "method", "header"],
    )
    def test_a_preflight_outside_the_rules_is_refused(self, s3: Any, headers: dict[str, str]) -> None:
        answer = self.preflight(s3, **headers)

        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers

    def test_answers_to_an_allowed_page_say_so_also_when_they_refuse(self, s3: Any) -> None:
        s3.put_object(Bucket="media", Key="k", Body=b"x")

        own = requests.get(presigned(s3), headers={"Origin": self.ORIGIN}, timeout=5)
        refused = requests.get(presigned(s3) + "x", headers={"Origin": self.ORIGIN}, timeout=5)
        other = requests.get(presigned(s3), headers={"Origin": "http://evil.example"}, timeout=5)

        assert own.headers["Access-Control-Allow-Origin"] == self.ORIGIN
        assert own.headers["Access-Control-Expose-Headers"] == "ETag"
        assert refused.headers["Access-Control-Allow-Origin"] == self.ORIGIN
        assert (other.status_code, other.headers.get("Access-Control-Allow-Origin")) == (200, None)


class TestStreamingUploads:
    """aws-chunked bodies, which clients send over TLS and so never to us by default."""

    def send(self, aws: LocalAws, body: bytes, payload: str, **headers: str) -> requests.Response:
        request = AWSRequest("PUT", f"{aws.engine.s3_endpoint}/media/k", data=b"")
        for name, value in {"x-amz-content-sha256": payload, **headers}.items():
            request.headers[name] = value

        class Signer(S3SigV4Auth):  # type: ignore[misc]
            def payload(self, request: Any) -> str:
                return payload

        pair = BotoCredentials(aws.credentials.access_key, aws.credentials.secret_key)
        signer = Signer(pair, "s3", "us-east-1")
        signer.add_auth(request)
        return requests.put(request.url, data=body, headers=dict(request.headers.items()), timeout=5)

    def trailer_body(self, content: bytes, checksum: bytes) -> bytes:
        half = len(content) // 2
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (content[:half], content[half:]))
        return chunks + b"0\r\nx-amz-checksum-crc32:" + base64.b64encode(checksum) + b"\r\n\r\n"

    @pytest.mark.parametrize("right", [True, False])
    def test_a_trailer_checksum_is_checked(self, s3: Any, local_aws: LocalAws, right: bool) -> None:
        content = b"abcdef" * 1000
        crc = zlib.crc32(content if right else b"else").to_bytes(4, "big")

        answer = self.send(
            local_aws,
            self.trailer_body(content, crc),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            **{
                "x-amz-decoded-content-length": str(len(content)),
                "x-amz-trailer": "x-amz-checksum-crc32",
                "Content-Encoding": "aws-chunked",
            },
        )

        if right:
            assert answer.status_code == 200, answer.text
            got = s3.get_object(Bucket="media", Key="k")
            assert got["Body"].read() == content
            assert "ContentEncoding" not in got
        else:
            assert error_code(answer) == "BadDigest"
            assert "Contents" not in s3.list_objects_v2(Bucket="media")

    def test_an_unsigned_chunk_in_a_signed_stream_is_refused(self, s3: Any, local_aws: LocalAws) -> None:
        answer = self.send(
            local_aws,
            b"3;chunk-signature=" + b"0" * 64 + b"\r\nabc\r\n0;chunk-signature=" + b"0" * 64 + b"\r\n\r\n",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            **{"x-amz-decoded-content-length": "3"},
        )

        assert (answer.status_code, error_code(answer)) == (403, "SignatureDoesNotMatch")


def test_a_body_that_is_not_what_was_signed_is_refused(s3: Any, local_aws: LocalAws) -> None:
    request = AWSRequest("PUT", f"{local_aws.engine.s3_endpoint}/media/k", data=b"signed")
    pair = BotoCredentials(local_aws.credentials.access_key, local_aws.credentials.secret_key)
    request.headers["x-amz-content-sha256"] = hashlib.sha256(b"signed").hexdigest()
    S3SigV4Auth(pair, "s3", "us-east-1").add_auth(request)

    answer = requests.put(request.url, data=b"forged", headers=dict(request.headers.items()), timeout=5)

    assert error_code(answer) == "XAmzContentSHA256Mismatch"
    assert "Contents" not in s3.list_objects_v2(Bucket="media")


def test_what_is_not_built_says_so(s3: Any) -> None:
    with pytest.raises(ClientError) as error:
        s3.put_object_tagging(Bucket="media", Key="k", Tagging={"TagSet": []})

    assert error.value.response["Error"]["Code"] == "NotImplemented"


def test_a_body_cut_off_half_way_leaves_nothing(s3: Any, local_aws: LocalAws) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"old")
    url = urlsplit(presigned(s3, "put_object"))
    with socket.create_connection((url.hostname, url.port or 80)) as wire:
        head = f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: 100\r\n\r\n"
        wire.sendall(head.encode() + b"only this")
        wire.shutdown(socket.SHUT_WR)
        answer = wire.recv(4096)

    assert b"IncompleteBody" in answer
    assert s3.get_object(Bucket="media", Key="k")["Body"].read() == b"old"
    assert not list((local_aws.data_dir / "s3/contents/incoming").iterdir())


def test_nobody_is_asked_for_a_body_that_will_be_refused(s3: Any, local_aws: LocalAws) -> None:
    url = urlsplit(local_aws.engine.s3_endpoint)
    with socket.create_connection((url.hostname, url.port or 80)) as wire:
        head = f"PUT /media/k HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: 9\r\n"
        wire.sendall(head.encode() + b"Expect: 100-continue\r\n\r\n")
        answer = wire.recv(4096)

    assert answer.startswith(b"HTTP/1.1 403")


def test_only_one_of_many_writers_makes_a_new_object(s3: Any) -> None:
    won: list[int] = []

    def write(number: int) -> None:
        try:
            s3.put_object(Bucket="media", Key="once", Body=str(number).encode(), IfNoneMatch="*")
            won.append(number)
        except ClientError:
            pass

    threads = [threading.Thread(target=write, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert s3.get_object(Bucket="media", Key="once")["Body"].read() == str(won[0]).encode()


def test_a_reader_keeps_the_version_that_it_began(s3: Any) -> None:
    old, new = b"o" * 8_000_000, b"n" * 8_000_000
    s3.put_object(Bucket="media", Key="k", Body=old)
    body = s3.get_object(Bucket="media", Key="k")["Body"]
    start = body.read(1000)

    s3.put_object(Bucket="media", Key="k", Body=new)

    assert start + body.read() == old
    assert s3.get_object(Bucket="media", Key="k")["Body"].read() == new


def test_replaced_and_deleted_bytes_leave_the_folder(s3: Any, local_aws: LocalAws) -> None:
    for body in (b"1", b"2", b"3"):
        s3.put_object(Bucket="media", Key="k", Body=body)
    files = list((local_aws.data_dir / "s3/contents").glob("??/*"))
    assert [file.read_bytes() for file in files] == [b"3"]

    s3.delete_object(Bucket="media", Key="k")

    assert not list((local_aws.data_dir / "s3/contents").glob("??/*"))


def test_a_start_sweeps_what_a_crash_left(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    kept = store.contents.path("ab" + "0" * 30)
    (tmp_path / "contents/incoming/half").write_bytes(b"x")
    kept.parent.mkdir()
    kept.write_bytes(b"never named by the index")
    store.index.close()

    ObjectStore(tmp_path).index.close()

    assert not [path for path in (tmp_path / "contents").rglob("*") if path.is_file()]


def test_what_is_past_its_days_is_deleted_and_nothing_else(s3: Any, local_aws: LocalAws) -> None:
    for key in ("answers/old", "answersX", "media/old"):
        s3.put_object(Bucket="media", Key=key, Body=b"x")
    s3.create_multipart_upload(Bucket="media", Key="big")
    store, day = local_aws.engine.objects, 24 * 3600

    expire(store, "media", {"answers/": 1}, now=time.time() + 0.9 * day)
    assert s3.list_objects_v2(Bucket="media")["KeyCount"] == 3
    expire(store, "media", {"answers/": 1}, now=time.time() + 2.1 * day)

    assert [row["Key"] for row in s3.list_objects_v2(Bucket="media")["Contents"]] == ["answersX", "media/old"]
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="media")


def test_a_write_that_the_disk_refuses_is_an_error_and_loses_nothing(
    s3: Any, local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.put_object(Bucket="media", Key="k", Body=b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("infrastructure.local.aws.s3.contents.os.fsync", full)
        with pytest.raises(ClientError) as error:
            s3.put_object(Bucket="media", Key="k", Body=b"new")

    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert s3.get_object(Bucket="media", Key="k")["Body"].read() == b"old"
    assert not list((local_aws.data_dir / "s3/contents/incoming").iterdir())


def test_an_acknowledged_write_survives_kill_9(tmp_path: Path) -> None:
    ports = free_port(), free_port()
    command = [sys.executable, "-m", "infrastructure.local.aws", "--data-dir", str(tmp_path)]
    command += ["--s3-port", str(ports[0]), "--sqs-port", str(ports[1])]
    engine = subprocess.Popen(command, stdin=subprocess.PIPE)
    acknowledged, sent = _write_until_killed(tmp_path, engine, ports)
    engine.communicate()
    again = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        s3, sqs = _clients(tmp_path, ports)
        bodies = {key: s3.get_object(Bucket="media", Key=key)["Body"].read() for key in acknowledged}
        url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
        found: set[str] = set()
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found |= {message["Body"] for message in messages}
    finally:
        again.terminate()
        again.communicate(timeout=10)

    assert len(acknowledged) > 5
    assert all(body == key.encode() * 20_000 for key, body in bodies.items())
    assert sent <= found


def _clients(data_dir: Path, ports: tuple[int, int]) -> tuple[Any, Any]:
    from infrastructure.local.aws.credentials import load_or_create

    assert all(wait_until_listening(port) for port in ports)
    pair = load_or_create(data_dir / "aws-credentials.json")
    keys = {"aws_access_key_id": pair.access_key, "aws_secret_access_key": pair.secret_key}
    return (
        client("s3", endpoint_url=f"http://127.0.0.1:{ports[0]}", **keys),
        client("sqs", endpoint_url=f"http://127.0.0.1:{ports[1]}", **keys),
    )


def _write_until_killed(
    data_dir: Path, engine: subprocess.Popen[bytes], ports: tuple[int, int]
) -> tuple[set[str], set[str]]:
    s3, sqs = _clients(data_dir, ports)
    s3.create_bucket(Bucket="media")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    acknowledged: set[str] = set()
    sent: set[str] = set()

    def write(worker: int) -> None:
        for number in range(10_000):
            key = f"{worker}-{number}"
            try:
                s3.put_object(Bucket="media", Key=key, Body=key.encode() * 20_000)
                acknowledged.add(key)
                sqs.send_message(QueueUrl=url, MessageBody=key)
                sent.add(key)
            except Exception:  # noqa: BLE001 - the engine is dead, which is the point
                return

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    while len(sent) < 12:
        threads[0].join(0.01)
    os.kill(engine.pid, signal.SIGKILL)
    for thread in threads:
        thread.join()
    return acknowledged, sent
