"""The versions of projects' configurations in the `meta` table: `CV#<project>` / padded number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.projects.config_versions import ConfigVersion
from chalicelib.ids import ProjectId, UserId
from chalicelib.storage import keys
from chalicelib.storage.bodies import compress, decompress
from chalicelib.storage.task_items import SCHEMA_VERSION, microseconds, moment
from chalicelib.storage.values import Plain


def config_version_item(version: ConfigVersion) -> Plain:
    """The version's item."""
    return {
        **keys.config_version(version.project, version.number),
        "sv": SCHEMA_VERSION,
        "c": microseconds(version.created_at),
        "by": version.created_by,
        "b": compress(version.label_config),
    }


def config_version_of(item: Mapping[str, Any]) -> ConfigVersion:
    """The version whose item it is."""
    return ConfigVersion(
        project=ProjectId(int(item["pk"].partition("#")[2])),
        number=int(item["sk"]),
        label_config=decompress(bytes(item["b"])),
        created_at=moment(item["c"]),
        created_by=UserId(item["by"]),
    )
