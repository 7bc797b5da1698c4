"""dynoxide as the local stack uses it: found, durable on a file, gone with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from infrastructure.local import dynoxide
from infrastructure.local.ports import free_port, is_free, wait_until_listening
from tests.dynoxide import dynoxide_endpoint, require_dynoxide

__all__ = ["dynoxide_endpoint"]
pytestmark = pytest.mark.local_stack


def client(endpoint: str) -> Any:
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def make_table(dynamodb: Any, name: str) -> None:
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_a_session_server_keeps_what_it_was_given(dynoxide_endpoint: str) -> None:
    dynamodb = client(dynoxide_endpoint)
    make_table(dynamodb, "local-dynoxide-test")

    dynamodb.put_item(TableName="local-dynoxide-test", Item={"pk": {"S": "a"}})

    assert dynamodb.get_item(TableName="local-dynoxide-test", Key={"pk": {"S": "a"}})["Item"] == {
        "pk": {"S": "a"}
    }


def test_a_database_file_outlives_its_server(tmp_path: Path) -> None:
    require_dynoxide()
    with dynoxide.running(tmp_path / "db.sqlite") as endpoint:
        make_table(client(endpoint), "kept-table")
    with dynoxide.running(tmp_path / "db.sqlite") as endpoint:
        assert client(endpoint).list_tables()["TableNames"] == ["kept-table"]


def test_the_server_ends_when_its_parent_is_killed() -> None:
    require_dynoxide()
    port = free_port()
    script = (
        "import subprocess, sys, time\n"
        "from infrastructure.local import dynoxide, parent\n"
        f"subprocess.Popen(parent.tied_command(dynoxide.command(port={port}, database=None)),"
        " stdin=subprocess.PIPE)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL) as parent:
        assert wait_until_listening(port)
        os.kill(parent.pid, signal.SIGKILL)

    for _ in range(100):
        if is_free(port):
            break
        signal.sigtimedwait([], 0.05)
    assert is_free(port)


def test_a_missing_program_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKYLABEL_DYNOXIDE", raising=False)
    monkeypatch.setattr(dynoxide, "PACKAGES", Path("/nowhere"))

    with pytest.raises(dynoxide.DynoxideMissingError, match="make setup"):
        dynoxide.binary()
