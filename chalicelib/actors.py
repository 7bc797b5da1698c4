"""Who acts, for as long as a door serves a request, a step of a job or a command: what the audit log names.

The doors set it, the storage reads it when it writes. It is kept in a context variable, so that it is each
thread's own and no service has to hand it on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

REMEMBERED = 512
"""Of so many items that were read it is known what they were before a change."""


@dataclass(slots=True)
class Actor:
    """Who does what from where. `organization_id` is 0 and `user_id` None until they are known.

    `operation` is the route or the kind of job, never a path with ids; `seen` are the items read so far, by
    table and key, for naming what a change replaced.
    """

    operation: str
    request_id: str
    organization_id: int = 0
    user_id: int | None = None
    address: str = ""
    agent: str = ""
    seen: dict[tuple[str, object, object], dict[str, Any]] = field(default_factory=dict, repr=False)

    def knows(self, table: str, key: Mapping[str, Any], item: dict[str, Any] | None) -> None:
        """Note how the item of a key stands, or that there is none; of the first `REMEMBERED` of them."""
        place = (table, key.get("pk"), key.get("sk"))
        if item is None:
            self.seen.pop(place, None)
        elif len(self.seen) < REMEMBERED or place in self.seen:
            self.seen[place] = item


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor | None:
    """Who acts now, or None outside of `acting`."""
    return _actor.get()


def act_as(organization_id: int, user_id: int) -> None:
    """Whoever acts now has shown who they are, and in which organization they act."""
    actor = _actor.get()
    if actor is not None:
        actor.organization_id, actor.user_id = organization_id, user_id


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Let everything inside the block be done by this actor."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)
