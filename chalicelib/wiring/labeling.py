"""Projects, tasks and what hangs on them."""

from collections import OrderedDict
from datetime import timedelta
from random import SystemRandom
from threading import Lock
from typing import TYPE_CHECKING

from chalicelib.clock import system_clock
from chalicelib.errors import InvalidInputError
from chalicelib.settings import settings
from chalicelib.wiring.clients import once
from chalicelib.wiring.people import (
    access_changed,
    credential_repository,
    credentials,
    dynamo,
    forget_traces,
    group_repository,
    ids,
    invitation_repository,
    keys,
    people,
    people_repository,
    receipts,
)

if TYPE_CHECKING:
    from chalicelib.domain.label_config import LabelConfig
    from chalicelib.services.annotation_history import AnnotationHistoryService
    from chalicelib.services.annotations import AnnotationService
    from chalicelib.services.assignments import AssignmentService
    from chalicelib.services.bulk import BulkService
    from chalicelib.services.column_files import ColumnFileService
    from chalicelib.services.comments import CommentService
    from chalicelib.services.contributions import ContributionService
    from chalicelib.services.data_manager import DataManagerService
    from chalicelib.services.drafts import DraftService
    from chalicelib.services.honeypots import HoneypotService
    from chalicelib.services.labels import LabelService
    from chalicelib.services.looking_ahead import LookAheadService
    from chalicelib.services.next_task import NextTaskService
    from chalicelib.services.person_data import PersonDataService
    from chalicelib.services.predictions import PredictionService
    from chalicelib.services.project_members import ProjectMemberService
    from chalicelib.services.projects import ProjectService
    from chalicelib.services.reviews import ReviewService
    from chalicelib.services.states import StateService
    from chalicelib.services.task_actions import TaskActionService
    from chalicelib.services.tasks import TaskService
    from chalicelib.services.views import ViewService
    from chalicelib.services.workflows import WorkflowService
    from chalicelib.storage.bodies import Bodies
    from chalicelib.storage.projects import DynamoProjectStore
    from chalicelib.storage.queue import DynamoQueueStore
    from chalicelib.storage.tasks import DynamoTaskStore


CONFIGS_KEPT = 256
CONFIG_CHARACTERS_KEPT = 6_000_000
"""How many configurations stay parsed, and how long their texts may be together: one of 100,000 labels has
2.5 million characters and takes 60 MB parsed."""
_configs: "OrderedDict[str, LabelConfig]" = OrderedDict()
_configs_lock = Lock()


def parse_config(text: str) -> "LabelConfig":
    """A labeling configuration, checked. Raises InvalidInputError with every fault."""
    with _configs_lock:
        known = _configs.get(text)
        if known is not None:
            _configs.move_to_end(text)
            return known
    from chalicelib.domain.label_config import parse

    parsed = parse(text)
    with _configs_lock:
        _configs[text] = parsed
        while len(_configs) > 1 and (
            len(_configs) > CONFIGS_KEPT or sum(map(len, _configs)) > CONFIG_CHARACTERS_KEPT
        ):
            _configs.popitem(last=False)
    return parsed


def known_config(text: str) -> "LabelConfig":
    """A stored configuration: an empty one in the place of one that older rules accepted and ours don't."""
    try:
        return parse_config(text)
    except InvalidInputError:
        return parse_config("<View></View>")


class _BlobsWhenNeeded:
    """The store of bytes, whose client is made only for a task that has bytes there."""

    def get(self, key: str) -> bytes:
        """The whole blob."""
        from chalicelib.wiring.stores import blobs

        return blobs().get(key)

    def put(self, key: str, data: bytes) -> object:
        """Store a blob whole."""
        from chalicelib.wiring.stores import blobs

        return blobs().put(key, data)


@once
def _bodies() -> "Bodies":
    from chalicelib.storage.bodies import Bodies

    return Bodies(_BlobsWhenNeeded())


@once
def project_store() -> "DynamoProjectStore":
    """The projects' settings."""
    from chalicelib.storage.projects import DynamoProjectStore

    return DynamoProjectStore(dynamo(), _bodies())


@once
def task_store() -> "DynamoTaskStore":
    """Tasks and what hangs on them."""
    from chalicelib.storage.tasks import DynamoTaskStore

    return DynamoTaskStore(dynamo(), _bodies())


@once
def _queue_store() -> "DynamoQueueStore":
    from chalicelib.storage.queue import DynamoQueueStore

    return DynamoQueueStore(dynamo(), task_store())


@once
def projects() -> "ProjectService":
    """Projects."""
    from chalicelib.services.projects import ProjectService
    from chalicelib.wiring.job_kinds import StartedTaskJobs

    return ProjectService(
        projects=project_store(),
        tasks=task_store(),
        queue=_queue_store(),
        ids=ids(),
        clock=system_clock,
        parse_config=parse_config,
        jobs=StartedTaskJobs(),
    )


@once
def project_members() -> "ProjectMemberService":
    """Who may do what in a project."""
    from chalicelib.services.project_members import ProjectMemberService

    return ProjectMemberService(
        projects=project_store(),
        people=people_repository(),
        groups=group_repository(),
        clock=system_clock,
        forget_verified=credentials().forget,
        access_changed=access_changed,
    )


@once
def person_data() -> "PersonDataService":
    """What is kept about a person."""
    from chalicelib.services.person_data import PersonDataService

    return PersonDataService(
        people=people_repository(),
        credentials=credential_repository(),
        invitations=invitation_repository(),
        projects=project_store(),
        queue=_queue_store(),
        keys=keys(),
        forget_verified=credentials().forget,
        forget_traces=forget_traces,
        forget_name=people().forget_name,
        access_changed=access_changed,
    )


@once
def tasks() -> "TaskService":
    """Tasks."""
    from chalicelib.services.tasks import TaskService
    from chalicelib.wiring.job_kinds import StartedTaskJobs

    return TaskService(
        projects=project_store(),
        tasks=task_store(),
        clock=system_clock,
        parse_config=parse_config,
        jobs=StartedTaskJobs(),
    )


@once
def assignments() -> "AssignmentService":
    """Tasks assigned to people."""
    from chalicelib.services.assignments import AssignmentService
    from chalicelib.wiring.job_kinds import StartedTaskJobs

    return AssignmentService(
        projects=project_store(),
        tasks=task_store(),
        queue=_queue_store(),
        clock=system_clock,
        jobs=StartedTaskJobs(),
        who_annotates=project_members().who_annotate,
    )


@once
def honeypots() -> "HoneypotService":
    """How well annotators do on tasks whose answer is known."""
    from chalicelib.services.honeypots import HoneypotService

    return HoneypotService(projects=project_store(), tasks=task_store(), queue=_queue_store())


@once
def views() -> "ViewService":
    """Saved views."""
    from chalicelib.services.views import ViewService
    from chalicelib.storage.views import DynamoViewStore

    return ViewService(projects=project_store(), views=DynamoViewStore(dynamo()), ids=ids())


@once
def labels() -> "LabelService":
    """Labels that organizations keep."""
    from chalicelib.services.labels import LabelService
    from chalicelib.storage.labels import DynamoLabelStore

    return LabelService(
        projects=project_store(),
        tasks=task_store(),
        labels=DynamoLabelStore(dynamo()),
        ids=ids(),
        clock=system_clock,
    )


@once
def contributions() -> "ContributionService":
    """How much members have done."""
    from chalicelib.services.contributions import ContributionService

    return ContributionService(projects=project_store(), queue=_queue_store())


@once
def data_manager() -> "DataManagerService":
    """Finding tasks."""
    from chalicelib.services.data_manager import DataManagerService

    return DataManagerService(tasks=tasks(), files=column_files())


@once
def column_files() -> "ColumnFileService":
    """The packed columns of large projects."""
    from chalicelib.services.column_files import ColumnFileService
    from chalicelib.storage.column_files import DynamoColumnFileStore
    from chalicelib.wiring.stores import blobs, job_queue

    return ColumnFileService(
        tasks=task_store(),
        files=DynamoColumnFileStore(dynamo(), blobs()),
        queue=job_queue(),
        clock=system_clock,
    )


@once
def task_actions() -> "TaskActionService":
    """Actions on chosen tasks."""
    from chalicelib.services.copies import CopyService
    from chalicelib.services.label_caching import LabelCacheService
    from chalicelib.services.task_actions import TaskActionService

    return TaskActionService(
        tasks=tasks(),
        annotations=annotations(),
        assignments=assignments(),
        predictions=predictions(),
        views=views(),
        copies=CopyService(projects=project_store(), tasks=task_store(), clock=system_clock),
        label_cache=LabelCacheService(
            projects=project_store(), tasks=task_store(), clock=system_clock, parse_config=known_config
        ),
        states=states(),
    )


@once
def annotations() -> "AnnotationService":
    """Annotations."""
    from chalicelib.services.annotations import AnnotationService

    return AnnotationService(
        projects=project_store(),
        tasks=task_store(),
        queue=_queue_store(),
        clock=system_clock,
        rng=_rng(),
        parse_config=known_config,
    )


@once
def states() -> "StateService":
    """States and transitions."""
    from chalicelib.services.states import StateService

    return StateService(
        projects=project_store(),
        tasks=task_store(),
        annotations=annotations(),
        versions=annotation_history(),
        clock=system_clock,
    )


@once
def comments() -> "CommentService":
    """Comments."""
    from chalicelib.services.comments import CommentService

    return CommentService(projects=project_store(), tasks=task_store(), clock=system_clock)


@once
def reviews() -> "ReviewService":
    """The tasks that wait for a verdict."""
    from chalicelib.services.reviews import ReviewService

    return ReviewService(projects=project_store(), tasks=task_store(), states=states(), clock=system_clock)


@once
def workflows() -> "WorkflowService":
    """The workflows of projects."""
    from chalicelib.services.workflows import WorkflowService
    from chalicelib.wiring.job_kinds import StartedTaskJobs

    return WorkflowService(
        projects=project_store(), tasks=task_store(), clock=system_clock, jobs=StartedTaskJobs()
    )


@once
def annotation_history() -> "AnnotationHistoryService":
    """The versions of annotations."""
    from chalicelib.services.annotation_history import AnnotationHistoryService

    return AnnotationHistoryService(
        projects=project_store(),
        tasks=task_store(),
        annotations=annotations(),
        clock=system_clock,
        parse_config=known_config,
    )


@once
def drafts() -> "DraftService":
    """Drafts."""
    from chalicelib.services.drafts import DraftService

    return DraftService(
        projects=project_store(), tasks=task_store(), queue=_queue_store(), clock=system_clock
    )


@once
def predictions() -> "PredictionService":
    """Predictions."""
    from chalicelib.services.predictions import PredictionService

    return PredictionService(
        projects=project_store(), tasks=task_store(), clock=system_clock, parse_config=known_config
    )


@once
def bulk() -> "BulkService":
    """Many things in one request."""
    from chalicelib.services.bulk import BulkService

    return BulkService(tasks=tasks(), predictions=predictions(), notes=receipts())


@once
def next_task() -> "NextTaskService":
    """Handing out tasks."""
    from chalicelib.services.next_task import NextTaskService

    return NextTaskService(
        projects=project_store(),
        tasks=task_store(),
        queue=_queue_store(),
        clock=system_clock,
        rng=_rng(),
        lease=timedelta(seconds=settings().lease_s),
        secret=lambda: keys().derive("honeypots"),
    )


@once
def look_ahead() -> "LookAheadService":
    """Guessing what is handed out next."""
    from chalicelib.services.looking_ahead import LookAheadService

    return LookAheadService(
        projects=project_store(),
        tasks=task_store(),
        queue=_queue_store(),
        clock=system_clock,
        secret=lambda: keys().derive("honeypots"),
    )


def _rng() -> SystemRandom:
    return SystemRandom()
