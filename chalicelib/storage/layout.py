"""How far the stored data has been brought by `schema_migrations`, for code that can read two shapes.

Layouts are numbered as the migrations that reach them. A backfill notes its number in the item
`INSTALLATION` of the `meta` table when all that is stored has the new shape.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from chalicelib.storage import keys
from chalicelib.storage.dynamo import Dynamo

META = "meta"
KNOWN_S = 30.0
"""How long a process goes by what it has read; who takes a layout back waits for so long."""
WORK_INDEXED = 2
"""Every annotator's row stands in the index `work`."""
NEWEST = WORK_INDEXED


class StoredLayout:
    """The layout, read once in `KNOWN_S` seconds."""

    def __init__(self, dynamo: Dynamo, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._dynamo = dynamo
        self._clock = clock
        self._known = 0
        self._until = float("-inf")

    def reaches(self, number: int) -> bool:
        """Whether the data has this layout or a later one; where nobody noted any, it has not."""
        now = self._clock()
        if now >= self._until:
            item = self._dynamo.get(META, keys.installation())
            self._known, self._until = int(item.get("layout", 0)) if item else 0, now + KNOWN_S
        return self._known >= number
