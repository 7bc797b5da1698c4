"""Long work: the engine of jobs, and the services and kinds of jobs that walk over tasks."""

from typing import TYPE_CHECKING, Any

from chalicelib.auth.principals import Principal
from chalicelib.clock import system_clock
from chalicelib.errors import NotFoundError
from chalicelib.ids import OrganizationId, UserId
from chalicelib.settings import settings
from chalicelib.wiring import labeling
from chalicelib.wiring.clients import dynamodb, once
from chalicelib.wiring.people import dynamo, people_repository, receipts, trail
from chalicelib.wiring.stores import blobs, job_queue

if TYPE_CHECKING:
    from chalicelib.domain.audit.records import ItemChange
    from chalicelib.domain.projects.entities import Project
    from chalicelib.services.config_edits import ConfigEditService
    from chalicelib.services.jobs import JobKind, Jobs
    from chalicelib.services.label_renames import LabelRenameService
    from chalicelib.services.person_exports import PersonExportService
    from chalicelib.services.prediction_intake import PredictionIntake
    from chalicelib.services.project_jobs import ProjectJobService
    from chalicelib.services.task_action_jobs import TaskActionJobService


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
    from chalicelib.wiring.transfers import conversion_kind, export_kind, import_kind

    config = settings()
    rows = DynamoJobRepository(
        config.table("jobs"),
        region=config.region,
        endpoint=config.dynamodb_endpoint or None,
        note=_note_change,
    )
    kinds = {
        "import": import_kind,
        "config_edit": _config_edit_kind,
        "config_undo": _config_undo_kind,
        "label_rename": _label_rename_kind,
        "task_action": _task_action_kind,
        "export": export_kind,
        "conversion": conversion_kind,
        "retune": _retune_kind,
        "erase": _erase_kind,
        "release": _release_kind,
        "person_export": _person_export_kind,
    }
    meter, reports = CapacityMeter(dynamodb()), BlobJobReports(blobs())
    return Jobs(rows, job_queue(), system_clock, kinds, meter=meter, reports=reports)


def _retune_kind() -> "JobKind":
    from chalicelib.services.maintenance_jobs import RetuneKind

    return RetuneKind(tasks=labeling.tasks(), actor=actor)


@once
def person_exports() -> "PersonExportService":
    """A person's data as one archive."""
    from chalicelib.services.person_exports import PersonExportService

    return PersonExportService(jobs(), blobs())


def _person_export_kind() -> "JobKind":
    from chalicelib.services.person_exports import PersonExportKind

    return PersonExportKind(
        data=labeling.person_data(), tasks=labeling.task_store(), blobs=blobs(), actor=actor
    )


def _erase_kind() -> "JobKind":
    from chalicelib.services.maintenance_jobs import EraseKind

    return EraseKind(projects=labeling.project_store(), tasks=labeling.task_store(), blobs=blobs())


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
        "actor": actor,
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
        actor=actor,
    )


@once
def task_action_jobs() -> "TaskActionJobService":
    """Actions on few or many tasks."""
    from chalicelib.services.task_action_jobs import TaskActionJobService

    return TaskActionJobService(actions=labeling.task_actions(), jobs=jobs(), blobs=blobs())


def _task_action_kind() -> "JobKind":
    from chalicelib.services.task_action_jobs import TaskActionKind

    return TaskActionKind(actions=labeling.task_actions(), blobs=blobs(), actor=actor)


@once
def prediction_intake() -> "PredictionIntake":
    """Predictions that models push to the queue."""
    from chalicelib.services.prediction_intake import PredictionIntake

    return PredictionIntake(
        projects=labeling.project_store(),
        tasks=labeling.task_store(),
        predictions=labeling.predictions(),
        actor=actor,
        claims=receipts(),
    )


@once
def project_jobs() -> "ProjectJobService":
    """Background jobs, as members see them."""
    from chalicelib.services.project_jobs import ProjectJobService

    return ProjectJobService(jobs(), labeling.project_store())


def actor(organization_id: OrganizationId, user_id: UserId) -> Principal:
    """The principal that a job acts for: the member who started it."""
    from chalicelib.services.credentials import principal_of

    account = people_repository().account(user_id)
    principal = principal_of(account, organization_id) if account else None
    if principal is None:
        raise NotFoundError("The member who started this has left the organization.")
    return principal


class StartedTaskJobs:
    """Starts the long walks over a project's tasks."""

    def retune(self, project: "Project", *, resets_overlap: bool, by: "UserId") -> None:
        """Bring every task in line with the project's settings."""
        _start("retune", project, by, resets_overlap=resets_overlap)

    def erase(self, project: "Project", *, by: "UserId") -> None:
        """Remove the project and everything that hangs on it."""
        _start("erase", project, by)

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
