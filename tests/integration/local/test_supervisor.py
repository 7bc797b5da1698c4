"""The supervisor over a stub app in a folder of its own: starts, restarts, ends, and refuses clearly."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from infrastructure.local.ports import free_port, is_free
from infrastructure.local.supervisor import CannotRunError, check_data_dir
from tests.dynoxide import require_dynoxide

pytestmark = pytest.mark.local_stack
ROOT = Path(__file__).parents[3]


class Run:
    """A stack that was started in a folder."""

    def __init__(self, data_dir: Path, port: int, app: str = "tests.integration.local.stub_app:app") -> None:
        self.data_dir = data_dir
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = data_dir.parent / "supervisor.log"
        command = [sys.executable, "-m", "infrastructure.local.supervisor", "--bare"]
        command += ["--data-dir", str(data_dir), "--port", str(port), "--app", app]
        command += ["--registry", "tests.integration.local.stub_registry", "--site", str(data_dir)]
        environment = {**os.environ, "STUB_NOTES": str(data_dir.parent / "notes"), "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
            )

    def said(self) -> str:
        return self.log.read_text()

    def wait_ready(self) -> Run:
        wait_for(lambda: "Skylabel runs at" in self.said() or self.process.poll() is not None, self.said)
        assert "Skylabel runs at" in self.said(), self.said()
        return self

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)

    def children(self) -> dict[str, int]:
        """Process ids by command line, of all that run in this stack's environment."""
        mark = f"SKYLABEL_DATA_DIR={self.data_dir}\0".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes():
                    line = (folder / "cmdline").read_bytes().decode().replace("\0", " ")
                    if line:  # a process that ended and was not yet waited for has none
                        found[line] = int(folder.name)
            except OSError:
                continue
        return found

    def variables(self) -> dict[str, str]:
        return dict(json.loads((self.data_dir / "environment.json").read_text()))

    def client(self, service: str, endpoint: str) -> Any:
        variables = self.variables()
        return boto3.client(
            service,
            endpoint_url=variables[endpoint],
            region_name="us-east-1",
            aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        )


def wait_for(condition: Callable[[], bool], told: Callable[[], object] = lambda: "") -> None:
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(0.05)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    require_dynoxide()
    runs: list[Run] = []

    def begin(**arguments: Any) -> Run:
        arguments.setdefault("port", free_port())
        runs.append(Run(tmp_path / "data", **arguments))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()


def test_a_run_serves_the_app_its_queues_and_schedules_and_ends_clean(start: Callable[..., Run]) -> None:
    run = start().wait_ready()
    variables = run.variables()
    notes = run.data_dir.parent / "notes"

    assert requests.get(f"{run.url}/health", timeout=10).json() == {"status": "UP"}
    sqs = run.client("sqs", "SQS_ENDPOINT")
    url = sqs.get_queue_url(QueueName="skylabel-jobs")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="from outside")
    wait_for(lambda: notes.exists() and "from outside" in notes.read_text() and "tick" in notes.read_text())
    run.client("s3", "S3_ENDPOINT").put_object(Bucket=variables["SKYLABEL_BUCKET"], Key="k", Body=b"x")
    rules = run.client("s3", "S3_ENDPOINT").get_bucket_cors(Bucket=variables["SKYLABEL_BUCKET"])["CORSRules"]

    assert run.url in rules[0]["AllowedOrigins"]
    assert variables["SKYLABEL_PUBLIC_URL"] == run.url
    for name in ("secrets.key", "environment.json", "access.json", "aws/aws-credentials.json"):
        assert stat.S_IMODE((run.data_dir / name).stat().st_mode) == 0o600, name
    assert run.end() == 0
    assert run.children() == {}
    assert "Traceback" not in run.said()


def test_after_kill_9_nothing_is_left_and_the_next_run_has_data_and_ports(start: Callable[..., Run]) -> None:
    run = start().wait_ready()
    before = run.variables()
    run.client("s3", "S3_ENDPOINT").put_object(Bucket=before["SKYLABEL_BUCKET"], Key="k", Body=b"kept")
    key = (run.data_dir / "secrets.key").read_bytes()
    assert len(run.children()) >= 5, run.children()

    run.end(signal.SIGKILL)
    wait_for(lambda: run.children() == {}, run.children)
    again = start(port=run.port).wait_ready()

    assert again.variables() == before
    assert (run.data_dir / "secrets.key").read_bytes() == key
    got = again.client("s3", "S3_ENDPOINT").get_object(Bucket=before["SKYLABEL_BUCKET"], Key="k")
    assert got["Body"].read() == b"kept"
    assert again.end(signal.SIGINT) == 0
    assert again.children() == {}


def test_a_child_that_crashes_is_started_again(start: Callable[..., Run]) -> None:
    run = start().wait_ready()
    [gateway] = [pid for line, pid in run.children().items() if "local.gateway" in line]

    os.kill(gateway, signal.SIGKILL)

    wait_for(lambda: "gateway ended (SIGKILL)" in run.said(), run.said)
    wait_for(lambda: not is_free(run.port))
    assert requests.get(f"{run.url}/health", timeout=20).status_code == 200


def test_a_second_run_on_the_same_folder_says_so_in_one_line(start: Callable[..., Run]) -> None:
    first = start().wait_ready()
    first_log = first.log.read_text()
    first.log.rename(first.log.with_suffix(".first"))

    second = start()

    assert second.process.wait(20) == 1
    assert second.said().splitlines() == [
        f"error: Skylabel runs already on {first.data_dir}: {first.url} (process {first.process.pid})."
    ]
    assert "Skylabel runs at" in first_log
    assert requests.get(f"{first.url}/health", timeout=10).status_code == 200


def test_a_taken_port_is_named_with_the_way_out(start: Callable[..., Run]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = start(port=port)

        assert run.process.wait(20) == 1

    assert run.said().splitlines() == [
        f"error: Port {port} is taken by another program. Choose another one: make run PORT={port + 1}"
    ]


def test_an_app_that_cannot_be_imported_ends_the_start_with_its_reason(start: Callable[..., Run]) -> None:
    run = start(app="no_such_app:app")

    assert run.process.wait(40) == 1
    assert "No module named 'no_such_app'" in run.said()
    assert "error: The app does not answer" in run.said().splitlines()[-1]
    assert run.children() == {}


def test_a_folder_that_is_a_file_is_refused_in_one_line(start: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    run = start()

    assert run.process.wait(20) == 1
    [line] = run.said().splitlines()
    assert line.startswith("error: ")
    assert "DATA_DIR=" in line


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1024})())

    with pytest.raises(CannotRunError, match="MB are free"):
        check_data_dir(tmp_path)


class TestReset:
    def reset(self, folder: Path, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "infrastructure.local.reset", "--data-dir", str(folder), *arguments]
        return subprocess.run(command, cwd=ROOT, input=answer, capture_output=True, text=True, check=False)

    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "aws" / "s3").mkdir(parents=True)
        (tmp_path / "dynamodb.sqlite").write_text("")
        return tmp_path

    @pytest.mark.parametrize(
        ("arguments", "answer", "emptied"),
        [((), "y\n", True), ((), "\n", False), ((), "", False), (("--force",), "", True)],
        ids=["yes", "enter", "no input", "force"],
    )
    def test_it_asks_unless_forced(
        self, tmp_path: Path, arguments: tuple[str, ...], answer: str, emptied: bool
    ) -> None:
        folder = self.folder(tmp_path)

        self.reset(folder, *arguments, answer=answer)

        assert (not (folder / "aws").exists()) is emptied

    def test_it_leaves_a_foreign_folder_alone(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("years of work")

        done = self.reset(tmp_path, "--force")

        assert done.returncode == 1
        assert (tmp_path / "thesis.txt").exists()

    def test_it_refuses_under_a_running_stack(self, start: Callable[..., Run]) -> None:
        run = start().wait_ready()

        done = self.reset(run.data_dir, "--force")

        assert done.returncode == 1
        assert "runs already" in done.stderr
        assert (run.data_dir / "dynamodb.sqlite").exists()


def test_a_command_runs_in_the_environment_of_the_stack(start: Callable[..., Run]) -> None:
    run = start().wait_ready()
    show = [sys.executable, "-c", "import os; print(os.environ['SKYLABEL_PUBLIC_URL'])"]
    command = [sys.executable, "-m", "infrastructure.local.run_in", str(run.data_dir), *show]

    inside = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    run.end()
    after = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert inside.stdout.strip() == run.url
    assert (after.returncode, "make run" in after.stderr) == (1, True)
