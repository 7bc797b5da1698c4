"""Runs the emulator on a free port of this machine, on an empty folder, for as long as a block lasts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infrastructure.emulator.install import ROOT
from infrastructure.local.parent import tied_command
from infrastructure.local.ports import HOST, free_port, wait_until_listening

REGION = "us-east-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "000000000000",
    "AWS_SECRET_ACCESS_KEY": "emulated",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
START_S = 60


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator: its one address for all services, and what it and the functions log."""

    endpoint: str
    log: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which AWS's tools reach it instead of AWS."""
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.endpoint}

    def api_url(self, api_id: str, stage: str = "api") -> str:
        """Where a REST API of the emulated account answers."""
        return f"{self.endpoint}/restapis/{api_id}/{stage}/_user_request_"


@contextmanager
def running(python: Path, folder: Path, *, checks_access: bool) -> Iterator[Emulator]:
    """Run it. `checks_access`: refuse what the caller's roles and policies do not allow, as AWS does.

    Its environment is made anew, because the emulated functions inherit it.
    """
    port = free_port()
    log = folder / "emulator.log"
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        **CREDENTIALS,
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": HOST,
        # it leaves the unpacked code of every function behind
        "TMPDIR": str(scratch),
        "STATE_DIR": str(folder / "state"),
        "S3_DATA_DIR": str(folder / "s3"),
        "LAMBDA_EXECUTOR": "local",
        "DOCKER_HOST": "unix:///nowhere",
        "AUTH": "true" if checks_access else "false",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            tied_command([str(python), "-m", "ministack"]),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
        )
    try:
        if not wait_until_listening(port, timeout_s=START_S):
            raise RuntimeError(f"the emulator did not answer:\n{log.read_text(errors='replace')[-2000:]}")
        yield Emulator(f"http://{HOST}:{port}", log)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
