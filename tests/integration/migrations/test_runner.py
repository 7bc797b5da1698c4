"""The migration runner against a DynamoDB engine: twice, killed, down, dry, two at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.session import get_session
from moto import mock_aws

from chalicelib.errors import ConflictError
from chalicelib.storage.tables import META, MIGRATIONS, creation
from schema_migrations.context import Context
from schema_migrations.ledger import Ledger
from schema_migrations.runner import Migration, Runner, discover

TABLE = "skylabel-migrations"
DATA = "skylabel-meta"


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    with mock_aws():
        client = get_session().create_client("dynamodb", region_name="us-east-1")
        for table in (MIGRATIONS, META):
            client.create_table(**creation(table, "skylabel-"))
        for number in range(60):
            client.put_item(TableName=DATA, Item={"pk": {"S": f"k{number:03d}"}, "sk": {"S": "-"}})
        yield client


class Colouring:
    """A migration that gives every item a colour, page by page; it can be killed after some pages."""

    def __init__(self) -> None:
        self.die_after: int | None = None
        self.pages = 0

    def up(self, context: Context) -> None:
        for items in context.pages("meta", Limit=10):
            for item in items:
                context.dynamodb.update_item(
                    TableName=context.table("meta"),
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression="ADD colours :one",
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )
            self.pages += 1
            if self.pages == self.die_after:
                raise RuntimeError("killed")

    def down(self, context: Context) -> None:
        for items in context.pages("meta"):
            for item in items:
                context.dynamodb.update_item(
                    TableName=context.table("meta"),
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression="REMOVE colours",
                )


def make_runner(dynamodb: Any, migrations: list[Migration], owner: str = "one", minutes: int = 0) -> Runner:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ledger = Ledger(dynamodb, TABLE, owner, lambda: now)
    return Runner(migrations, ledger, dynamodb, lambda name: f"skylabel-{name}", lambda _line: None)


def migration(colouring: Colouring, name: str = "m0001_colour", checksum: str = "c1") -> Migration:
    return Migration(name, "gives colours", checksum, colouring.up, colouring.down, "")


def colours(dynamodb: Any) -> list[str | None]:
    items = dynamodb.scan(TableName=DATA)["Items"]
    return [item["colours"]["N"] if "colours" in item else None for item in items]


def test_up_applies_once_and_a_second_up_does_nothing(dynamodb: Any) -> None:
    runner = make_runner(dynamodb, [migration(Colouring())])

    assert runner.up() == ["m0001_colour"]
    assert runner.up() == []
    assert colours(dynamodb) == ["1"] * 60
    assert runner.status() == [("m0001_colour", "applied")]


def test_a_killed_run_goes_on_where_it_was_and_repeats_at_most_one_page(dynamodb: Any) -> None:
    colouring = Colouring()
    colouring.die_after = 3
    runner = make_runner(dynamodb, [migration(colouring)])
    with pytest.raises(RuntimeError):
        runner.up()
    assert runner.status() == [("m0001_colour", "failed")]

    runner.up()

    counts = colours(dynamodb)
    assert None not in counts
    assert sum(count == "2" for count in counts) <= 10


def test_down_takes_back(dynamodb: Any) -> None:
    runner = make_runner(dynamodb, [migration(Colouring())])
    runner.up()

    assert runner.down("m0000") == ["m0001_colour"]
    assert colours(dynamodb) == [None] * 60
    assert runner.status() == [("m0001_colour", "pending")]


def test_an_irreversible_migration_is_not_taken_back(dynamodb: Any) -> None:
    colouring = Colouring()
    runner = make_runner(dynamodb, [Migration("m0001_x", "x", "c", colouring.up, None, "it forgets")])
    runner.up()

    with pytest.raises(ConflictError, match="it forgets"):
        runner.down("m0000")


def test_a_dry_run_writes_nothing(dynamodb: Any) -> None:
    runner = make_runner(dynamodb, [migration(Colouring())])

    assert runner.up(dry_run=True) == ["m0001_colour"]
    assert colours(dynamodb) == [None] * 60
    assert runner.status() == [("m0001_colour", "pending")]


def test_of_two_runners_at_once_one_works(dynamodb: Any) -> None:
    Ledger(dynamodb, TABLE, "other", lambda: datetime(2026, 1, 1, tzinfo=UTC)).lock()

    with pytest.raises(ConflictError, match="Another runner"):
        make_runner(dynamodb, [migration(Colouring())]).up()


def test_the_lock_of_a_dead_runner_runs_out(dynamodb: Any) -> None:
    Ledger(dynamodb, TABLE, "other", lambda: datetime(2026, 1, 1, tzinfo=UTC)).lock()

    assert make_runner(dynamodb, [migration(Colouring())], minutes=2).up() == ["m0001_colour"]


def test_an_edited_migration_is_refused(dynamodb: Any) -> None:
    make_runner(dynamodb, [migration(Colouring())]).up()

    with pytest.raises(ConflictError, match="edited"):
        make_runner(dynamodb, [migration(Colouring(), checksum="c2")]).up()


def test_a_ledger_that_knows_more_than_the_code_is_refused(dynamodb: Any) -> None:
    make_runner(dynamodb, [migration(Colouring())]).up()

    with pytest.raises(ConflictError, match="this code does not"):
        make_runner(dynamodb, []).up()


def test_a_migration_numbered_before_an_applied_one_is_refused(dynamodb: Any) -> None:
    make_runner(dynamodb, [migration(Colouring(), "m0002_colour")]).up()
    both = [migration(Colouring(), "m0001_early"), migration(Colouring(), "m0002_colour")]

    with pytest.raises(ConflictError, match="older than applied"):
        make_runner(dynamodb, both).up()


def test_the_modules_of_this_project_are_well_formed() -> None:
    names = [found.name for found in discover()]
    assert names == sorted(names)
    assert len({name[:5] for name in names}) == len(names)
