"""Bytes, jobs, imports, exports: whatever moves much at once."""

import secrets
from typing import TYPE_CHECKING, Any

from chalicelib.auth.principals import Principal
from chalicelib.clock import system_clock
from chalicelib.errors import NotFoundError
from chalicelib.ids import OrganizationId, ProjectId, TaskId, UserId
from chalicelib.settings import settings
from chalicelib.wiring import labeling
from chalicelib.wiring.clients import client, dynamodb, media_s3, once, s3, sqs
from chalicelib.wiring.people import dynamo, flags, ids, people, people_repository, receipts, trail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.audit.records import ItemChange
    from chalicelib.domain.exports import Author
    from chalicelib.domain.projects.entities import Project
    from chalicelib.integrations.outside import Outside
    from chalicelib.integrations.outside_stores import StoreKeys
    from chalicelib.services.avatars import AvatarService
    from chalicelib.services.config_edits import ConfigEditService
    from chalicelib.services.export_jobs import ExportKind
    from chalicelib.services.exports import ExportService
    from chalicelib.services.fetching import UrlFetcher
    from chalicelib.services.imports import ImportService, UploadReader
    from chalicelib.services.jobs import JobKind, Jobs
    from chalicelib.services.label_renames import LabelRenameService
    from chalicelib.services.person_exports import PersonExportService
    from chalicelib.services.prediction_intake import PredictionIntake
    from chalicelib.services.project_jobs import ProjectJobService
    from chalicelib.services.task_action_jobs import TaskActionJobService
    from chalicelib.services.uploads import UploadService
    from chalicelib.storage.blobs import S3BlobStore
    from chalicelib.storage.documents import Documents
    from chalicelib.storage.export_targets import NamedTargets, OutsideStore
    from chalicelib.storage.exports import DynamoExportStore
    from chalicelib.storage.queues import SqsJobQueue


@once
def blobs() -> "S3BlobStore":
    """The store of bytes."""
    from chalicelib.storage.blobs import S3BlobStore

    return S3BlobStore(s3(), settings().bucket, signer=media_s3())


@once
def _documents() -> "Documents":
    from chalicelib.storage.documents import Documents

    return Documents(dynamo())


@once
def job_queue() -> "SqsJobQueue":
    """The queues that nudge workers."""
    from chalicelib.storage.queues import SqsJobQueue

    return SqsJobQueue(sqs(), settings().queue_prefix)


def _note_change(change: "ItemChange") -> None:
    """Tell the audit log of what is kept elsewhere than behind `dynamo`."""
    record = trail().note(change)
    if record is not None:
        dynamo().write(record)


@once
def jobs() -> "Jobs":
    """The engine of long work."""
    from chalicelib.services.job_reports import BlobJobReports
    from chalicelib.services.jobs import Jobs
    from chalicelib.storage.jobs import DynamoJobRepository
    from chalicelib.storage.metering import CapacityMeter

    config = settings()
    rows = DynamoJobRepository(
        config.table("jobs"),
        region=config.region,
        endpoint=config.dynamodb_endpoint or None,
        note=_note_change,
    )
    kinds = {
        "import": _import_kind,
        "config_edit": _config_edit_kind,
        "config_undo": _config_undo_kind,
        "label_rename": _label_rename_kind,
        "task_action": _task_action_kind,
        "export": _export_kind,
        "conversion": _conversion_kind,
        "retune": _retune_kind,
        "erase": _erase_kind,
        "release": _release_kind,
        "person_export": _person_export_kind,
    }
    meter, reports = CapacityMeter(dynamodb()), BlobJobReports(blobs())
    return Jobs(rows, job_queue(), system_clock, kinds, meter=meter, reports=reports)


@once
def uploads() -> "UploadService":
    """Uploaded files."""
    from chalicelib.services.uploads import UploadService
    from chalicelib.storage.uploads import DynamoUploadStore

    return UploadService(
        projects=labeling.projects(),
        uploads=DynamoUploadStore(_documents()),
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


def _import_kind() -> "JobKind":
    from chalicelib.services.import_jobs import ImportKind

    return ImportKind(
        projects=labeling.projects(),
        tasks=labeling.tasks(),
        uploads=uploads(),
        reader=_upload_reader(),
        fetcher=_fetcher(),
        blobs=blobs(),
        actor=_actor,
        columns=labeling.column_files(),
    )


@once
def _exports_store() -> "DynamoExportStore":
    from chalicelib.storage.exports import DynamoExportStore

    return DynamoExportStore(_documents())


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


def _export_kind() -> "ExportKind":
    from chalicelib.services.export_jobs import ExportKind

    return ExportKind(
        projects=labeling.projects(),
        tasks=labeling.tasks(),
        exports=_exports_store(),
        blobs=blobs(),
        authors=_authors,
        actor=_actor,
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


def _conversion_kind() -> "JobKind":
    from chalicelib.services.export_jobs import ConversionKind

    return ConversionKind(_exports_store(), _export_kind())


def _retune_kind() -> "JobKind":
    from chalicelib.services.maintenance_jobs import RetuneKind

    return RetuneKind(tasks=labeling.tasks(), actor=_actor)


@once
def person_exports() -> "PersonExportService":
    """A person's data as one archive."""
    from chalicelib.services.person_exports import PersonExportService

    return PersonExportService(jobs(), blobs())


def _person_export_kind() -> "JobKind":
    from chalicelib.services.person_exports import PersonExportKind

    return PersonExportKind(
        data=labeling.person_data(), tasks=labeling.task_store(), blobs=blobs(), actor=_actor
    )


def _erase_kind() -> "JobKind":
    from chalicelib.services.maintenance_jobs import EraseKind

    return EraseKind(tasks=labeling.task_store(), blobs=blobs())


def _release_kind() -> "JobKind":
    from chalicelib.services.assignment_jobs import ReleaseKind

    return ReleaseKind(assignments=labeling.assignments(), projects=labeling.project_store())


def _config_edit_kind() -> "JobKind":
    from chalicelib.services.config_edit_jobs import ConfigEditKind

    return ConfigEditKind(**_config_work())


def _config_undo_kind() -> "JobKind":
    from chalicelib.services.config_edit_jobs import ConfigUndoKind

    return ConfigUndoKind(**_config_work())


def _config_work() -> dict[str, Any]:
    """What both kinds of changes of a configuration need."""
    return {
        "projects": labeling.project_store(),
        "tasks": labeling.task_store(),
        "blobs": blobs(),
        "clock": system_clock,
        "parse_config": labeling.parse_config,
        "actor": _actor,
    }


@once
def config_edits() -> "ConfigEditService":
    """Changes of configurations that carry the work along."""
    from chalicelib.services.config_edits import ConfigEditService

    return ConfigEditService(
        projects=labeling.project_store(),
        tasks=labeling.task_store(),
        blobs=blobs(),
        jobs=jobs(),
        parse_config=labeling.parse_config,
    )


@once
def label_renames() -> "LabelRenameService":
    """Renaming labels in results."""
    from chalicelib.services.label_renames import LabelRenameService

    return LabelRenameService(projects=labeling.project_store(), jobs=jobs())


def _label_rename_kind() -> "JobKind":
    from chalicelib.services.label_renames import LabelRenameKind

    return LabelRenameKind(
        projects=labeling.project_store(),
        tasks=labeling.task_store(),
        blobs=blobs(),
        clock=system_clock,
        actor=_actor,
    )


@once
def task_action_jobs() -> "TaskActionJobService":
    """Actions on few or many tasks."""
    from chalicelib.services.task_action_jobs import TaskActionJobService

    return TaskActionJobService(actions=labeling.task_actions(), jobs=jobs(), blobs=blobs())


def _task_action_kind() -> "JobKind":
    from chalicelib.services.task_action_jobs import TaskActionKind

    return TaskActionKind(actions=labeling.task_actions(), blobs=blobs(), actor=_actor)


@once
def prediction_intake() -> "PredictionIntake":
    """Predictions that models push to the queue."""
    from chalicelib.services.prediction_intake import PredictionIntake

    return PredictionIntake(
        projects=labeling.project_store(),
        tasks=labeling.task_store(),
        predictions=labeling.predictions(),
        actor=_actor,
        claims=receipts(),
    )


@once
def project_jobs() -> "ProjectJobService":
    """Background jobs, as members see them."""
    from chalicelib.services.project_jobs import ProjectJobService

    return ProjectJobService(jobs(), labeling.project_store())


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


def _actor(organization_id: OrganizationId, user_id: UserId) -> Principal:
    """The principal that a job acts for: the member who started it."""
    from chalicelib.services.credentials import principal_of

    account = people_repository().account(user_id)
    principal = principal_of(account, organization_id) if account else None
    if principal is None:
        raise NotFoundError("The member who started this has left the organization.")
    return principal


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


class StartedTaskJobs:
    """Starts the long walks over a project's tasks."""

    def retune(self, project: "Project", *, resets_overlap: bool, by: "UserId") -> None:
        """Bring every task in line with the project's settings."""
        _start("retune", project, by, resets_overlap=resets_overlap)

    def erase(self, project: "Project") -> None:
        """Remove everything that hung on a deleted project."""
        _start("erase", project, project.created_by)

    def release(self, project: "Project", *, user: "UserId", by: "UserId") -> None:
        """Give back all tasks that wait for a user."""
        _start("release", project, by, user=user)


def _start(kind: str, project: "Project", by: "UserId", **arguments: object) -> None:
    from chalicelib.services.jobs import JobRequest

    jobs().create(
        JobRequest(
            kind=kind,
            organization=project.organization_id,
            project=project.id,
            user=by,
            arguments=arguments,
        )
    )


def keep_answer(content: bytes, content_type: str) -> str:
    """Keep the bytes for a while and give an address by which anybody who knows it can fetch them."""
    key = f"answers/{secrets.token_hex(16)}"
    blobs().put(key, content, content_type=content_type)
    return blobs().signed_get(key, expires_s=300, content_type=content_type)
