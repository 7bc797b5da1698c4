"""dynoxide as the local stack uses it: found, durable on a file, gone with its parent."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
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


STREAM = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}


def make_table(dynamodb: Any, name: str, **more: Any) -> None:
    dynamodb.create_table(
        **more,
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


def put_all(dynamodb: Any, table: str, count: int) -> None:
    for number in range(count):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": str(number)}})


def test_writing_with_a_stream_searches_an_index_and_not_the_stream(tmp_path: Path) -> None:
    require_dynoxide()
    file = tmp_path / "db.sqlite"
    with dynoxide.running(file), closing(sqlite3.connect(file)) as database:
        # the statement that dynoxide 1.2.1 runs for each item it writes
        plan = database.execute(
            "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 "
            "FROM _stream_records WHERE table_name = ?1",
            ["any"],
        ).fetchall()

    assert [row[3] for row in plan] == [
        "SEARCH _stream_records USING INDEX skylabel_next_of_stream (table_name=?)"
    ]


def test_old_records_of_a_stream_go_and_its_numbers_go_on(tmp_path: Path) -> None:
    require_dynoxide()
    file = tmp_path / "db.sqlite"
    with dynoxide.running(file) as endpoint:
        dynamodb = client(endpoint)
        make_table(dynamodb, "streamed", StreamSpecification=STREAM)
        put_all(dynamodb, "streamed", 5)
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("UPDATE _stream_records SET created_at = created_at - 25 * 3600 WHERE id < 5")
    with dynoxide.running(file) as endpoint, closing(sqlite3.connect(file)) as database:
        kept = database.execute("SELECT sequence_number FROM _stream_records ORDER BY id").fetchall()
        put_all(client(endpoint), "streamed", 1)
        newest = database.execute("SELECT MAX(sequence_number) FROM _stream_records").fetchone()

    assert len(kept) == 1
    assert int(newest[0]) == int(kept[0][0]) + 1


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
