"""Snapshots by their content: hashes of tasks, blocks and the whole, and what differs between two of them.

A record is one task as the export holds it, a line of JSON. Blocks are those of task ids, so the tree is the
same however the work was divided; compression, which differs between versions of zlib, is never hashed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

MANIFEST_KIND = "skylabel-snapshot"
MANIFEST_VERSION = 1
MANIFEST_FILE = "manifest.json"
CONFIG_FILE = "label_config.xml"
TASKS_FILE = "tasks.jsonl"
BLOCK_TASKS = 256

Record = Mapping[str, Any]
_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, allow_nan=False)


@dataclass(frozen=True, slots=True)
class BlockHash:
    """The tasks whose ids lie in one block of 256: the hash over their hashes, and how many there are."""

    block: int
    sha256: str
    tasks: int
    annotations: int


def record_line(record: Record) -> bytes:
    """The record as the line that is stored and hashed, its line end included.

    Numbers that JSON has no word for, which old items may hold, become null.
    """
    try:
        return _compact.encode(record).encode() + b"\n"
    except ValueError:
        return _compact.encode(_finite(record)).encode() + b"\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value


class TreeHasher:
    """Takes lines in the order of their ids; `blocks` are the tree's nodes, however lines were divided."""

    def __init__(self) -> None:
        self._done: list[BlockHash] = []
        self._open: tuple[int, Any, int, int] | None = None

    def add(self, record: Record, line: bytes) -> None:
        """One more record with its line."""
        block = int(record["id"]) // BLOCK_TASKS
        if self._open is None or self._open[0] != block:
            self._done = self.blocks
            self._open = (block, hashlib.sha256(), 0, 0)
        _, digest, tasks, annotations = self._open
        digest.update(hashlib.sha256(line).digest())
        self._open = (block, digest, tasks + 1, annotations + len(record.get("annotations") or ()))

    @property
    def blocks(self) -> list[BlockHash]:
        """The nodes of all that was added."""
        if self._open is None:
            return self._done
        block, digest, tasks, annotations = self._open
        return [*self._done, BlockHash(block, digest.hexdigest(), tasks, annotations)]


def manifest(
    blocks: Sequence[BlockHash], *, project: int, config: str, options: Mapping[str, Any]
) -> dict[str, Any]:
    """What a snapshot says of itself. `root` names its content: equal roots are equal snapshots."""
    config_hash = hashlib.sha256(config.encode("utf-8", "replace")).hexdigest()
    filters = json.dumps(options, sort_keys=True, separators=(",", ":"))
    tree = [f"{node.block} {node.sha256}" for node in blocks]
    covered = "\n".join([MANIFEST_KIND, str(MANIFEST_VERSION), str(project), config_hash, filters, *tree])
    return {
        "kind": MANIFEST_KIND,
        "version": MANIFEST_VERSION,
        "project": project,
        "root": hashlib.sha256(covered.encode()).hexdigest(),
        "config": {"sha256": config_hash, "label_config": config},
        "filters": dict(options),
        "counts": {
            "tasks": sum(node.tasks for node in blocks),
            "annotations": sum(node.annotations for node in blocks),
        },
        "blocks": [asdict(node) for node in blocks],
    }


# -- differences ---------------------------------------------------------------------------------------


def differences(before: Iterable[Record], after: Iterable[Record]) -> Iterator[dict[str, Any] | None]:
    """What changed from one snapshot to a later one, task by task in order of ids; None for an equal task.

    Both come in the order of ids and are read once, side by side.
    """
    old, new = iter(before), iter(after)
    left, right = next(old, None), next(new, None)
    while left is not None and right is not None:
        if left["id"] < right["id"]:
            yield {"task": left["id"], "change": "removed"}
            left = next(old, None)
        elif right["id"] < left["id"]:
            yield {"task": right["id"], "change": "added"}
            right = next(new, None)
        else:
            yield _task_difference(left, right)
            left, right = next(old, None), next(new, None)
    for rest, change in ((left, "removed"), (right, "added")):
        if rest is not None:
            yield {"task": rest["id"], "change": change}
    yield from ({"task": record["id"], "change": "removed"} for record in old)
    yield from ({"task": record["id"], "change": "added"} for record in new)


def _task_difference(before: Record, after: Record) -> dict[str, Any] | None:
    if before == after:
        return None
    found: dict[str, Any] = {"task": after["id"], "change": "changed"}
    changed = sorted(key for key in {*before, *after} - {"annotations"} if before.get(key) != after.get(key))
    if changed:
        found["fields"] = changed
    annotations = list(
        _by_id(before.get("annotations") or (), after.get("annotations") or (), _annotation_difference)
    )
    if annotations:
        found["annotations"] = annotations
    return found


def _annotation_difference(before: Record, after: Record) -> dict[str, Any]:
    found: dict[str, Any] = {}
    changed = sorted(key for key in {*before, *after} - {"result"} if before.get(key) != after.get(key))
    if changed:
        found["fields"] = changed
    regions = list(_by_id(_regions(before), _regions(after), lambda a, b: {"fields": _unequal(a, b)}))
    if regions:
        found["regions"] = regions
    return found


def _regions(annotation: Record) -> list[Record]:
    """The result's items put together by region; items without an id stand by their place."""
    found: dict[str, dict[str, Any]] = {}
    for number, item in enumerate(annotation.get("result") or ()):
        if not isinstance(item, Mapping):
            continue
        key = str(item["id"]) if item.get("id") is not None else f"#{number}"
        region = found.setdefault(key, {"id": key})
        region[f"{item.get('from_name') or item.get('type')}"] = dict(item)
    return list(found.values())


def _unequal(before: Record, after: Record) -> list[str]:
    return sorted(key for key in {*before, *after} if before.get(key) != after.get(key))


def _by_id(before: Sequence[Any], after: Sequence[Any], compare: Any) -> Iterator[dict[str, Any]]:
    old = {entry["id"]: entry for entry in before if isinstance(entry, Mapping)}
    new = {entry["id"]: entry for entry in after if isinstance(entry, Mapping)}
    for key, entry in old.items():
        if key not in new:
            yield {"id": key, "change": "removed"}
        elif entry != new[key]:
            yield {"id": key, "change": "changed", **compare(entry, new[key])}
    for key in new:
        if key not in old:
            yield {"id": key, "change": "added"}
