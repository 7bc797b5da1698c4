"""Which tasks an annotator is to try for next, as the index of open tasks shows them.

The index is a moment late, on a bad day minutes. What it shows is tried by a write that is conditional on it,
so that an old entry gives nothing away twice; but what it does not show yet may be passed by a cursor. So
whoever finds nothing looks again at what they have passed (ADR 0029).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from chalicelib.auth.principals import Principal
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.choice import Candidate, advanced, begun, free, in_order
from chalicelib.domain.queue.places import OpenTask, fresh, moment_key, touched, urgent
from chalicelib.domain.queue.strategies import queue_name
from chalicelib.domain.queue.urgency import has_urgent_tasks, most_urgent
from chalicelib.domain.tasks.entities import Annotator
from chalicelib.ids import TaskId, UserId
from chalicelib.ports.queue import QueueStore
from chalicelib.services.honeypot_round import next_honeypots

WINDOW = 24
"""How many entries of the index are read at a time; about one read unit."""
DEEP_WINDOW = 1000
"""How many are read at a time by somebody who has done all of the first window."""
INDEX_LAG = timedelta(seconds=5)
"""The cursor stays this far behind the present, as the index may be this late (and clocks this wrong).

As far ahead of it is read: what somebody moved to the present a moment after we looked at the clock is
neither among the fresh tasks any more nor yet in our past, and would look as if nothing were left.
"""
END = "~"
"""After every key."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for what, when, and when their lease would end."""

    project: Project
    principal: Principal
    now: datetime
    until: datetime

    @property
    def user(self) -> UserId:
        """Whose next task it is."""
        return self.principal.user_id


@dataclass(slots=True)
class OutOfDate:
    """Entries that were tried in vain while one question was answered: their tasks are not to be had."""

    entries: set[tuple[TaskId, str]] = field(default_factory=set)

    def add(self, task: OpenTask) -> None:
        """The entry is not what its task is any more."""
        self.entries.add(_state(task))

    def without(self, tasks: Sequence[OpenTask]) -> list[OpenTask]:
        """Those that may be tried."""
        return [task for task in tasks if _state(task) not in self.entries]


@dataclass(frozen=True, slots=True)
class QueueReading:
    """Reads the index."""

    queue: QueueStore
    rng: Random
    secret: Callable[[], str]

    def candidates(self, asking: Asking, row: Annotator, old: OutOfDate) -> tuple[list[Candidate], Annotator]:
        """Tasks to try for in this order, and how far the caller has looked. Honeypots alone may be `old`."""
        project = asking.project
        begun_ones, open_tasks, row = self._begun(asking, row, old)
        # A honeypot takes the place of another task, read in the place of the fresh ones: nobody can tell.
        name = begun_ones[0].queue if begun_ones else queue_name(project)
        pots, row = self.honeypots(asking, row, name)
        if pots or begun_ones:
            return pots or begun_ones, row
        untouched = self.queue.entries(
            fresh(project.id), after="", until=END, limit=WINDOW + len(old.entries)
        )
        found = in_order([*open_tasks, *self._free(asking, untouched, old)], project)
        return (found, row) if found else self._last(asking, row, old)

    def honeypots(self, asking: Asking, row: Annotator, name: str) -> tuple[list[Candidate], Annotator]:
        """Tasks with a ground truth that the caller has not seen, where the next one is to be such."""
        if asking.project.honeypot_every <= 0:
            return [], row
        unseen, row = next_honeypots(self.queue, asking.project, row, done=row.done, secret=self.secret())
        return [Candidate(entry, name) for entry in unseen], row

    def _begun(
        self, asking: Asking, row: Annotator, old: OutOfDate
    ) -> tuple[list[Candidate], Sequence[OpenTask], Annotator]:
        """Tasks that come before the fresh ones, other touched tasks, and how far the caller has looked."""
        if has_urgent_tasks(asking.project):
            found, row = self._urgent(asking, row, old)
            if found:
                return found, (), row
        open_tasks, cursor = self._touched(asking, touched(asking.project.id), row.cursor, old)
        return begun(open_tasks, asking.project, self.rng), open_tasks, replace(row, cursor=cursor)

    def _urgent(self, asking: Asking, row: Annotator, old: OutOfDate) -> tuple[list[Candidate], Annotator]:
        open_tasks, cursor = self._touched(asking, urgent(asking.project.id), row.urgent_cursor, old)
        return most_urgent(open_tasks, asking.project), replace(row, urgent_cursor=cursor)

    def _touched(
        self, asking: Asking, partition: str, cursor: str, old: OutOfDate
    ) -> tuple[Sequence[OpenTask], str]:
        """What the caller may have of the next entries, and the cursor past what is behind them."""
        # Each entry is passed once by each annotator; to have passed them costs nothing more.
        until = moment_key(asking.now + INDEX_LAG) + END
        behind = moment_key(asking.now - INDEX_LAG)
        after, size = cursor, WINDOW
        while True:
            entries = self.queue.entries(partition, after=after, until=until, limit=size)
            cursor = advanced(cursor, entries, asking.user, until=behind)
            open_tasks = self._free(asking, entries, old)
            if len(entries) < size or open_tasks:
                return open_tasks, cursor
            after, size = entries[-1].queue.key, DEEP_WINDOW

    def _last(self, asking: Asking, row: Annotator, old: OutOfDate) -> tuple[list[Candidate], Annotator]:
        """What somebody may have after all for whom nothing is in sight."""
        if not has_urgent_tasks(asking.project):
            # What was urgent before the settings changed, and is not settled anew yet.
            found, row = self._urgent(asking, row, old)
            if found:
                return found, row
        return self._passed(asking, row, old)

    def _passed(self, asking: Asking, row: Annotator, old: OutOfDate) -> tuple[list[Candidate], Annotator]:
        """What the caller may have of the tasks they have passed, as the index did not show them then.

        A window at each asking, from the first to the last and round again.
        """
        reach = {touched(asking.project.id): row.cursor, urgent(asking.project.id): row.urgent_cursor}
        partitions = [partition for partition, until in reach.items() if until]
        if not partitions:
            return [], row
        partition, _, after = row.looking_back.rpartition("|")
        if partition not in partitions:
            partition, after = partitions[0], ""
        entries = self.queue.entries(partition, after=after, until=reach[partition], limit=WINDOW)
        if len(entries) == WINDOW:
            after = entries[-1].queue.key
        else:
            partition, after = partitions[partitions.index(partition) - 1], ""
        found = in_order(self._free(asking, entries, old), asking.project)
        is_at_start = partition == partitions[0] and not after
        return found, replace(row, looking_back="" if is_at_start else f"{partition}|{after}")

    def _free(self, asking: Asking, entries: Sequence[OpenTask], old: OutOfDate) -> list[OpenTask]:
        return old.without(free(entries, asking.project, asking.user, asking.now))


def _state(task: OpenTask) -> tuple[TaskId, str]:
    return task.id, task.queue.key
