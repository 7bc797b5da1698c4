"""What any installation must do for a client that knows nothing but its address and an API key.

Used against the local stack and against the package in the emulator alike; `python -m tests.smoke URL KEY`
tries a deployed one. It makes a project and deletes it. AssertionError tells the first thing that is wrong.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from label_studio_sdk import LabelStudio

CONFIG = (
    '<View><Text name="text" value="$text"/>'
    '<Choices name="mood" toName="text"><Choice value="Glad"/><Choice value="Sad"/></Choices></View>'
)
GLAD = [{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Glad"]}}]
SENTENCES = ["Ada met Charles", "It rains in Bern 🌧", "Émile went home"]
UPLOADED = 250
JOB_S = 90.0


@dataclass(frozen=True, slots=True)
class Installation:
    """A way in: the official client, and plain HTTP for what the official client has no method for."""

    sdk: LabelStudio
    http: httpx.Client

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """The JSON that a request is answered with; the status must be as expected."""
        answer = self.http.request(method, path.lstrip("/"), json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()


@contextmanager
def installation(base_url: str, api_key: str) -> Iterator[Installation]:
    """Connections to an installation while the block runs."""
    headers = {"Authorization": f"Token {api_key}"}
    with (
        httpx.Client(timeout=60, follow_redirects=True) as connection,
        httpx.Client(base_url=base_url + "/", headers=headers, timeout=60, follow_redirects=True) as plain,
    ):
        yield Installation(LabelStudio(base_url=base_url, api_key=api_key, httpx_client=connection), plain)


def smoke(base_url: str, api_key: str) -> None:
    """The loop through every layer."""
    with installation(base_url, api_key) as target:
        assert target.call("GET", "/health") == {"status": "UP"}
        assert "@" in str(target.sdk.users.whoami().email)
        made = target.sdk.projects.create(title="Smoke", label_config=CONFIG)
        assert made.id is not None
        try:
            label(target, made.id)
            upload_and_import(target, made.id)
            export_as_job(target, made.id)
            refuse(target, made.id)
        finally:
            target.sdk.projects.delete(id=made.id)


def label(target: Installation, project: int) -> None:
    """Import, get the next task, submit, count, export."""
    sdk: Any = target.sdk  # its types deny what its calls take and give
    done = sdk.projects.import_tasks(
        id=project, request=[{"text": text} for text in SENTENCES], return_task_ids=True
    )
    assert done.task_ids is not None
    assert len(done.task_ids) == len(SENTENCES)

    given = target.call("GET", f"/api/projects/{project}/next")
    assert given["data"]["text"] in SENTENCES
    sdk.annotations.create(id=given["id"], result=GLAD, lead_time=1.5)
    following = target.call("GET", f"/api/projects/{project}/next")
    assert following["id"] != given["id"]

    seen = sdk.projects.get(id=project)
    assert (seen.task_number, seen.total_annotations_number) == (len(SENTENCES), 1)
    assert seen.num_tasks_with_annotations == 1

    exported = sdk.projects.exports.as_json(project)
    answers = {task["data"]["text"]: task["annotations"] for task in exported}
    assert set(answers) <= set(SENTENCES)
    assert answers[given["data"]["text"]][0]["result"][0]["value"] == {"choices": ["Glad"]}


def upload_and_import(target: Installation, project: int) -> None:
    """A file straight to the store by signed address, then a job that imports it through the queue."""
    content = json.dumps([{"text": f"line {n} 🙂"} for n in range(UPLOADED)]).encode()
    wanted = {"files": [{"name": "more tasks.json", "size": len(content)}]}
    (begun,) = target.call("POST", f"/api/projects/{project}/uploads/", wanted, status=201)["uploads"]
    place = begun["parts"][0]
    put = httpx.put(place["url"], content=content, headers=begun["headers"], timeout=60)
    assert put.status_code == 200, f"upload: {put.status_code} {put.text[:300]}"
    parts = {"parts": [{"number": place["number"], "etag": put.headers["ETag"]}]}
    target.call("POST", f"/api/projects/{project}/uploads/{begun['id']}/complete/", parts)

    job = target.call("POST", f"/api/projects/{project}/imports/", {"upload_ids": [begun["id"]]}, status=202)
    ended = finished(target, job["id"])
    assert ended["state"] == "completed", ended
    assert target.sdk.projects.get(id=project).task_number == len(SENTENCES) + UPLOADED


def export_as_job(target: Installation, project: int) -> None:
    """A snapshot in two formats, one text and one bytes, downloaded from the store."""
    snapshot = target.call("POST", f"/api/projects/{project}/exports/", {"title": "all"}, status=201)
    path = f"/api/projects/{project}/exports/{snapshot['id']}"
    deadline = time.monotonic() + JOB_S
    while (state := target.call("GET", f"{path}/"))["status"] != "completed":
        assert time.monotonic() < deadline, state
        assert state["status"] != "failed", state
        time.sleep(0.3)
    tasks = target.http.get(f"{path}/download/".lstrip("/"), params={"exportType": "JSON"})
    assert tasks.status_code == 200, tasks.text[:300]
    assert len(tasks.json()) == len(SENTENCES) + UPLOADED


def refuse(target: Installation, project: int) -> None:
    """Bad input is refused in the clients' error shape, and nobody gets in without a key."""
    fault = target.call("PATCH", f"/api/projects/{project}/", {"label_config": "<View><Te"}, status=400)
    assert fault["status_code"] == 400
    assert fault["validation_errors"]["label_config"]
    target.call("GET", "/api/tasks/999999999/", status=404)
    assert httpx.get(f"{target.http.base_url}api/projects/", timeout=60).status_code == 401


def finished(target: Installation, job_id: int | str) -> dict[str, Any]:
    """The job when it has ended."""
    deadline = time.monotonic() + JOB_S
    while True:
        job: dict[str, Any] = target.call("GET", f"/api/jobs/{job_id}/")
        if job["finished_at"]:
            return job
        assert time.monotonic() < deadline, f"the job does not end: {job}"
        time.sleep(0.3)


if __name__ == "__main__":
    smoke(sys.argv[1].rstrip("/"), sys.argv[2])
    print("fine")
