"""A task store whose queue sees each change of a task a while after it was made, as a global index does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from chalicelib.domain.queue.places import OpenTask
from chalicelib.domain.tasks.entities import Task
from chalicelib.ids import TaskId
from tests.fakes.task_stores import FakeQueueStore, FakeTaskStore


class LateTaskStore(FakeTaskStore):
    """Keeps a copy for the index, which changes reach after `delay`: those of one task in their order."""

    def __init__(self, clock: Callable[[], datetime], delay: Callable[[], timedelta]) -> None:
        super().__init__()
        self._clock, self._delay = clock, delay
        self._copy = FakeTaskStore()
        self._under_way: list[tuple[datetime, int, TaskId, Task | None]] = []
        self._last: dict[TaskId, datetime] = {}
        self._numbers = count()

    def _place(self, before: Task | None, after: Task | None) -> None:
        super()._place(before, after)
        task = after or before
        if task is None:
            return
        at = max(self._clock() + self._delay(), self._last.get(task.id, self._clock()))
        self._last[task.id] = at
        heappush(self._under_way, (at, next(self._numbers), task.id, after))

    def indexed(self) -> FakeTaskStore:
        """The tasks as the index has them now."""
        while self._under_way and self._under_way[0][0] <= self._clock():
            _, _, task_id, after = heappop(self._under_way)
            self._copy._place(self._copy.tasks.pop(task_id, None), after)
            if after is not None:
                self._copy.tasks[task_id] = after
        return self._copy


class LateQueueStore(FakeQueueStore):
    """A queue over what the index has."""

    def __init__(self, store: LateTaskStore) -> None:
        super().__init__(store)
        self._late = store

    def entries(self, partition: str, *, after: str, until: str, limit: int) -> Sequence[OpenTask]:
        indexed = FakeQueueStore(self._late.indexed())
        return indexed.entries(partition, after=after, until=until, limit=limit)
