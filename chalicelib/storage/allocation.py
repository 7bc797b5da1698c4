"""Task ids: blocks of 256 for projects, from one counter; and inner ids, counted per project.

A project takes single ids from its open block; what does not fit there gets blocks of its own, the
last of which becomes the open one. Ids that a crash leaves unused stay unused.
"""

from __future__ import annotations

from chalicelib.domain.tasks.changes import IdRange, Reservation
from chalicelib.ids import TASKS_PER_BLOCK, TaskId, first_task_id
from chalicelib.storage import keys
from chalicelib.storage.dynamo import ConditionError, Dynamo, Expressions, Write
from chalicelib.storage.values import to_wire


def reserve(dynamo: Dynamo, project: int, count: int) -> Reservation:
    """Set `count` ids aside for the project: one request while the open block has room, else three."""
    if count < 1:
        raise ValueError("reserve at least one id")
    return _from_open_block(dynamo, project, count) or _from_new_blocks(dynamo, project, count)


def next_number(dynamo: Dynamo, kind: str, count: int = 1) -> int:
    """The first of `count` consecutive numbers never given before for the kind; they begin with 1."""
    expressions = Expressions()
    arguments = {
        "TableName": dynamo.table("meta"),
        "Key": to_wire(keys.counter(kind)),
        "UpdateExpression": f"ADD {expressions.name('n')} {expressions.value(count)}",
    }
    last = dynamo.write(Write("Update", {**arguments, **expressions.arguments()}), give_new=True)["n"]
    return int(last) - count + 1


def _from_open_block(dynamo: Dynamo, project: int, count: int) -> Reservation | None:
    if count > TASKS_PER_BLOCK:
        return None
    expressions = Expressions()
    amount = expressions.value(count)
    used = expressions.name("used")
    arguments = {
        "TableName": dynamo.table("tasks"),
        "Key": to_wire(keys.allocation(project)),
        "UpdateExpression": f"ADD {used} {amount}, {expressions.name('inner')} {amount}",
        "ConditionExpression": f"{used} <= {expressions.value(TASKS_PER_BLOCK - count)}",
    }
    try:
        row = dynamo.write(Write("Update", {**arguments, **expressions.arguments()}), give_new=True)
    except ConditionError:
        return None
    first = TaskId(first_task_id(row["block"]) + row["used"] - count)
    return Reservation((IdRange(first, count),), row["inner"] - count + 1)


def _from_new_blocks(dynamo: Dynamo, project: int, count: int) -> Reservation:
    blocks = -(-count // TASKS_PER_BLOCK)
    first_block = next_number(dynamo, "block", blocks)
    last_block = first_block + blocks - 1
    used = count - (blocks - 1) * TASKS_PER_BLOCK
    expressions = Expressions()
    sets = [
        f"{expressions.name('block')} = {expressions.value(last_block)}",
        f"{expressions.name('used')} = {expressions.value(used)}",
        f"{expressions.name('sv')} = {expressions.value(1)}",
    ]
    arguments = {
        "TableName": dynamo.table("tasks"),
        "Key": to_wire(keys.allocation(project)),
        "UpdateExpression": f"SET {', '.join(sets)} "
        f"ADD {expressions.name('inner')} {expressions.value(count)}",
    }
    row = dynamo.write(Write("Update", {**arguments, **expressions.arguments()}), give_new=True)
    return Reservation((IdRange(first_task_id(first_block), count),), row["inner"] - count + 1)


class DynamoIdSource:
    """Ids of all kinds but those of tasks, from counters in `meta`."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def next_id(self, kind: str) -> int:
        """A positive number never given before for this kind."""
        return next_number(self._dynamo, kind)
