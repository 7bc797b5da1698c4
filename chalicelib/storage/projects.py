"""The project store on DynamoDB: an organization's projects lie together; a pointer leads there by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.projects.config_versions import ConfigVersion
from chalicelib.domain.projects.entities import (
    BlindMode,
    Project,
    ProjectStateChange,
    Sampling,
    SkipQueue,
    Unsettled,
)
from chalicelib.domain.workflow.documents import dump_machine, load_machine
from chalicelib.errors import ContentionError
from chalicelib.ids import OrganizationId, ProjectId, UserId
from chalicelib.storage import keys
from chalicelib.storage.bodies import Bodies
from chalicelib.storage.config_versions import config_version_item, config_version_of
from chalicelib.storage.dynamo import ConditionError, Dynamo, delete, put, update
from chalicelib.storage.result_items import packed_attributes, packed_of
from chalicelib.storage.task_items import SCHEMA_VERSION, microseconds, moment
from chalicelib.storage.values import Plain, to_wire

META = "meta"
_PACKED = frozenset(
    {
        "label_config",
        "expert_instruction",
        "control_weights",
        "strategy",
        "workflow",
        "state_mapping",
        "state_history",
    }
)
_MOMENTS = frozenset({"created_at", "updated_at", "pinned_at"})
_KEPT_AS_THEY_ARE = tuple(f.name for f in fields(Project) if f.name not in _PACKED | _MOMENTS)


def project_item(project: Project, bodies: Bodies) -> Plain:
    """The project's item: long texts compressed together (in S3 if they are very long), the rest by name."""
    packed = {name: getattr(project, name) for name in sorted(_PACKED)}
    packed["control_weights"] = dict(project.control_weights)
    packed["workflow"] = dump_machine(project.workflow) if project.workflow else None
    packed["state_mapping"] = dict(project.state_mapping)
    packed["state_history"] = [_change_values(change) for change in project.state_history]
    times = {name: getattr(project, name) for name in _MOMENTS}
    return {
        **keys.project(project.organization_id, project.id),
        "sv": SCHEMA_VERSION,
        **{name: getattr(project, name) for name in _KEPT_AS_THEY_ARE},
        "group_roles": {str(group): role for group, role in project.group_roles.items()},
        **{name: microseconds(at) for name, at in times.items() if isinstance(at, datetime)},
        **packed_attributes(bodies.pack(project.id, packed)),
    }


def project_of(item: Mapping[str, Any], bodies: Bodies) -> Project:
    """The project whose item it is; settings younger than the item have their defaults."""
    known = {name: item[name] for name in _KEPT_AS_THEY_ARE if name in item}
    known |= {name: moment(item[name]) for name in _MOMENTS if name in item}
    texts = packed_of(item)
    known |= bodies.unpack(texts) if texts else {}
    known["workflow"] = load_machine(known["workflow"]) if known.get("workflow") else None
    known["state_history"] = tuple(_change_of(values) for values in known.get("state_history", ()))
    known["sampling"] = Sampling(known["sampling"])
    known["group_roles"] = {int(group): role for group, role in known.get("group_roles", {}).items()}
    known["skip_queue"] = SkipQueue(known["skip_queue"])
    known["blind_mode"] = BlindMode(known.get("blind_mode", BlindMode.OFF))
    known["unsettled"] = Unsettled(known.get("unsettled", Unsettled.NOTHING))
    return Project(**{"description": None, **known})


def _change_values(change: ProjectStateChange) -> list[Any]:
    return [change.state, change.name, microseconds(change.at), change.user, change.reason]


def _change_of(values: Sequence[Any]) -> ProjectStateChange:
    state, name, at, user, reason = values
    return ProjectStateChange(state, name, moment(at), UserId(user), reason)


class DynamoProjectStore:
    """`chalicelib.ports.projects.ProjectStore`."""

    def __init__(self, dynamo: Dynamo, bodies: Bodies) -> None:
        self._dynamo = dynamo
        self._bodies = bodies

    def get(self, project_id: ProjectId, *, organization: OrganizationId | None = None) -> Project | None:
        """The project, found by its pointer where the organization is not given."""
        if organization is None:
            pointer = self._dynamo.get(META, keys.project_owner(project_id))
            if pointer is None:
                return None
            organization = OrganizationId(pointer["organization"])
        item = self._dynamo.get(META, keys.project(organization, project_id))
        return project_of(item, self._bodies) if item else None

    def of_organization(self, organization: OrganizationId) -> Sequence[Project]:
        """All projects of the organization."""
        found = self._dynamo.query(META, keys.organization_projects(organization))
        return [project_of(item, self._bodies) for item in found]

    def among(self, organization: OrganizationId, ids: Iterable[ProjectId]) -> frozenset[ProjectId]:
        """Those that are the organization's, by their pointers: a batch for each hundred."""
        pointers = [keys.project_owner(project_id) for project_id in dict.fromkeys(ids)]
        found = self._dynamo.get_many(META, pointers) if pointers else []
        own = (row["pk"] for row in found if row["organization"] == organization)
        return frozenset(ProjectId(int(pk.partition("#")[2])) for pk in own)

    def insert(self, project: Project) -> None:
        """Store a new project and its pointer."""
        table = self._dynamo.table(META)
        pointer = {
            **keys.project_owner(project.id),
            "sv": SCHEMA_VERSION,
            "organization": project.organization_id,
        }
        self._dynamo.transact(
            [put(table, project_item(project, self._bodies), only_new=True), put(table, pointer)]
        )

    def update(
        self, before: Project, after: Project, *, config_versions: Sequence[ConfigVersion] = ()
    ) -> None:
        """Store an edit over the version that it was made of, with the config versions that it makes."""
        item = project_item(after, self._bodies)
        write = put(self._dynamo.table(META), item)
        condition = {
            "ConditionExpression": "#v = :v",
            "ExpressionAttributeNames": {"#v": "version"},
            "ExpressionAttributeValues": to_wire({":v": before.version}),
        }
        guarded = replace(write, arguments={**write.arguments, **condition})
        items = [config_version_item(version, self._bodies) for version in config_versions]
        kept = [put(self._dynamo.table(META), each) for each in items]
        try:
            if kept:
                self._dynamo.transact([guarded, *kept])
            else:
                self._dynamo.write(guarded)
        except ConditionError as error:
            raise ContentionError("Somebody else changed this project meanwhile.") from error

    def settled(self, project: Project) -> Project | None:
        """Empty what is left to do, if the version is still this one."""
        after = replace(project, unsettled=Unsettled.NOTHING, version=project.version + 1)
        key = keys.project(project.organization_id, project.id)
        setting = {"unsettled": after.unsettled, "version": after.version}
        only_if = {"version": project.version}
        try:
            self._dynamo.write(update(self._dynamo.table(META), key, setting=setting, only_if=only_if))
        except ConditionError:
            return None
        return after

    def config_versions(self, project_id: ProjectId) -> Sequence[ConfigVersion]:
        """The versions that were kept, by number."""
        found = self._dynamo.query(META, keys.config_versions(project_id))
        return [config_version_of(item, self._bodies) for item in found]

    def forget_config_versions(self, project_id: ProjectId) -> None:
        """Remove the versions of a deleted project."""
        for item in self._dynamo.query(META, keys.config_versions(project_id)):
            self._dynamo.write(delete(self._dynamo.table(META), {"pk": item["pk"], "sk": item["sk"]}))

    def delete(self, project: Project) -> None:
        """Remove the settings and the pointer."""
        table = self._dynamo.table(META)
        self._dynamo.transact(
            [
                delete(table, keys.project(project.organization_id, project.id)),
                delete(table, keys.project_owner(project.id)),
            ]
        )
