"""The tables as data, and the page that describes them."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from chalicelib.storage import keys
from chalicelib.storage.tables import QUEUE_INDEX, TABLES, Table, creation
from chalicelib.storage.task_items import open_task_of, task_item
from tests.unit.domain.engine.builders import make_task

PAGE = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text(encoding="utf-8")


def test_every_kind_of_key_is_described() -> None:
    prefixes = set(re.findall(r'"([A-Z]{1,2})#', inspect.getsource(keys)))

    assert len(prefixes) > 12
    assert [prefix for prefix in sorted(prefixes) if f"`{prefix}#" not in PAGE] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_defines_the_attributes_of_its_keys_and_no_others(table: Table) -> None:
    made = creation(table, "skylabel-")
    defined = {entry["AttributeName"] for entry in made["AttributeDefinitions"]}  # type: ignore[attr-defined]

    indexed = {name for index in table.indexes for name in (index.hash_key, index.range_key)}
    assert defined == {"pk", "sk"} | indexed
    assert len(str(made["TableName"])) >= 11, "shorter names make stream shards that botocore refuses"
    assert f"`{table.name}`" in PAGE


def test_the_index_holds_all_that_picking_needs() -> None:
    item = task_item(make_task((2, "x"), order_key="7"))
    entry = {name: item.get(name) for name in (*QUEUE_INDEX.projected, "sk")} | {"q": "5#T", "qk": "1#2#3"}
    entry = {name: value for name, value in entry.items() if value is not None}

    task = open_task_of(entry)

    assert (task.id, task.overlap, task.order_key) == (300, 1, "7")
    assert [answer.user for answer in task.answers] == [2]


def test_the_state_of_a_busy_task_stays_within_a_kilobyte() -> None:
    from tests.unit.domain.engine.builders import HOUR, NOW
    from tests.unit.domain.engine.builders import make_task as make

    task = make(
        *[(1_000_000 + user, "") for user in range(20)],
        leases={2_000_000 + user: NOW + HOUR for user in range(5)},
        order_key="0123456789abcdef#0000000000000300",
        overlap=25,
    )
    size = sum(len(name) + len(str(value)) for name, value in task_item(task).items() if value is not None)

    assert size < 1024 - 500, "the rest is for the body"
