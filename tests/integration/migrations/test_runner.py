"""The migration runner against a DynamoDB engine: twice, killed, down, dry, two at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from moto import mock_aws

from chalicelib.clock import system_clock
from chalicelib.errors import ConflictError
from chalicelib.storage.tables import META, MIGRATIONS, creation
from schema_migrations import ledger as ledgers
from schema_migrations.context import Context, PausedError
from schema_migrations.installation import told_estimate, told_status
from schema_migrations.ledger import Ledger
from schema_migrations.modules import Migration, discover
from schema_migrations.pacing import PacedClient
from schema_migrations.runner import Estimate, Limits, Runner

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


def make_runner(
    dynamodb: Any,
    migrations: list[Migration],
    owner: str = "one",
    minutes: int = 0,
    limits: Limits | None = None,
) -> Runner:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ledger = Ledger(dynamodb, TABLE, owner, lambda: now)
    return Runner(migrations, ledger, dynamodb, lambda name: f"skylabel-{name}", lambda _line: None, limits)


def migration(colouring: Colouring, name: str = "m0001_colour", checksum: str = "c1") -> Migration:
    return Migration(name, "gives colours", checksum, colouring.up, colouring.down, "")


def states(runner: Runner) -> dict[str, str]:
    return {standing.migration.name: standing.state for standing in runner.status()}


def colours(dynamodb: Any) -> list[str | None]:
    items = dynamodb.scan(TableName=DATA)["Items"]
    return [item["colours"]["N"] if "colours" in item else None for item in items]


def test_up_applies_once_and_a_second_up_does_nothing(dynamodb: Any) -> None:
    runner = make_runner(dynamodb, [migration(Colouring())])

    assert runner.up() == ["m0001_colour"]
    assert runner.up() == []
    assert colours(dynamodb) == ["1"] * 60
    assert states(runner) == {"m0001_colour": "applied"}


def test_a_killed_run_goes_on_where_it_was_and_repeats_at_most_one_page(dynamodb: Any) -> None:
    colouring = Colouring()
    colouring.die_after = 3
    runner = make_runner(dynamodb, [migration(colouring)])
    with pytest.raises(RuntimeError):
        runner.up()
    assert states(runner) == {"m0001_colour": "failed"}

    runner.up()

    counts = colours(dynamodb)
    assert None not in counts
    assert sum(count == "2" for count in counts) <= 10


def test_down_takes_back(dynamodb: Any) -> None:
    runner = make_runner(dynamodb, [migration(Colouring())])
    runner.up()

    assert runner.down("m0000") == ["m0001_colour"]
    assert colours(dynamodb) == [None] * 60
    assert states(runner) == {"m0001_colour": "pending"}


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
    assert states(runner) == {"m0001_colour": "pending"}


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


# ---- several segments, pauses, failures, leases


class InSegments(Colouring):
    """The same in four segments at once; may die when a certain item is met."""

    dies_at: str | None = None

    def up(self, context: Context) -> None:
        def work(items: list[Any]) -> None:
            for item in items:
                if item["pk"]["S"] == self.dies_at:
                    raise ValueError("cannot colour this")
                context.update(
                    TableName=context.table("meta"),
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression="SET colours = :one",
                    ConditionExpression="attribute_not_exists(colours)",
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )

        context.each("meta", work, segments=4, Limit=5)


def test_segments_meet_every_item_once_and_count_them(dynamodb: Any) -> None:
    runner = make_runner(dynamodb, [migration(InSegments())])

    runner.up()

    assert colours(dynamodb) == ["1"] * 60
    (standing,) = runner.status()
    assert standing.entry is not None
    assert (standing.entry.seen, standing.entry.written) == (60, 60)


def test_a_failed_migration_shows_its_error_and_goes_on_once_it_is_mended(dynamodb: Any) -> None:
    segments = InSegments()
    segments.dies_at = "k050"
    runner = make_runner(dynamodb, [migration(segments)])
    with pytest.raises(ValueError, match="cannot colour"):
        runner.up()

    (standing,) = runner.status()
    assert standing.entry is not None
    assert (standing.state, standing.entry.error) == ("failed", "ValueError: cannot colour this")

    segments.dies_at = None
    runner.up()

    (standing,) = runner.status()
    assert standing.entry is not None
    assert (standing.state, standing.entry.error, standing.entry.written) == ("applied", "", 60)
    assert colours(dynamodb) == ["1"] * 60


def test_a_failed_migration_that_was_edited_starts_from_the_beginning(dynamodb: Any) -> None:
    colouring = Colouring()
    colouring.die_after = 3
    with pytest.raises(RuntimeError):
        make_runner(dynamodb, [migration(colouring)]).up()
    colouring.die_after = None

    make_runner(dynamodb, [migration(colouring, checksum="c2")]).up()

    assert colours(dynamodb).count("2") == 30


def test_a_run_whose_time_is_over_pauses_after_a_page_and_goes_on(dynamodb: Any) -> None:
    colouring = Colouring()
    pages_left = iter([False, False, True])
    limits = Limits(units_per_second=0, should_pause=lambda: next(pages_left, False))
    runner = make_runner(dynamodb, [migration(colouring)], limits=limits)
    with pytest.raises(PausedError):
        runner.up()
    assert states(runner) == {"m0001_colour": "running"}
    assert colours(dynamodb).count("1") == 30

    runner.up()

    assert colours(dynamodb) == ["1"] * 60


def test_a_long_page_is_broken_off_when_the_time_is_well_over_and_begun_anew(dynamodb: Any) -> None:
    writes_left = iter([False] * 7)
    limits = Limits(units_per_second=0, must_stop=lambda: next(writes_left, True))
    with pytest.raises(PausedError):
        make_runner(dynamodb, [migration(InSegments())], limits=limits).up()
    runner = make_runner(dynamodb, [migration(InSegments())])
    (standing,) = runner.status()
    assert standing.entry is not None
    assert (standing.state, standing.entry.written) == ("running", 7)

    runner.up()

    assert colours(dynamodb) == ["1"] * 60
    (standing,) = runner.status()
    assert standing.entry is not None
    assert standing.entry.written == 60


def test_a_runner_that_lost_its_lease_writes_nothing_to_the_ledger(dynamodb: Any) -> None:
    colouring = Colouring()

    class Slept(Colouring):
        def up(self, context: Context) -> None:
            make_runner(dynamodb, [migration(colouring)], owner="other", minutes=5).up()
            for _ in context.pages("meta", Limit=10):
                pass

    with pytest.raises(ConflictError, match="Another runner"):
        make_runner(dynamodb, [migration(Slept())]).up()

    assert states(make_runner(dynamodb, [migration(colouring)])) == {"m0001_colour": "applied"}
    assert colours(dynamodb) == ["1"] * 60


def test_the_lease_is_renewed_while_a_page_takes_longer_than_it(
    dynamodb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "LEASE", timedelta(seconds=0.4))

    class Slow(Colouring):
        def up(self, context: Context) -> None:
            for _ in range(12):
                time.sleep(0.1)
                with pytest.raises(ConflictError, match="Another runner"):
                    Ledger(dynamodb, TABLE, "other", system_clock).lock()

    ledger = Ledger(dynamodb, TABLE, "one", system_clock)
    slow = [migration(Slow())]
    assert Runner(slow, ledger, dynamodb, lambda name: f"skylabel-{name}", lambda _line: None).up()
    assert ledger.holder() is None


def test_only_the_stages_asked_for_are_applied_each_in_its_own_order(dynamodb: Any) -> None:
    backfill = Migration("m0001_b", "b", "c", Colouring().up, None, "x", "backfill")
    expand = Migration("m0002_e", "e", "c", Colouring().up, None, "x", "expand")
    runner = make_runner(dynamodb, [backfill, expand])

    assert runner.up(stages=["expand"]) == ["m0002_e"]
    assert [m.name for m in runner.pending()] == ["m0001_b"]
    assert runner.up() == ["m0001_b"]


def test_a_plan_tells_the_size_of_what_is_walked_and_writes_nothing(dynamodb: Any) -> None:
    walking = Migration("m0001_w", "walks", "c", Colouring().up, None, "x", "backfill", ("meta",))

    (estimate,) = make_runner(dynamodb, [walking]).plan()

    assert estimate.items == 60
    assert Estimate(walking, 60, 1_000_000).read_units == 123
    assert "walks meta: about 60 items" in told_estimate(estimate)
    assert dynamodb.scan(TableName=TABLE)["Items"] == []


def test_a_rate_is_kept_by_all_segments_together() -> None:
    now, naps = [0.0], []

    class Engine:
        def scan(self, **request: Any) -> Any:
            assert request["ReturnConsumedCapacity"] == "TOTAL"
            return {"Items": [], "ConsumedCapacity": {"CapacityUnits": 50.0}}

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        now[0] += seconds

    paced = PacedClient(Engine(), 100, clock=lambda: now[0], sleep=sleep)
    for _ in range(5):
        paced.scan()

    assert naps == [0.5] * 4
    assert paced.units == 250


def test_the_status_tells_who_is_at_work_and_who_has_gone(dynamodb: Any) -> None:
    runner = make_runner(dynamodb, [migration(Colouring())])
    ledger = Ledger(dynamodb, TABLE, "host:1", system_clock)
    ledger.lock()
    assert [*told_status(runner, ledger)][-1].endswith("at work")

    old = Ledger(dynamodb, TABLE, "host:1", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    old.lock()
    assert "run out" in [*told_status(runner, old)][-1]
    assert next(iter(told_status(runner, old))).startswith("pending    m0001_colour: expand")


class Refusing:
    """A client whose updates are refused for some reasons first."""

    def __init__(self, *codes: str) -> None:
        self.codes = list(codes)

    def update_item(self, **_request: Any) -> dict[str, Any]:
        if self.codes:
            raise ClientError({"Error": {"Code": self.codes.pop(0)}}, "UpdateItem")
        return {}


def context_of(client: Any, naps: list[float]) -> Context:
    return Context(client, str, {}, lambda _place: None, print, sleep=naps.append)


def test_an_update_waits_while_a_transaction_of_the_product_is_at_the_item() -> None:
    naps: list[float] = []
    context = context_of(Refusing("TransactionConflictException", "ThrottlingException"), naps)

    assert context.update(TableName="t") is True
    assert len(naps) == 2
    assert context.counts.written == 1


def test_an_update_whose_condition_fails_is_not_counted_and_other_faults_are_raised() -> None:
    context = context_of(Refusing("ConditionalCheckFailedException", "ValidationException"), [])

    assert context.update(TableName="t") is False
    assert context.counts.written == 0
    with pytest.raises(ClientError, match="ValidationException"):
        context.update(TableName="t")
