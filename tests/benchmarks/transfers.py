"""A large import and large exports over the local engines: throughput and memory of the workers.

    python -m tests.benchmarks.transfers [--tasks 100000] [--results 5] [--formats JSON,CSV,COCO]

The database is dynoxide, the store and the queues are the local stack's own, each outside the worker's
process; every job is worked off by one fresh process, whose peak memory is shown. Times are wall clock.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.engines import engines
from tests.benchmarks.formats import brush_tasks, image_tasks, text_tasks
from tests.unit.domain.formats.builders import BRUSHES, IMAGES, TEXTS

TAKES_MINUTES = True
KINDS = {"texts": (TEXTS, text_tasks), "images": (IMAGES, image_tasks), "brushes": (BRUSHES, brush_tasks)}
FORMATS = {
    "texts": ("JSON", "JSON_MIN", "CSV", "TSV", "XML", "CONLL2003", "SPACY", "HF_DATASET", "SNAPSHOT"),
    "images": ("COCO", "YOLO", "YOLO_OBB", "VOC"),
    "brushes": ("BRUSH_TO_PNG", "BRUSH_TO_NUMPY", "BRUSH_TO_COCO"),
}
LIMIT_MB = 512


def worker(step: str, *arguments: str) -> dict[str, Any]:
    """Do one step in a fresh process; gives what it says, with its peak memory and seconds."""
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.transfers", "--step", step, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said | {"seconds": said.get("seconds", time.monotonic() - begin)}


def write_file(path: Path, kind: str, count: int, results: int) -> None:
    """The tasks as JSON lines, a block at a time, so that this process stays small."""
    _, make = KINDS[kind]
    rng = random.Random(11)
    with path.open("w") as lines:
        for begin in range(0, count, 1000):
            for task in make(min(1000, count - begin), results, rng):
                kept = [{"result": a["result"]} for a in task["annotations"]]
                lines.write(json.dumps({"data": task["data"], "annotations": kept}) + "\n")


def step_prepare(kind: str) -> dict[str, Any]:
    """An organization with an administrator and a project."""
    from chalicelib import wiring
    from chalicelib.auth.principals import Role
    from chalicelib.ids import UserId
    from chalicelib.services.people import Profile
    from chalicelib.services.tokens import legacy_token

    service = wiring.organizations()
    organization = service.found("Bench", created_by=UserId(1))
    user = wiring.people().join(organization, Profile(f"{kind}@bench.test"), role=Role.ADMINISTRATOR)
    token = legacy_token(wiring.keys(), user)
    principal = wiring.credentials().by_legacy_token(token)
    settings = {"title": f"bench {kind}", "label_config": KINDS[kind][0]}
    project = wiring.projects().create(principal, settings)
    return {"token": token, "project": project.id, "organization": principal.organization_id}


def step_import(token: str, project: str, path: str) -> dict[str, Any]:
    """Upload the file, import it."""
    from chalicelib import wiring
    from chalicelib.ids import ProjectId
    from chalicelib.services.imports import ImportRequest
    from chalicelib.services.uploads import NewFile

    principal, number = wiring.credentials().by_legacy_token(token), ProjectId(int(project))
    size = Path(path).stat().st_size
    (begun,) = wiring.uploads().begin(principal, number, [NewFile("tasks.jsonl", size)])
    writer = wiring.blobs().writer(begun.upload.key)
    with open(path, "rb") as stream:
        while chunk := stream.read(1 << 20):
            writer.write(chunk)
    writer.close()
    from dataclasses import replace

    done = replace(begun.upload, is_complete=True, version=begun.upload.version + 1)
    wiring.uploads().uploads.save(done)
    job = wiring.imports().start(principal, number, [done.id], ImportRequest())
    return finished(job.id)


def step_export(token: str, project: str, format_id: str) -> dict[str, Any]:
    """Export the project in one format."""
    from chalicelib import wiring
    from chalicelib.ids import ProjectId
    from chalicelib.services.exports import ExportRequest

    principal, number = wiring.credentials().by_legacy_token(token), ProjectId(int(project))
    export = wiring.exports().create(principal, number, ExportRequest(format_id=format_id))
    assert export.job is not None
    said = finished(export.job)
    made = wiring.exports().get(principal, number, export.id).conversions[0]
    return said | {"megabytes": made.size / 1e6}


def finished(job_id: Any) -> dict[str, Any]:
    """Work the job off here."""
    from chalicelib import wiring

    begin = time.monotonic()
    job = wiring.jobs().run_here(job_id, until_s=3600)
    assert job is not None
    assert job.state == "completed", job
    return {
        "tasks": job.total,
        "seconds": time.monotonic() - begin,
        "read_units": job.spent.read_units,
        "write_units": job.spent.write_units,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": step_prepare,
    "import": step_import,
    "export": step_export,
}


def show(name: str, said: dict[str, Any]) -> bool:
    """A row of the table; whether the worker stayed within its memory."""
    tasks, seconds = said["tasks"], said["seconds"]
    units = f"{said['read_units'] / tasks:8.2f} {said['write_units'] / tasks:8.2f}"
    row = f"{name:24} {tasks:8} {seconds:8.1f} {tasks / seconds:9.0f} {units}"
    print(f"{row} {said['peak_mb']:8.0f} {said.get('megabytes', 0):8.1f}", flush=True)
    return bool(said["peak_mb"] < LIMIT_MB)


def main() -> int:
    """Measure what is asked for; gives 1 when a worker took more memory than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--results", type=int, default=5)
    parser.add_argument("--formats", default="")
    parser.add_argument("--kinds", default="texts,images")
    parser.add_argument("--step", nargs="+")
    given = parser.parse_args()
    if given.step:
        name, *arguments = given.step
        print(json.dumps(STEPS[name](*arguments)))
        return 0
    wanted = {name for name in given.formats.split(",") if name}
    heads = f"{'r/task':>8} {'w/task':>8} {'peak MB':>8} {'file MB':>8}"
    print(f"{'job':24} {'tasks':>8} {'seconds':>8} {'tasks/s':>9} {heads}", flush=True)
    within = True
    with tempfile.TemporaryDirectory() as name, engines(Path(name)) as environment:
        os.environ.update(environment)
        for kind in given.kinds.split(","):
            made = worker("prepare", kind)
            path = Path(name, f"{kind}.jsonl")
            write_file(path, kind, given.tasks, given.results)
            place = (made["token"], str(made["project"]))
            within &= show(f"{kind} import", worker("import", *place, str(path)))
            for format_id in FORMATS[kind]:
                if not wanted or format_id in wanted:
                    within &= show(f"{kind} {format_id}", worker("export", *place, format_id))
    print(f"every worker below {LIMIT_MB} MB: {'yes' if within else 'NO'}")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
