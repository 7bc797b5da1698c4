"""`make run`, once everything is installed: starts the local stack, says where it is, keeps it running."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from infrastructure.local import dynoxide
from infrastructure.local.children import Child, Family
from infrastructure.local.environment import (
    BUCKET,
    DataFolder,
    Ports,
    app_variables,
    choose_ports,
    ensure_key,
    process_environment,
    public_url,
    write_environment,
)
from infrastructure.local.files import write_atomically
from infrastructure.local.functions.registry import MODULE, full_name, load_registry
from infrastructure.local.gateway.api import UNAVAILABLE
from infrastructure.local.lock import AlreadyRunningError, FolderLock
from infrastructure.local.parent import tied_command
from infrastructure.local.ports import HOST, is_free, wait_until_listening
from infrastructure.local.preparation import PreparationError, is_prepared, prepare

ROOT = Path(__file__).parents[2]
EXPIRE_DAYS = {"answers/": 1, "jobs/": 14, "columns/": 30}
"""The media bucket's lifecycle rules; they are applied at each start."""
_MIN_FREE_BYTES = 200 * 1024 * 1024
_HEALTHY_S = 60.0
_WATCH_S = 0.25
_PORT_S = 1.5


class CannotRunError(Exception):
    """Why the stack does not start, in one line; `details` are worth showing below it."""

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.details = list(details)


@dataclass(frozen=True, slots=True)
class Options:
    """What to run and where."""

    data_dir: Path
    port: int
    app: str = "app:app"
    registry: str = MODULE
    site: Path = ROOT / "frontend" / "dist"
    bare: bool = False
    """Without migrations and administrator, for tests of the stack itself."""


class Supervisor:
    """One run of the local stack."""

    def __init__(self, options: Options, say: Callable[[str], None]) -> None:
        self._options = options
        self._say = say
        self._folder = DataFolder(options.data_dir)
        self._lock = FolderLock(self._folder.lock_file)
        self._family = Family(say)
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Make `run` end."""
        self._stopped.set()

    def run(self) -> None:
        """Start everything and look after it until `stop`. Raises `CannotRunError`."""
        check_data_dir(self._folder.root)
        try:
            self._lock.take(f"http://{HOST}:{self._options.port}")
        except AlreadyRunningError as error:
            raise CannotRunError(str(error)) from error
        try:
            self._start()
            while not self._stopped.wait(_WATCH_S):
                self._family.watch()
            self._say("Stopping")
        finally:
            self._family.stop()
            self._lock.release()

    def _start(self) -> None:
        if not _becomes_free(self._options.port):
            raise CannotRunError(
                f"Port {self._options.port} is taken by another program. Choose another one: "
                f"make run PORT={self._options.port + 1}"
            )
        folder = self._folder
        ports = choose_ports(folder, self._options.port)
        folder.aws.mkdir(exist_ok=True)
        ensure_key(folder)
        variables = app_variables(folder, ports)
        write_environment(folder, variables)
        environment = process_environment(variables)
        engines = self._start_engines(ports, environment)
        # importing the app is the longest part of a start: beside the engines, where they need no preparation
        gateway = self._start_gateway(ports, environment) if self._is_prepared() else None
        for child, port in engines:
            self._wait_listening(child, port)
        dynoxide.tune(folder.database)
        if gateway is None:
            self._prepare(environment)
            gateway = self._start_gateway(ports, environment)
        self._wait_healthy(gateway, ports.gateway)
        self._start_functions(environment)
        self._announce(public_url(ports))

    def _is_prepared(self) -> bool:
        return self._options.bare or is_prepared(self._folder, ROOT)

    def _prepare(self, environment: dict[str, str]) -> None:
        try:
            prepare(self._folder, environment, root=ROOT, say=self._say)
        except PreparationError as error:
            raise CannotRunError(str(error), error.details) from error

    def _start_engines(self, ports: Ports, environment: dict[str, str]) -> list[tuple[Child, int]]:
        """Start DynamoDB, S3 and SQS; gives which of them will listen where."""
        folder = self._folder
        try:
            database = dynoxide.command(port=ports.dynamodb, database=folder.database)
        except dynoxide.DynoxideMissingError as error:
            raise CannotRunError(str(error)) from error
        resources = folder.root / "resources.json"
        write_atomically(resources, json.dumps(self._resources(ports)).encode())
        aws = _python(
            "aws",
            *("--data-dir", str(folder.aws), "--resources", str(resources)),
            *("--s3-port", str(ports.s3), "--sqs-port", str(ports.sqs)),
        )
        dynamodb = self._family.start(self._child("dynamodb", tied_command(database), environment))
        buckets_and_queues = self._family.start(self._child("aws", aws, environment))
        return [
            (dynamodb, ports.dynamodb),
            (buckets_and_queues, ports.s3),
            (buckets_and_queues, ports.sqs),
        ]

    def _resources(self, ports: Ports) -> dict[str, object]:
        queues = load_registry(self._options.registry).queues
        own = ports.gateway
        return {
            "bucket": BUCKET,
            "origins": [f"http://{HOST}:{own}", f"http://localhost:{own}", "http://localhost:5173"],
            "expire": EXPIRE_DAYS,
            "queues": [
                {"name": full_name(q), "visibility_s": q.visibility_s, "max_receives": q.max_receives}
                for q in queues
            ],
        }

    def _start_gateway(self, ports: Ports, environment: dict[str, str]) -> Child:
        options = ["--port", str(ports.gateway), "--site", str(self._options.site)]
        command = _python("gateway", *options, "--app", self._options.app, "--root", str(ROOT))
        return self._family.start(self._child("gateway", command, environment))

    def _start_functions(self, environment: dict[str, str]) -> None:
        options = ["--registry", self._options.registry, "--app", self._options.app, "--root", str(ROOT)]
        self._family.start(self._child("functions", _python("functions", *options), environment))

    def _child(self, name: str, command: list[str], environment: dict[str, str]) -> Child:
        return Child(name, command, environment, self._folder.logs / f"{name}.log")

    def _wait_listening(self, child: Child, port: int) -> None:
        deadline = time.monotonic() + _HEALTHY_S
        while time.monotonic() < deadline and not self._stopped.is_set():
            if wait_until_listening(port, timeout_s=0.2):
                return
            if not child.is_running:
                break
        if not self._stopped.is_set():
            raise CannotRunError(f"{child.name} did not start. See {child.log}", child.last_lines())

    def _wait_healthy(self, gateway: Child, port: int) -> None:
        self._wait_listening(gateway, port)
        deadline = time.monotonic() + _HEALTHY_S
        while time.monotonic() < deadline and not self._stopped.is_set():
            health = _ask(port, "/health")
            if health and health.status == 200:
                return
            if not gateway.is_running or (health and health.getheader(UNAVAILABLE)):
                break
            self._stopped.wait(0.1)
        if not self._stopped.is_set():
            raise CannotRunError(f"The app does not answer. See {gateway.log}", gateway.last_lines(25))

    def _announce(self, url: str) -> None:
        if self._stopped.is_set():
            return
        access = _update_access(self._folder.access_file, url)
        self._say(f"Skylabel runs at {url}")
        if "email" in access:
            self._say(f"Sign in as {access['email']} with the password {access.get('password', '?')}")
            self._say(f"(also in {self._folder.access_file}, with an API key). Ctrl-C stops it.")
        else:
            self._say("Ctrl-C stops it.")


def check_data_dir(folder: Path) -> None:
    """Make the folder, private to its owner. Raises `CannotRunError` when it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise CannotRunError(f"{folder} cannot be written to ({error.strerror}): set DATA_DIR=") from error
    if free < _MIN_FREE_BYTES:
        raise CannotRunError(
            f"Only {free // 1024**2} MB are free for {folder}; {_MIN_FREE_BYTES // 1024**2} are needed."
        )


def _becomes_free(port: int) -> bool:
    """Whether the port is free, also after a moment: the last run's processes may be about to end."""
    deadline = time.monotonic() + _PORT_S
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"infrastructure.local.{module}", *arguments]


def _ask(port: int, path: str) -> http.client.HTTPResponse | None:
    connection = http.client.HTTPConnection(HOST, port, timeout=_HEALTHY_S)
    try:
        connection.request("GET", path)
        return connection.getresponse()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _update_access(file: Path, url: str) -> dict[str, object]:
    """Put the run's address into the access file; the rest of it is the bootstrap's."""
    try:
        access = dict(json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        access = {}
    if access.get("url") != url:
        access["url"] = url
        write_atomically(file, json.dumps(access, indent=1).encode(), mode=0o600)
    return access


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM; gives the exit status."""
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--app", default="app:app")
    parser.add_argument("--registry", default=MODULE)
    parser.add_argument("--site", type=Path, default=ROOT / "frontend" / "dist")
    parser.add_argument("--bare", action="store_true", help="without migrations and administrator")
    options = parser.parse_args(arguments)
    supervisor = Supervisor(Options(**vars(options)), say=lambda line: print(line, flush=True))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: supervisor.stop())
    try:
        supervisor.run()
    except CannotRunError as error:
        for line in error.details:
            print(f"    {line}", file=sys.stderr)
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
