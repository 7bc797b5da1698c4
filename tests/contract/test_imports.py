"""Imports as jobs over the whole stack: what they store, show and refuse. Nothing refused leaves a trace."""

from __future__ import annotations

import csv
import gzip
import io
import json
import stat
import struct
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.ids import JobId, ProjectId
from tests.contract.conftest import Person

TEXTS = (
    '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
)
IMAGES = """<View><Image name="i" value="$image"/>
<RectangleLabels name="b" toName="i"><Label value="Car"/></RectangleLabels></View>"""
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (200).to_bytes(4, "big") + (100).to_bytes(4, "big") + b"\x08\x00" * 8


def project(person: Person, config: str = TEXTS) -> int:
    made = person.client.post("/api/projects/", {"title": "imports", "label_config": config})
    assert made.status == 201, made.text
    return int(made.json()["id"])


def keep(person: Person, project_id: int, name: str, content: bytes) -> int:
    principal = wiring.credentials().by_legacy_token(person.token)
    return wiring.uploads().keep(principal, ProjectId(project_id), name, content).id


def run(person: Person, project_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """The job of an import, after it has ended."""
    begun = person.client.post(f"/api/projects/{project_id}/imports/", body)
    assert begun.status == 202, begun.text
    wiring.jobs().run_here(JobId(begun.json()["id"]), until_s=60)
    job: dict[str, Any] = person.client.get(f"/api/jobs/{begun.json()['id']}/").json()
    return job


def imported(person: Person, project_id: int, *files: tuple[str, bytes], **body: Any) -> dict[str, Any]:
    ids = [keep(person, project_id, name, content) for name, content in files]
    return run(person, project_id, {"upload_ids": ids, **body})


def tasks(person: Person, project_id: int) -> list[dict[str, Any]]:
    found = person.client.get(f"/api/projects/{project_id}/export?download_all_tasks=true")
    assert found.status == 200, found.text
    listed: list[dict[str, Any]] = found.json()
    return listed


def blobs_of(project_id: int) -> set[str]:
    return {info.key for info in wiring.blobs().keys(f"upload/{project_id}/")}


def zipped(*files: tuple[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(member: tarfile.TarInfo, content: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def tar_link(kind: bytes) -> bytes:
    member = tarfile.TarInfo("a.json")
    member.type, member.linkname = kind, "/etc/passwd"
    return tarred(member)


def zip_link() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("a.json")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return stream.getvalue()


def encrypted() -> bytes:
    """A zip whose only member says that it is encrypted."""
    made = bytearray(zipped(("a.json", '[{"text":"a"}]')))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.index(signature) + offset
        made[place : place + 2] = struct.pack("<H", 1)
    return bytes(made)


def wrong_sum() -> bytes:
    """A zip whose member is not what its checksum says."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.json", '[{"text":"a"}]')
    return stream.getvalue().replace(b'"a"}]', b'"b"}]')


LONG_LINE = b'{"text":"' + b"a" * 999_000 + b'"}\n'
GOOD = b'{"text":"good"}\n'
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": (
        "b.zip",
        lambda: zipped(("a.jsonl", (b'{"text":"' + b"a" * 999_000 + b'"}\n') * 101)),
        "expand",
    ),
    "gzip bomb, a line of a gigabyte": (
        "b.jsonl.gz",
        lambda: gzip.compress(b'{"text":"', 9) + gzip.compress(b"a" * 100_000_000, 9) * 10,
        "",
    ),
    "bomb within an archive": ("b.zip", lambda: zipped(("a.zip", zipped(("b.zip", b"x")))), "archive"),
    "gzip within gzip": ("b.json.gz.gz", lambda: gzip.compress(gzip.compress(b"[]")), ""),
    "too many members": ("b.zip", lambda: zipped(*((f"{n}.txt", "") for n in range(100_001))), "members"),
    "slip by dots": ("b.zip", lambda: zipped(("../../a.json", "[]")), "../"),
    "slip by root": ("b.zip", lambda: zipped(("/etc/a.json", "[]")), "/etc"),
    "slip by backslashes": ("b.zip", lambda: zipped(("..\\a.json", "[]")), ".."),
    "slip in a tar": ("b.tar", lambda: tarred(tarfile.TarInfo("../a.json"), b"[]"), ".."),
    "link in a tar": ("b.tar", lambda: tar_link(tarfile.SYMTYPE), "link"),
    "hard link in a tar": ("b.tar", lambda: tar_link(tarfile.LNKTYPE), "link"),
    "device in a tar": ("b.tar", lambda: tar_link(tarfile.CHRTYPE), ""),
    "link in a zip": ("b.zip", zip_link, "link"),
    "encrypted": ("b.zip", encrypted, "encrypted"),
    "truncated zip": ("b.zip", lambda: zipped(("a.json", '[{"text":"a"}]' * 99))[:-40], ""),
    "truncated gzip": (
        "b.json.gz",
        lambda: gzip.compress(json.dumps([{"text": str(n)} for n in range(999)]).encode())[:-50],
        "",
    ),
    "wrong checksum": ("b.zip", wrong_sum, ""),
    "NaN": ("b.json", lambda: b'[{"text":"a"},{"text":NaN}]', "NaN"),
    "infinite": ("b.jsonl", lambda: GOOD + b'{"text":1e999}\n', ""),
    "lone surrogate": ("b.json", lambda: b'[{"text":"a"},{"text":"\\ud800"}]', "surrogate"),
    "repeated key": ("b.json", lambda: b'[{"text":"a","text":"b"}]', "text"),
    "deep nesting": ("b.json", lambda: b'[{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "nest"),
    "NUL": ("b.txt", lambda: b"good\nb\0ad\n", ""),
    "not UTF-8": ("b.csv", lambda: "text\nnaïve\n".encode("latin-1"), "UTF-8"),
    "entities": ("b.xml", lambda: b'<!DOCTYPE t [<!ENTITY a "aaaa">]><tasks><task id="1"/></tasks>', "DTD"),
    "wrong extension": ("b.json", lambda: zipped(("a.json", "[]")), ".zip"),
    "program": ("b.csv", lambda: b"MZ\x90\x00" + b"\0" * 64, "exe"),
    "unknown extension": ("b.exe", lambda: b"MZ", "exe"),
    "ragged table": ("b.csv", lambda: b"text,n\ngood,1\nbad,1,2\n", "line 3"),
    "repeated column": ("b.csv", lambda: b"text,text\na,b\n", "text"),
    "line past the limit": ("b.jsonl", lambda: GOOD + b'{"text":"' + b"a" * 33_600_000 + b'"}\n', ""),
    "image that is none": ("b.png", lambda: b"<html><script>alert(1)</script>", ".png"),
    "empty": ("b.json", lambda: b"", "empty"),
}


@pytest.fixture(scope="module")
def shared(app: Any) -> dict[str, Any]:
    """One project for all hostile files: what one of them left behind, the next would meet."""
    return {}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_ends_in_a_clear_error_of_its_own_and_leaves_nothing(
    join: Any, shared: dict[str, Any], case: str
) -> None:
    if not shared:
        shared["admin"] = join()
        shared["project"] = project(shared["admin"])
    admin, project_id = shared["admin"], shared["project"]
    name, content, said = HOSTILE[case]
    good, bad = keep(admin, project_id, "good.jsonl", GOOD), keep(admin, project_id, name, content())
    before = blobs_of(project_id)

    job = run(admin, project_id, {"upload_ids": [good, bad]})

    assert job["state"] == "failed"
    assert job["problems"]
    for problem in job["problems"]:
        assert problem["place"].startswith(name)
        assert 0 < len(problem["message"]) < 600
    assert said in f"{job['problems'][0]['place']} {job['problems'][0]['message']}"
    assert tasks(admin, project_id) == []
    assert blobs_of(project_id) == before
    assert not list(wiring.blobs().keys(f"jobs/{job['id']}/"))


def test_there_are_at_least_as_many_hostile_imports_as_promised() -> None:
    assert len(HOSTILE) >= 27


def test_a_dry_run_shows_the_first_rows_and_every_problem_and_stores_nothing(admin: Person) -> None:
    project_id = project(admin)
    table = "text,n\n" + "".join(f"row {n},{n}\n" for n in range(30)) + "bad,1,2\n"

    job = imported(
        admin, project_id, ("a.csv", table.encode()), ("b.jsonl", b'{"x":1}\n{"text":"ok"}\n'), dry_run=True
    )

    assert job["state"] == "completed"
    assert [row["data"] for row in job["result"]["preview"]][:2] == [
        {"text": "row 0", "n": 0},
        {"text": "row 1", "n": 1},
    ]
    assert job["result"]["data_columns"] == ["text", "n", "x"]
    assert job["result"]["found_formats"] == {".csv": 1, ".jsonl": 1}
    assert [problem["place"] for problem in job["problems"]] == ["a.csv, line 32", "b.jsonl, line 1"]
    assert tasks(admin, project_id) == []


def test_predictions_that_a_job_brings_order_the_tasks_of_all_its_parts(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.services.import_jobs.TASKS_PER_CHUNK", 2)
    number = project(admin)
    client, path = admin.client, f"/api/projects/{number}/"
    assert client.patch(path, {"strategy": {"name": "uncertainty"}}).status == 200
    said = [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}}]
    scores = (0.99, 0.9, 0.55, 0.8, 0.95)
    new = [
        {
            "data": {"text": str(s)},
            "predictions": [{"result": said, "score": s, "model_version": "m"}],
        }
        for s in scores
    ]

    job = imported(admin, number, ("scored.json", json.dumps(new).encode()))

    assert (job["state"], job["result"]["prediction_count"]) == ("completed", 5)
    assert client.get(path).json()["model_version"] == "m"
    given = []
    for _ in scores:
        task = client.get(f"{path}next/").json()
        given.append(float(task["data"]["text"]))
        assert client.post(f"/api/tasks/{task['id']}/annotations/", {"result": said}).status == 201
    assert given == sorted(scores)


@pytest.mark.parametrize(
    ("on_problem", "expected"),
    [("refuse", []), ("skip_files", ["c"]), ("skip_rows", ["a", "b", "c"])],
)
def test_a_problem_takes_with_it_what_was_asked_for(
    admin: Person, on_problem: str, expected: list[str]
) -> None:
    project_id = project(admin)
    bad = b'{"text":"a"}\n{"wrong":1}\n{"text":"b"}\n'

    job = imported(
        admin, project_id, ("bad.jsonl", bad), ("good.jsonl", b'{"text":"c"}\n'), on_problem=on_problem
    )

    assert [task["data"]["text"] for task in tasks(admin, project_id)] == expected
    assert job["state"] == ("completed" if expected else "failed")
    assert [problem["place"] for problem in job["problems"]] == ["bad.jsonl, line 2"]


def test_a_large_file_can_be_left_out_whole(admin: Person) -> None:
    project_id = project(admin)
    lines = b"".join(b'{"text":"%d"}\n' % n for n in range(2500))
    files = [
        ("a.jsonl", b'{"text":"a"}\n'),
        ("bad.jsonl", lines + b'{"wrong":1}\n'),
        ("c.jsonl", b'{"text":"c"}\n'),
    ]

    imported(admin, project_id, *files, on_problem="skip_files")

    assert [task["data"]["text"] for task in tasks(admin, project_id)] == ["a", "c"]


def test_every_problem_can_be_downloaded_as_a_table_that_runs_nothing(admin: Person) -> None:
    project_id = project(admin)
    lines = b"".join(b'{"=cmd(%d)":1}\n' % n for n in range(250))

    job = imported(admin, project_id, ("=bad.jsonl", lines))

    assert (len(job["problems"]), job["problem_count"]) == (100, 250)
    answer = admin.client.get(job["report"])
    assert answer.status == 303
    key = f"reports/{admin.organization_id}/{job['id']}/1.csv"
    rows = list(csv.reader(io.StringIO(wiring.blobs().get(key).decode())))
    assert rows[0] == ["place", "message"]
    assert len(rows) == 251
    assert rows[1][0] == "'=bad.jsonl, line 1"


def test_a_job_tells_its_cost_in_units(admin: Person) -> None:
    project_id = project(admin)
    lines = b"".join(b'{"text":"%d"}\n' % n for n in range(300))

    job = imported(admin, project_id, ("a.jsonl", lines))

    assert 300 * 3 <= job["write_units"] <= 300 * 4
    assert job["read_units"] > 0


def test_images_of_an_archive_become_files_of_the_project(admin: Person) -> None:
    project_id = project(admin, IMAGES)
    archive = zipped(("images/a.png", PNG), ("labels/a.txt", "0 0.5 0.5 0.2 0.2\n"), ("classes.txt", "Car\n"))

    job = imported(admin, project_id, ("set.zip", archive))

    (task,) = tasks(admin, project_id)
    assert job["state"] == "completed"
    assert task["annotations"][0]["result"][0]["value"]["rectanglelabels"] == ["Car"]
    assert wiring.blobs().get(task["data"]["image"].removeprefix("/data/")) == PNG


def test_images_of_an_archive_go_with_the_import_that_fails_or_is_cancelled(admin: Person) -> None:
    project_id = project(admin, IMAGES)
    bad = zipped(("a.png", PNG), ("t.jsonl", '{"image":"a.png"}\n{"wrong":1}\n'))

    job = imported(admin, project_id, ("set.zip", bad))

    assert job["state"] == "failed"
    assert {key for key in blobs_of(project_id) if key.endswith("a.png")} == set()


def test_files_that_belong_to_no_task_are_only_a_warning(admin: Person) -> None:
    project_id = project(admin, IMAGES)
    archive = zipped(("a.png", PNG), ("b.png", PNG), ("t.jsonl", '{"image":"a.png"}\n'))

    job = imported(admin, project_id, ("set.zip", archive))

    assert job["state"] == "completed"
    assert "1 media files" in job["result"]["warnings"][0]


class Site(BaseHTTPRequestHandler):
    """A web site with a table, a table without a name, and nothing else."""

    def do_GET(self) -> None:
        found = {
            "/t.csv": ("text/plain", b"text\nfrom the web\n"),
            "/table": ("text/csv", b"text\nnameless\n"),
        }.get(self.path)
        self.send_response(200 if found else 404)
        kind, content = found or ("text/html", b"secret of the site")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def site(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a site on this machine, which the guard is told to let through."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SKYLABEL_OUTSIDE_ALLOW", "127.0.0.0/8")
    wiring.reset()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    monkeypatch.undo()
    wiring.reset()


def test_files_at_addresses_are_fetched_and_imported_by_name_or_by_type(admin: Person, site: str) -> None:
    project_id = project(admin)

    job = run(admin, project_id, {"urls": [f"{site}/t.csv", f"{site}/table"]})

    assert job["state"] == "completed", job
    assert [task["data"]["text"] for task in tasks(admin, project_id)] == ["from the web", "nameless"]


def test_an_address_that_fails_is_a_problem_that_repeats_nothing(admin: Person, site: str) -> None:
    project_id = project(admin)

    job = run(admin, project_id, {"urls": [f"{site}/gone.csv"]})

    assert job["state"] == "failed"
    assert job["problems"] == [{"place": "gone.csv", "message": "The address answered with status 404."}]


def test_a_form_may_name_an_address_as_the_sdk_does(admin: Person, site: str) -> None:
    project_id = project(admin)

    answer = admin.client.post(f"/api/projects/{project_id}/import", form={"url": f"{site}/t.csv"})

    assert (answer.status, answer.json()["task_count"]) == (201, 1)
    bad = admin.client.post(f"/api/projects/{project_id}/import", form={"url": f"{site}/gone.csv"})
    assert bad.status in (400, 502)
    assert "secret" not in bad.text


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/",
        "http://127.0.0.1:1/a.csv",
        "file:///etc/passwd",
        "http://2130706433/",
    ],
)
def test_addresses_inside_are_refused_at_once(admin: Person, url: str) -> None:
    project_id = project(admin)

    for answer in (
        admin.client.post(f"/api/projects/{project_id}/imports/", {"urls": [url]}),
        admin.client.post(f"/api/projects/{project_id}/import", form={"url": url}),
    ):
        assert answer.status == 400
        assert "url" in answer.text


def test_an_upload_that_broke_off_goes_on_with_the_parts_that_are_missing(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    import requests

    from chalicelib.storage import blobs

    monkeypatch.setattr(blobs, "SINGLE_PUT_LIMIT", 1000)
    monkeypatch.setattr(blobs, "UPLOAD_PART_BYTES", 5 * 1024 * 1024)
    project_id = project(admin)
    line = b'{"text":"' + b"a" * 99_989 + b'"}\n'
    content = line * 110
    path = f"/api/projects/{project_id}/uploads/"
    file = {"name": "t.jsonl", "size": len(content)}
    (begun,) = admin.client.post(path, {"files": [file]}).json()["uploads"]
    assert [part["number"] for part in begun["parts"]] == [1, 2, 3]

    def put(part: dict[str, Any], size: int | None = None) -> str:
        end = part["offset"] + (part["size"] if size is None else size)
        answer = requests.put(part["url"], data=content[part["offset"] : end], timeout=20)
        return str(answer.headers["ETag"])

    put(begun["parts"][0])
    put(begun["parts"][1], size=100)  # broke off, and was stored short
    resumed = admin.client.post(f"{path}{begun['id']}/resume/", {}).json()

    assert [part["number"] for part in resumed["arrived"]] == [1]
    assert [part["number"] for part in resumed["parts"]] == [2, 3]
    parts = [*resumed["arrived"], *({"number": p["number"], "etag": put(p)} for p in resumed["parts"])]
    done = admin.client.post(f"{path}{begun['id']}/complete/", {"parts": parts})
    assert done.json()["size"] == len(content)
    again = admin.client.post(f"{path}{begun['id']}/resume/", {}).json()
    assert (again["is_complete"], again["parts"]) == (True, [])
    job = run(admin, project_id, {"upload_ids": [begun["id"]]})
    assert job["result"]["task_count"] == 110
