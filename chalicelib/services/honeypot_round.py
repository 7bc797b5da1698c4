"""Which honeypots somebody may be given next. They are in a ring, and everybody goes round it once.

What lies between where somebody began and where they are now they have met, so that a window from there on
shows some they have not met as long as there are any, at the same cost for the first as for the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.choice import advanced, is_behind
from chalicelib.domain.queue.honeypots import is_due, rank, start_of
from chalicelib.domain.queue.places import OpenTask, honeypots
from chalicelib.domain.tasks.entities import Annotator
from chalicelib.ids import TaskId
from chalicelib.ports.queue import QueueStore

WINDOW = 24
"""How many honeypots are read at a time; about one read unit."""
WINDOWS = 2
"""How many that are full: all of one may just have been met, and then the next shows others. What lies
further on (some came since they have been round) is looked at when the next one is due."""
_BEGINNING, _END = "0", "~"


def next_honeypots(
    queue: QueueStore,
    project: Project,
    row: Annotator,
    *,
    done: int,
    secret: str,
    at_hand: TaskId | None = None,
) -> tuple[Sequence[OpenTask], Annotator]:
    """Those that the row's user has not met, the one to be given first, and how far they have now come.

    None where none is due after so many `done`. What is `at_hand` counts as met. In one Query, or up to
    three where the first shows none, at the end of the ring.
    """
    if not is_due(done, project, row.user_id, secret):
        return (), row
    after = cursor = row.honeypot_cursor or start_of(project, row.user_id, secret)
    unseen: list[OpenTask] = []
    full = 0
    while full < WINDOWS:
        entries = queue.entries(honeypots(project.id), after=after, until=_END, limit=WINDOW)
        cursor = advanced(cursor, entries, row.user_id, until=_END)
        unseen = [one for one in entries if one.id != at_hand and not is_behind(one, row.user_id)]
        if unseen or (len(entries) < WINDOW and after == _BEGINNING):
            break
        if len(entries) == WINDOW:
            after, full = entries[-1].queue.key, full + 1
        else:
            after = cursor = _BEGINNING
    unseen.sort(key=lambda entry: rank(entry.id, done, project, row.user_id, secret))
    return unseen, replace(row, honeypot_cursor=cursor)
