"""What an edit of a configuration did to one block's results, so that it can be taken back exactly.

A journal is written before what it tells: an entry may be there for a result that was not rewritten after
all, never the other way round. Which it is, the result's own config version says.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.label_config.edit_results import Change

MemberKind = Literal["annotation", "draft", "prediction"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One result: what carries it, the config version it was made under, and its items before and after."""

    kind: MemberKind
    id: int
    config_version: int
    changes: tuple[Change, ...]


def write_journal(entries: Iterable[Entry]) -> bytes:
    """The entries as compressed JSON."""
    rows = [
        [
            entry.kind,
            entry.id,
            entry.config_version,
            [[c.index, c.before, list(c.after)] for c in entry.changes],
        ]
        for entry in entries
    ]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def read_journal(content: bytes) -> list[Entry]:
    """The entries that `write_journal` wrote."""
    rows = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    return [
        Entry(
            kind,
            member_id,
            version,
            tuple(Change(index, before, tuple(after)) for index, before, after in changes),
        )
        for kind, member_id, version, changes in rows
    ]
