"""Fills a running installation with two projects of real input: photographs to draw on, and prose to mark.

It talks to the installation as any client does, over HTTP with an API key: uploads go to the store by signed
address, a job imports them.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.errors import NotFoundError, UpstreamError

PHOTOS = (
    *("sklearn/datasets/images/china.jpg", "sklearn/datasets/images/flower.jpg"),
    *(f"skimage/data/{name}" for name in ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")),
    *(
        f"skimage/data/{name}"
        for name in ("motorcycle_left.png", "coins.png", "ihc.png", "hubble_deep_field.jpg")
    ),
)
TEXTS = "sklearn/datasets/descr"
PHOTO_CONFIG = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image">
    <Label value="Person" background="#e4572e"/>
    <Label value="Animal" background="#f3a712"/>
    <Label value="Plant" background="#4c9f38"/>
    <Label value="Building" background="#4472ca"/>
    <Label value="Object" background="#8e5ea2"/>
  </RectangleLabels>
  <PolygonLabels name="outline" toName="image">
    <Label value="Outline" background="#00897b"/>
  </PolygonLabels>
  <KeyPointLabels name="point" toName="image">
    <Label value="Landmark" background="#d81b60"/>
  </KeyPointLabels>
</View>"""
TEXT_CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Labels name="span" toName="text">
    <Label value="Person" background="#e4572e"/>
    <Label value="Organization" background="#4472ca"/>
    <Label value="Year" background="#f3a712"/>
    <Label value="Quantity" background="#4c9f38"/>
  </Labels>
  <Choices name="topic" toName="text" choice="single" showInline="true">
    <Choice value="Medicine"/>
    <Choice value="Biology"/>
    <Choice value="Chemistry"/>
    <Choice value="Society"/>
    <Choice value="Images"/>
    <Choice value="Other"/>
  </Choices>
</View>"""
MIN_WORDS = 12
MARKUP = re.compile(r"===|sklearn|fetch_|\w\(|:func:")
WAIT_S = 120.0


@dataclass(frozen=True, slots=True)
class DemoProject:
    """A project to be made, with its files by name."""

    title: str
    description: str
    config: str
    files: Sequence[tuple[str, bytes]]


def declare(command: argparse.ArgumentParser) -> None:
    """Where the installation is described, and where the sample files lie."""
    command.add_argument("--access-file", type=Path, required=True, help="has url and api_key")
    command.add_argument("--samples", type=Path, required=True, help="a folder with the packages' files")


def run(options: argparse.Namespace) -> None:
    """Make the projects that are not there yet."""
    client = Client.of(options.access_file)
    known = {project["title"]: project["id"] for project in client.projects()}
    for project in (photographs(options.samples), stories(options.samples)):
        project_id = known.get(project.title) or fill(client, project)
        print(f"{project.title}: {client.url}/projects/{project_id}/data")


def photographs(samples: Path) -> DemoProject:
    """Photographs that scikit-learn and scikit-image ship."""
    files = [(Path(name).name, _read(samples / name)) for name in PHOTOS]
    return DemoProject(
        "Photographs", "Photographs from scikit-learn and scikit-image: draw boxes, outlines, points.",
        PHOTO_CONFIG, files,
    )  # fmt: skip


def stories(samples: Path) -> DemoProject:
    """The prose of scikit-learn's dataset descriptions, a paragraph a row."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["text", "source"])
    for path in sorted((samples / TEXTS).glob("*.rst")):
        for paragraph in paragraphs(_read(path).decode()):
            writer.writerow([paragraph, path.stem])
    return DemoProject(
        "Stories of datasets", "Where well-known datasets come from: mark spans, choose a topic.",
        TEXT_CONFIG, [("stories.csv", table.getvalue().encode())],
    )  # fmt: skip


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of running text: no headings, tables, lists of fields or code."""
    for block in re.split(r"\n\s*\n", text):
        joined = " ".join(block.split())
        if (
            len(joined.split()) < MIN_WORDS
            or re.match(r"[:=.>*|+-]|\w+\s*=", joined)
            or MARKUP.search(joined)
        ):
            continue
        yield re.sub(r"`([^`<]+?)\s*(<[^>]*>)?`_{0,2}", r"\1", joined).replace("::", ":")


def fill(client: Client, project: DemoProject) -> int:
    """Make the project and import its files; gives its id."""
    made = client.call(
        "POST",
        "/api/projects/",
        {"title": project.title, "description": project.description, "label_config": project.config},
    )
    project_id = int(made["id"])
    uploads = [client.upload(project_id, name, content) for name, content in project.files]
    job = client.call("POST", f"/api/projects/{project_id}/imports/", {"upload_ids": uploads})
    done = client.finished(job)
    print(f"{project.title}: {done['result']['task_count']} tasks")
    return project_id


class Client:
    """The few calls that this command needs."""

    def __init__(self, url: str, api_key: str) -> None:
        self.url = url
        self._key = api_key

    @classmethod
    def of(cls, access_file: Path) -> Client:
        """A client for the installation that an access file describes."""
        if not access_file.is_file():
            raise NotFoundError(f"{access_file} is not there; start Skylabel with `make run` first.")
        access = json.loads(access_file.read_text())
        return cls(access["url"], access["api_key"])

    def projects(self) -> list[dict[str, Any]]:
        """The first hundred projects."""
        return list(self.call("GET", "/api/projects/?page_size=100")["results"])

    def upload(self, project_id: int, name: str, content: bytes) -> int:
        """Put a file in the store; gives the upload's id."""
        body = {"files": [{"name": name, "size": len(content)}]}
        begun = self.call("POST", f"/api/projects/{project_id}/uploads/", body)["uploads"][0]
        etags = []
        for part in begun["parts"]:
            share = content[part["offset"] : part["offset"] + part["size"]]
            etag = _send("PUT", part["url"], share, begun["headers"]).headers["ETag"]
            etags.append({"number": part["number"], "etag": etag})
        address = f"/api/projects/{project_id}/uploads/{begun['id']}/complete/"
        self.call("POST", address, {"parts": etags})
        return int(begun["id"])

    def finished(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job once it has ended. `UpstreamError` when it fails or takes too long."""
        deadline = time.monotonic() + WAIT_S
        while job["state"] not in {"completed", "failed", "cancelled"}:
            if time.monotonic() > deadline:
                raise UpstreamError(f"Job {job['id']} takes too long; see {self.url}.")
            time.sleep(0.3)
            job = self.call("GET", f"/api/jobs/{job['id']}/")
        if job["state"] != "completed":
            raise UpstreamError(f"Job {job['id']} {job['state']}: {job['problems'][:3]}")
        return job

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the API; gives the answer's data."""
        headers = {"Authorization": f"Token {self._key}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        return json.loads(_send(method, f"{self.url}{path}", content, headers).read())


def _send(method: str, url: str, content: bytes | None, headers: dict[str, str]) -> Any:
    request = urllib.request.Request(url, data=content, method=method, headers=headers)  # noqa: S310  ours
    try:
        return urllib.request.urlopen(request, timeout=60)  # noqa: S310  # nosec B310  the installation's own
    except OSError as error:
        detail = error.read()[:500].decode() if isinstance(error, urllib.error.HTTPError) else ""
        raise UpstreamError(f"{method} {url.split('?')[0]}: {error} {detail}") from error


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise NotFoundError(f"{path} is not there; `make demo` installs the sample files.")
    return path.read_bytes()
