"""Workers killed at random moments of imports and exports: what comes out, beside an undisturbed run.

    python -m tests.benchmarks.kills [--kills 200] [--tasks 600]

Each round starts a job, lets a process work on it, kills that process (SIGKILL) at a random moment of the
time that the work takes, and lets a second process end it as the watchdog would. Exports must be equal byte
for byte; imports must give the same tasks in the same order with the same annotations, and right counts.
Parts are made small, so that a kill meets every step. Gives 1 when a round differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.transfers import step_prepare, write_file

TAKES_MINUTES = True
EXPORTED = ("JSON", "CSV", "SNAPSHOT", "XML", "YOLO")
KINDS = {"JSON": "texts", "CSV": "texts", "SNAPSHOT": "texts", "XML": "texts", "YOLO": "images"}


def serve(folder: str) -> None:
    """Be the engines, until the input ends."""
    from tests.benchmarks.engines import engines

    with engines(Path(folder)) as environment:
        print(json.dumps(environment), flush=True)
        sys.stdin.read()


def forked(work: Callable[[], Any], *, kill_after_s: float | None = None) -> Any:
    """Do the work in a process of its own, killed after so long; what it gives, or None if it was killed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        status = 1
        try:
            with os.fdopen(writing, "w") as out:
                out.write(json.dumps(work()))
            status = 0
        except BaseException:  # noqa: BLE001  a child must not come back into its parent's code
            traceback.print_exc()
        os._exit(status)
    os.close(writing)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading) as given:
        text = given.read()
    _, status = os.waitpid(pid, 0)
    if kill_after_s is not None and os.WIFSIGNALED(status):
        return None
    if status:
        raise RuntimeError("a worker failed by itself")
    return json.loads(text)


def warm_up() -> None:
    """Load and build here what every forked worker would have to, as long as it opens no connection."""
    from chalicelib import wiring
    from chalicelib.services import export_jobs, import_jobs  # noqa: F401  loaded, not used
    from chalicelib.wiring import transfers

    for build in (wiring.jobs, wiring.imports, wiring.exports, wiring.organizations, wiring.credentials):
        build()
    transfers.import_kind()
    transfers.export_kind()


def small_parts() -> None:
    """Many small steps instead of few large ones."""
    from chalicelib.services import export_jobs, import_jobs

    import_jobs.TASKS_PER_CHUNK = 97
    import_jobs.BEAT_EVERY_ITEMS = 50
    export_jobs.TASKS_PER_PART = 1


def begin_import(token: str, project: int, path: str) -> int:
    """A job that imports the file."""
    from chalicelib import wiring
    from chalicelib.ids import ProjectId
    from chalicelib.services.imports import ImportRequest

    principal = wiring.credentials().by_legacy_token(token)
    upload = wiring.uploads().keep(principal, ProjectId(project), "t.jsonl", Path(path).read_bytes())
    return int(wiring.imports().start(principal, ProjectId(project), [upload.id], ImportRequest()).id)


def begin_export(token: str, project: int, format_id: str) -> int:
    """A job that exports the project."""
    from chalicelib import wiring
    from chalicelib.ids import ProjectId
    from chalicelib.services.exports import ExportRequest

    principal = wiring.credentials().by_legacy_token(token)
    export = wiring.exports().create(principal, ProjectId(project), ExportRequest(format_id=format_id))
    assert export.job is not None
    return int(export.job)


def work_on(job_id: int) -> str:
    """Work the job off; its state."""
    from chalicelib import wiring
    from chalicelib.ids import JobId

    small_parts()
    job = wiring.jobs().run_here(JobId(job_id), until_s=600)
    assert job is not None
    return job.state.value


def tasks_digest(token: str, project: int) -> str:
    """What the project holds, without ids and moments; wrong counts raise."""
    from chalicelib import wiring
    from chalicelib.ids import ProjectId

    principal = wiring.credentials().by_legacy_token(token)
    digest, seen, annotations = hashlib.sha256(), 0, 0
    summaries = wiring.tasks().blocks(principal, ProjectId(project))
    for summary in summaries:
        tasks = wiring.tasks().of_block(principal, ProjectId(project), summary.block)
        for whole, family in wiring.tasks().with_families(tasks):
            seen += 1
            annotations += len(family.annotations)
            said = [whole.body.data, [list(a.result) for a in family.annotations]]
            digest.update(json.dumps(said, sort_keys=True).encode())
    counted = sum(summary.counts.tasks for summary in summaries)
    if counted != seen or sum(summary.counts.annotations for summary in summaries) != annotations:
        raise RuntimeError(f"{counted} tasks are counted, {seen} are there")
    return f"{seen} {annotations} {digest.hexdigest()}"


def file_digest(job_id: int, organization: int) -> str:
    """The bytes that an export has made."""
    from chalicelib import wiring
    from chalicelib.ids import JobId, OrganizationId

    job = wiring.jobs().get(OrganizationId(organization), JobId(job_id))
    prefix = f"exports/{job.project}/{job.result['export']}/"
    files = [info.key for info in wiring.blobs().keys(prefix) if "/records/" not in info.key]
    kept = [key for key in files if not key.endswith("manifest.json")]
    if len(kept) != 1:
        raise RuntimeError(f"an export left {kept}")
    return hashlib.sha256(wiring.blobs().get(kept[0])).hexdigest()


class Round:
    """One kind of job: how to begin it, and what it gives."""

    def __init__(self, name: str, begin: Callable[[], Any], digest: Callable[[Any], str]) -> None:
        self.name = name
        self._begin = begin
        self._digest = digest
        begun = forked(begin)
        start = time.monotonic()
        assert forked(lambda: work_on(begun["job"])) == "completed"
        self.seconds = time.monotonic() - start
        self.expected = forked(lambda: digest(begun))
        self.killed = self.wrong = 0

    def _ended(self, begun: Any) -> str:
        state = work_on(begun["job"])
        return self._digest(begun) if state == "completed" else state

    def run(self, rng: random.Random) -> None:
        """Begin, kill, end, compare."""
        begun = forked(self._begin)
        moment = rng.uniform(0, self.seconds)
        self.killed += forked(lambda: work_on(begun["job"]), kill_after_s=moment) is None
        found = forked(lambda: self._ended(begun))
        if found != self.expected:
            self.wrong += 1
            print(f"{self.name}, killed after {moment:.3f} s: {found} instead of {self.expected}", flush=True)


def rounds(folder: Path, count: int) -> list[Round]:
    """Imports into fresh projects, and exports of one that stays."""
    made: list[Round] = []
    homes: dict[str, Any] = {}
    for kind in ("texts", "images"):
        path = folder / f"{kind}.jsonl"
        write_file(path, kind, count, 3)
        homes[kind] = forked(lambda kind=kind: step_prepare(kind))  # type: ignore[misc]
        home = homes[kind]
        job = forked(lambda home=home, path=path: begin_import(home["token"], home["project"], str(path)))  # type: ignore[misc]
        assert forked(lambda job=job: work_on(job)) == "completed"  # type: ignore[misc]
    path, home = folder / "texts.jsonl", homes["texts"]

    def fresh() -> dict[str, Any]:
        project = another_project(home["token"])
        return {"project": project, "job": begin_import(home["token"], project, str(path))}

    made.append(Round("import", fresh, lambda begun: tasks_digest(home["token"], begun["project"])))
    for format_id in EXPORTED:
        own = homes[KINDS[format_id]]

        def begin(own: Any = own, format_id: str = format_id) -> dict[str, Any]:
            return {"job": begin_export(own["token"], own["project"], format_id)}

        def digest(begun: Any, own: Any = own) -> str:
            return file_digest(begun["job"], own["organization"])

        made.append(Round(f"export {format_id}", begin, digest))
    return made


def another_project(token: str) -> int:
    """One more project of texts."""
    from chalicelib import wiring
    from tests.unit.domain.formats.builders import TEXTS

    principal = wiring.credentials().by_legacy_token(token)
    return int(wiring.projects().create(principal, {"title": "killed", "label_config": TEXTS}).id)


def main() -> int:
    """Kill as often as asked for, half of it in imports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--tasks", type=int, default=600)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--serve", default="")
    given = parser.parse_args()
    if given.serve:
        serve(given.serve)
        return 0
    rng = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tests.benchmarks.kills", "--serve", name]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as engine:
            assert engine.stdout is not None
            os.environ.update(json.loads(engine.stdout.readline()))
            warm_up()
            listed = rounds(Path(name), given.tasks)
            imports, exports = listed[0], listed[1:]
            while sum(one.killed for one in listed) < given.kills:
                half = imports.killed < given.kills // 2
                (imports if half else rng.choice(exports)).run(rng)
            assert engine.stdin is not None
            engine.stdin.close()
    print(f"{'job':20} {'killed':>7} {'differ':>7} {'seconds undisturbed':>20}")
    for one in listed:
        print(f"{one.name:20} {one.killed:7} {one.wrong:7} {one.seconds:20.2f}")
    return int(any(one.wrong for one in listed))


if __name__ == "__main__":
    sys.exit(main())
