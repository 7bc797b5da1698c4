"""What snapshots hold and how two of them differ, as clients see it."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from chalicelib.api.bodies import Body


class DifferenceQuery(Body):
    """Where to go on: the changes of tasks after this one."""

    after_task: int = 0


class ManifestConfig(TypedDict):
    """The labeling config that a snapshot was made with."""

    sha256: str
    label_config: str


class ManifestCounts(TypedDict):
    """How much a snapshot holds."""

    tasks: int
    annotations: int


class ManifestBlock(ManifestCounts):
    """The hash of a block of tasks."""

    block: int
    sha256: str


class ManifestRead(TypedDict):
    """What a snapshot says of itself."""

    kind: str
    version: int
    project: int
    root: str
    config: ManifestConfig
    filters: dict[str, Any]
    counts: ManifestCounts
    blocks: list[ManifestBlock]


class TaskChange(TypedDict):
    """What became of a task: which of its fields changed, and which of its annotations with their regions."""

    task: int
    change: Literal["added", "removed", "changed"]
    fields: NotRequired[list[str]]
    annotations: NotRequired[list[dict[str, Any]]]


class DifferenceRead(TypedDict):
    """What changed from one snapshot to another, by task, annotation and region; `next` where to go on."""

    before: int
    after: int
    counts: dict[str, int]
    changes: list[TaskChange]
    next: int | None
