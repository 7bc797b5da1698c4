"""The data folder of a local run and the environment of everything that runs on it, in one place."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infrastructure.local.aws.credentials import REGION, Credentials, load_or_create
from infrastructure.local.files import write_atomically
from infrastructure.local.ports import HOST, remembered_ports

BUCKET = "skylabel-local-media"
TABLE_PREFIX = "skylabel-"
QUEUE_PREFIX = "skylabel-"
# what a developer may have set for the real AWS must not leak into a local run
_FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ENDPOINT_URL", "AWS_ROLE_ARN")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where a local run keeps what."""

    root: Path

    @property
    def database(self) -> Path:
        """DynamoDB's tables."""
        return self.root / "dynamodb.sqlite"

    @property
    def aws(self) -> Path:
        """S3's objects, SQS's messages and their access key."""
        return self.root / "aws"

    @property
    def logs(self) -> Path:
        """What the processes print."""
        return self.root / "logs"

    @property
    def key_file(self) -> Path:
        """The key that stands in for KMS."""
        return self.root / "secrets.key"

    @property
    def access_file(self) -> Path:
        """How to sign in."""
        return self.root / "access.json"

    @property
    def environment_file(self) -> Path:
        """The environment of the run, for commands beside it."""
        return self.root / "environment.json"

    @property
    def lock_file(self) -> Path:
        """Held while the stack runs."""
        return self.root / "run.lock"

    @property
    def prepared_file(self) -> Path:
        """Which migrations the last start found applied."""
        return self.root / "prepared.json"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the processes listen."""

    gateway: int
    dynamodb: int
    s3: int
    sqs: int


def choose_ports(folder: DataFolder, gateway: int) -> Ports:
    """The ports of the last run where they are free."""
    ports = remembered_ports(folder.root / "ports.json", ("dynamodb", "s3", "sqs"))
    return Ports(gateway=gateway, **ports)


def ensure_key(folder: DataFolder) -> None:
    """Make the key for secrets once; losing it loses every stored credential."""
    if not folder.key_file.exists():
        key = base64.urlsafe_b64encode(secrets.token_bytes(32))
        write_atomically(folder.key_file, key + b"\n", mode=0o600)


def public_url(ports: Ports) -> str:
    """Where people find Skylabel."""
    return f"http://{HOST}:{ports.gateway}"


def app_variables(folder: DataFolder, ports: Ports) -> dict[str, str]:
    """What the app is told by its environment."""
    credentials: Credentials = load_or_create(folder.aws / "aws-credentials.json")
    return {
        "SKYLABEL_STAGE": "local",
        "SKYLABEL_TABLE_PREFIX": TABLE_PREFIX,
        "SKYLABEL_QUEUE_PREFIX": QUEUE_PREFIX,
        "SKYLABEL_BUCKET": BUCKET,
        "SKYLABEL_PUBLIC_URL": public_url(ports),
        "SKYLABEL_KEY_FILE": str(folder.key_file.resolve()),
        "SKYLABEL_DATA_DIR": str(folder.root.resolve()),
        "SKYLABEL_MAIL_FOLDER": str((folder.root / "mail").resolve()),
        "DYNAMODB_ENDPOINT": f"http://{HOST}:{ports.dynamodb}",
        "S3_ENDPOINT": f"http://{HOST}:{ports.s3}",
        "SQS_ENDPOINT": f"http://{HOST}:{ports.sqs}",
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def process_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with the app's variables, without what belongs to the real AWS."""
    own = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return {**own, "PYTHONUNBUFFERED": "1", **variables}


def write_environment(folder: DataFolder, variables: Mapping[str, str]) -> None:
    """Note the run's environment for `python -m infrastructure.local.run_in`."""
    write_atomically(folder.environment_file, json.dumps(dict(variables), indent=1).encode(), mode=0o600)
