"""The versions of projects' configurations in the `meta` table: `CV#<project>` / padded number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.projects.config_versions import ConfigVersion
from chalicelib.ids import ProjectId, UserId
from chalicelib.storage import keys
from chalicelib.storage.bodies import Bodies
from chalicelib.storage.result_items import packed_attributes, packed_of
from chalicelib.storage.task_items import SCHEMA_VERSION, microseconds, moment
from chalicelib.storage.values import Plain


def config_version_item(version: ConfigVersion, bodies: Bodies) -> Plain:
    """The version's item; a very long configuration is in S3 when this returns."""
    return {
        **keys.config_version(version.project, version.number),
        "sv": SCHEMA_VERSION,
        "c": microseconds(version.created_at),
        "by": version.created_by,
        **packed_attributes(bodies.pack(version.project, version.label_config)),
    }


def config_version_of(item: Mapping[str, Any], bodies: Bodies) -> ConfigVersion:
    """The version whose item it is."""
    packed = packed_of(item)
    return ConfigVersion(
        project=ProjectId(int(item["pk"].partition("#")[2])),
        number=int(item["sk"]),
        label_config=bodies.unpack(packed) if packed else "",
        created_at=moment(item["c"]),
        created_by=UserId(item["by"]),
    )
