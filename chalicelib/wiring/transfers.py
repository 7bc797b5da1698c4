"""Data in and out: uploads, imports, exports, pictures of people."""

import secrets
from typing import TYPE_CHECKING, Any

from chalicelib.auth.principals import Principal
from chalicelib.clock import system_clock
from chalicelib.ids import OrganizationId, ProjectId, TaskId, UserId
from chalicelib.settings import settings
from chalicelib.wiring import labeling
from chalicelib.wiring.clients import client, once, s3
from chalicelib.wiring.job_kinds import actor, jobs
from chalicelib.wiring.people import flags, ids, people, people_repository
from chalicelib.wiring.stores import blobs, documents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.exports import Author
    from chalicelib.integrations.outside import Outside
    from chalicelib.integrations.outside_stores import StoreKeys
    from chalicelib.services.avatars import AvatarService
    from chalicelib.services.export_jobs import ExportKind
    from chalicelib.services.exports import ExportService
    from chalicelib.services.fetching import UrlFetcher
    from chalicelib.services.imports import ImportService, UploadReader
    from chalicelib.services.jobs import JobKind
    from chalicelib.services.uploads import UploadService
    from chalicelib.storage.export_targets import NamedTargets, OutsideStore
    from chalicelib.storage.exports import DynamoExportStore


@once
def uploads() -> "UploadService":
    """Uploaded files."""
    from chalicelib.services.uploads import UploadService
    from chalicelib.storage.uploads import DynamoUploadStore

    return UploadService(
        projects=labeling.projects(),
        uploads=DynamoUploadStore(documents()),
        blobs=blobs(),
        ids=ids(),
        clock=system_clock,
        random_hex=lambda: secrets.token_hex(4),
    )


@once
def _upload_reader() -> "UploadReader":
    from chalicelib.services.imports import UploadReader

    return UploadReader(blobs=blobs(), members=_members, parse_config=labeling.parse_config)


@once
def outside() -> "Outside":
    """The guarded way to addresses of others."""
    from chalicelib.integrations.outside import Outside, networks

    return Outside(allowed=networks(settings().outside_allow))


@once
def _fetcher() -> "UrlFetcher":
    from chalicelib.services.fetching import UrlFetcher

    return UrlFetcher(uploads=uploads(), store=uploads().uploads, blobs=blobs(), outside=outside())


@once
def imports() -> "ImportService":
    """Imports."""
    from chalicelib.services.imports import ImportService

    return ImportService(
        projects=labeling.projects(),
        tasks=labeling.tasks(),
        uploads=uploads(),
        reader=_upload_reader(),
        fetcher=_fetcher(),
        jobs=jobs(),
        clock=system_clock,
    )


def import_kind() -> "JobKind":
    """What an import does."""
    from chalicelib.services.import_jobs import ImportKind

    return ImportKind(
        projects=labeling.projects(),
        tasks=labeling.tasks(),
        uploads=uploads(),
        reader=_upload_reader(),
        fetcher=_fetcher(),
        blobs=blobs(),
        actor=actor,
        columns=labeling.column_files(),
    )


@once
def _exports_store() -> "DynamoExportStore":
    from chalicelib.storage.exports import DynamoExportStore

    return DynamoExportStore(documents())


@once
def exports() -> "ExportService":
    """Exports."""
    from chalicelib.services.exports import ExportService

    return ExportService(
        projects=labeling.projects(),
        exports=_exports_store(),
        blobs=blobs(),
        jobs=jobs(),
        ids=ids(),
        clock=system_clock,
        parse_config=labeling.parse_config,
        targets=_export_targets(),
        may_push=lambda principal: flags().is_on(principal, "export_destinations"),
    )


@once
def avatars() -> "AvatarService":
    """People's pictures."""
    from chalicelib.services.avatars import AvatarService

    return AvatarService(people(), people_repository(), blobs())


@once
def _export_targets() -> "NamedTargets":
    from chalicelib.storage.export_targets import NamedTargets, S3Target

    listed = (address.strip() for address in settings().export_targets.split(","))
    stores = {"s3": lambda: S3Target(s3()), "gs": _google_target, "azure-blob": _azure_target}
    return NamedTargets([address for address in listed if address], stores)


def _google_target() -> "OutsideStore":
    from chalicelib.integrations.outside_stores import GoogleTarget

    return GoogleTarget.of(_store_keys())


def _azure_target() -> "OutsideStore":
    from chalicelib.integrations.outside_stores import AzureTarget

    return AzureTarget.of(_store_keys())


def _store_keys() -> "StoreKeys":
    """Read each time: a key that was changed is used at the next export."""
    from chalicelib.integrations import outside_stores

    if settings().store_keys_parameter:
        ssm = client("ssm", "", settings())
        return outside_stores.keys_from_parameter(ssm, settings().store_keys_parameter)
    if settings().store_keys_file:
        return outside_stores.keys_from_file(settings().store_keys_file)
    return outside_stores.StoreKeys()


def export_kind() -> "ExportKind":
    """What an export does."""
    from chalicelib.services.export_jobs import ExportKind

    return ExportKind(
        projects=labeling.projects(),
        tasks=labeling.tasks(),
        exports=_exports_store(),
        blobs=blobs(),
        authors=_authors,
        actor=actor,
        clock=system_clock,
        ids=ids(),
        parse_config=labeling.parse_config,
        tasks_of_view=_tasks_of_view,
        targets=_export_targets(),
    )


def _tasks_of_view(principal: Principal, project_id: ProjectId, view_id: int) -> list[TaskId]:
    """The tasks that a view of the data manager shows, as it is now."""
    from chalicelib.domain.data_manager.queries import read_query

    view = labeling.views().get(principal, view_id)
    return labeling.data_manager().ids(principal, project_id, read_query(view.data))


def conversion_kind() -> "JobKind":
    """What the conversion of an export to another format does."""
    from chalicelib.services.export_jobs import ConversionKind

    return ConversionKind(_exports_store(), export_kind())


def project_size(principal: Principal, project_id: ProjectId) -> int:
    """How many tasks the project has."""
    return sum(summary.counts.tasks for summary in labeling.tasks().blocks(principal, project_id))


def author_of(_principal: Principal, user_id: UserId) -> dict[str, Any]:
    """A user as they are shown beside what they made."""
    user = people().by_ids({user_id}).get(user_id)
    return {
        "id": user_id,
        "first_name": user.first_name if user else "",
        "last_name": user.last_name if user else "",
        "email": user.email if user else "",
        "avatar": (user.avatar if user else "") or None,
    }


def _members(organization_id: OrganizationId) -> dict[int | str, UserId]:
    """The members of an organization, by id and by address."""
    repository = people_repository()
    ids = [member.user_id for member in repository.members(organization_id)]
    users = repository.users(ids)
    return {key: user.id for user in users.values() for key in (user.id, user.email)}


def _authors(_organization_id: OrganizationId, user_ids: "Iterable[UserId]") -> "dict[UserId, Author]":
    """Users as exports name them."""
    from chalicelib.domain.exports import Author

    found = people_repository().users(user_ids)
    return {user.id: Author(user.id, user.email, user.first_name, user.last_name) for user in found.values()}


def keep_answer(content: bytes, content_type: str) -> str:
    """Keep the bytes for a while and give an address by which anybody who knows it can fetch them."""
    key = f"answers/{secrets.token_hex(16)}"
    blobs().put(key, content, content_type=content_type)
    return blobs().signed_get(key, expires_s=300, content_type=content_type)
