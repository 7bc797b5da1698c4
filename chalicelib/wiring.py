"""Builds adapters and hands them to services; the one place that knows both.

Everything is built at its first use and kept for the life of the process, so that importing this module
opens nothing and a cold start pays only for what its request needs. `reset` forgets it all, for tests
that change the environment.
"""

import secrets
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from random import SystemRandom
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.auth.principals import Principal
from chalicelib.auth.signing import KeyRing
from chalicelib.clock import system_clock
from chalicelib.domain import label_config
from chalicelib.domain.projects.entities import Project
from chalicelib.errors import InvalidInputError, NotFoundError
from chalicelib.ids import OrganizationId, ProjectId, UserId
from chalicelib.integrations import signing_keys
from chalicelib.services.annotations import AnnotationService
from chalicelib.services.credentials import CredentialService, principal_of
from chalicelib.services.drafts import DraftService
from chalicelib.services.next_task import NextTaskService
from chalicelib.services.organizations import OrganizationService
from chalicelib.services.people import PeopleService
from chalicelib.services.predictions import PredictionService
from chalicelib.services.projects import ProjectService
from chalicelib.services.sessions import AttemptLimits, SessionService
from chalicelib.services.tasks import TaskService
from chalicelib.services.tokens import TokenService
from chalicelib.settings import Settings, settings
from chalicelib.storage.allocation import DynamoIdSource
from chalicelib.storage.blobs import S3BlobStore
from chalicelib.storage.bodies import Bodies
from chalicelib.storage.credentials import DynamoCredentialRepository
from chalicelib.storage.dynamo import Dynamo
from chalicelib.storage.people import DynamoPeopleRepository
from chalicelib.storage.projects import DynamoProjectStore
from chalicelib.storage.queue import DynamoQueueStore
from chalicelib.storage.receipts import DynamoReceiptRepository
from chalicelib.storage.tasks import DynamoTaskStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.exports import Author
    from chalicelib.domain.label_config import LabelConfig
    from chalicelib.services.export_jobs import ExportKind
    from chalicelib.services.exports import ExportService
    from chalicelib.services.imports import ImportService, UploadReader
    from chalicelib.services.jobs import JobKind, Jobs
    from chalicelib.services.prediction_intake import PredictionIntake
    from chalicelib.services.uploads import UploadService
    from chalicelib.storage.documents import Documents
    from chalicelib.storage.exports import DynamoExportStore

T = TypeVar("T")

_lock = threading.RLock()
_built: dict[str, Any] = {}


def once(build: Callable[[], T]) -> Callable[[], T]:
    """Give what `build` makes, making it once for all threads."""
    name = build.__qualname__

    def built() -> T:
        if name not in _built:
            with _lock:
                if name not in _built:
                    _built[name] = build()
        made: T = _built[name]
        return made

    return built


def reset() -> None:
    """Forget everything built and the settings it was built from."""
    with _lock:
        _built.clear()
        settings.cache_clear()


def _client(service: str, endpoint: str, config: Settings) -> Any:
    """A botocore client. Not boto3's: its resources would double the cold start."""
    from botocore.config import Config

    return _session().create_client(
        service,
        region_name=config.region,
        endpoint_url=endpoint or None,
        config=Config(
            connect_timeout=3,
            read_timeout=15,
            retries={"mode": "standard", "total_max_attempts": 4},
            max_pool_connections=32,
            signature_version="s3v4" if service == "s3" else None,
            s3={"addressing_style": "path"} if service == "s3" and endpoint else None,
        ),
    )


@once
def _session() -> Any:
    from botocore.session import get_session

    return get_session()


@once
def dynamodb() -> Any:
    """The DynamoDB client."""
    return _client("dynamodb", settings().dynamodb_endpoint, settings())


@once
def s3() -> Any:
    """The S3 client that the server itself uses."""
    return _client("s3", settings().s3_endpoint, settings())


@once
def media_s3() -> Any:
    """The S3 client that signs what browsers will open, under the origin that they reach."""
    return _client("s3", settings().media_url or settings().s3_endpoint, settings())


@once
def sqs() -> Any:
    """The SQS client."""
    return _client("sqs", settings().sqs_endpoint, settings())


# ---------------------------------------------------------------- people and credentials


@once
def keys() -> KeyRing:
    """The signing keys."""
    if settings().key_parameter:
        client = _client("ssm", "", settings())
        return signing_keys.from_parameter(client, settings().key_parameter)
    if settings().key_file:
        return signing_keys.from_file(settings().key_file)
    raise InvalidInputError.at("SKYLABEL_KEY_FILE", "must be set: there is no default key")


@once
def _dynamo() -> Dynamo:
    return Dynamo(dynamodb(), settings().table_prefix)


@once
def _people_repository() -> DynamoPeopleRepository:
    return DynamoPeopleRepository(_dynamo())


@once
def _credential_repository() -> DynamoCredentialRepository:
    return DynamoCredentialRepository(_dynamo())


@once
def receipts() -> DynamoReceiptRepository:
    """The receipts of requests made under an idempotency key."""
    return DynamoReceiptRepository(_dynamo(), system_clock)


@once
def credentials() -> CredentialService:
    """From what a request carries to who is asking."""
    return CredentialService(
        people=_people_repository(),
        credentials=_credential_repository(),
        keys=keys(),
        clock=system_clock,
        cache_s=settings().credential_cache_s,
    )


@once
def sessions() -> SessionService:
    """Signing in and out."""
    limits = AttemptLimits(
        per_account=settings().login_attempts,
        per_address=settings().login_attempts_per_address,
        window_s=settings().login_window_s,
    )
    return SessionService(
        people=_people_repository(),
        credentials=_credential_repository(),
        clock=system_clock,
        session_s=settings().session_s,
        limits=limits,
        forget_verified=credentials().forget,
    )


@once
def tokens() -> TokenService:
    """The tokens that scripts use."""
    return TokenService(
        people=_people_repository(),
        credentials=_credential_repository(),
        keys=keys(),
        clock=system_clock,
        access_s=settings().access_token_s,
        forget_verified=credentials().forget,
    )


@once
def people() -> PeopleService:
    """Users."""
    return PeopleService(
        people=_people_repository(),
        keys=keys(),
        clock=system_clock,
        forget_verified=credentials().forget,
    )


@once
def organizations() -> OrganizationService:
    """Organizations, members and invitations."""
    return OrganizationService(
        people=_people_repository(),
        keys=keys(),
        clock=system_clock,
        forget_verified=credentials().forget,
    )


# ---------------------------------------------------------------- projects and tasks


@lru_cache(maxsize=256)
def parse_config(text: str) -> "LabelConfig":
    """A labeling configuration, checked. Raises InvalidInputError with every fault."""
    return label_config.parse(text)


def known_config(text: str) -> "LabelConfig":
    """A stored configuration: an empty one in the place of one that older rules accepted and ours don't."""
    try:
        return parse_config(text)
    except InvalidInputError:
        return parse_config("<View></View>")


@once
def _project_store() -> DynamoProjectStore:
    return DynamoProjectStore(_dynamo())


@once
def _task_store() -> DynamoTaskStore:
    return DynamoTaskStore(_dynamo(), Bodies(blobs()))


@once
def _queue_store() -> DynamoQueueStore:
    return DynamoQueueStore(_dynamo(), _task_store())


@once
def projects() -> ProjectService:
    """Projects."""
    return ProjectService(
        projects=_project_store(),
        tasks=_task_store(),
        queue=_queue_store(),
        ids=DynamoIdSource(_dynamo()),
        clock=system_clock,
        parse_config=parse_config,
        jobs=_TaskJobs(),
    )


class _TaskJobs:
    """Starts the long walks over a project's tasks."""

    def retune(self, project: Project, *, resets_overlap: bool) -> None:
        """Bring every task in line with the project's settings."""
        _start("retune", project, resets_overlap=resets_overlap)

    def erase(self, project: Project) -> None:
        """Remove everything that hung on a deleted project."""
        _start("erase", project)


def _start(kind: str, project: Project, **arguments: object) -> None:
    from chalicelib.services.jobs import JobRequest

    jobs().create(
        JobRequest(
            kind=kind,
            organization=project.organization_id,
            project=project.id,
            user=project.created_by,
            arguments=arguments,
        )
    )


@once
def tasks() -> TaskService:
    """Tasks."""
    return TaskService(
        projects=_project_store(), tasks=_task_store(), clock=system_clock, parse_config=parse_config
    )


@once
def annotations() -> AnnotationService:
    """Annotations."""
    return AnnotationService(
        projects=_project_store(), tasks=_task_store(), queue=_queue_store(), clock=system_clock, rng=_rng()
    )


@once
def drafts() -> DraftService:
    """Drafts."""
    return DraftService(
        projects=_project_store(), tasks=_task_store(), queue=_queue_store(), clock=system_clock
    )


@once
def predictions() -> PredictionService:
    """Predictions."""
    return PredictionService(
        projects=_project_store(), tasks=_task_store(), clock=system_clock, parse_config=parse_config
    )


@once
def next_task() -> NextTaskService:
    """Handing out tasks."""
    return NextTaskService(
        projects=_project_store(),
        tasks=_task_store(),
        queue=_queue_store(),
        clock=system_clock,
        rng=_rng(),
        lease=timedelta(seconds=settings().lease_s),
    )


def _rng() -> SystemRandom:
    return SystemRandom()


# ---------------------------------------------------------------- bytes, jobs, imports, exports


@once
def blobs() -> S3BlobStore:
    """The store of bytes."""
    return S3BlobStore(s3(), settings().bucket, signer=media_s3())


@once
def _documents() -> "Documents":
    from chalicelib.storage.documents import Documents

    config = settings()
    return Documents(config.table("meta"), region=config.region, endpoint=config.dynamodb_endpoint or None)


@once
def jobs() -> "Jobs":
    """The engine of long work."""
    from chalicelib.services.jobs import Jobs
    from chalicelib.storage.jobs import DynamoJobRepository
    from chalicelib.storage.queues import SqsJobQueue

    config = settings()
    rows = DynamoJobRepository(
        config.table("jobs"), region=config.region, endpoint=config.dynamodb_endpoint or None
    )
    queue = SqsJobQueue(sqs(), config.queue_prefix)
    kinds = {
        "import": _import_kind,
        "export": _export_kind,
        "conversion": _conversion_kind,
        "retune": _retune_kind,
        "erase": _erase_kind,
    }
    return Jobs(rows, queue, system_clock, kinds)


@once
def uploads() -> "UploadService":
    """Uploaded files."""
    from chalicelib.services.uploads import UploadService
    from chalicelib.storage.uploads import DynamoUploadStore

    return UploadService(
        projects=projects(),
        uploads=DynamoUploadStore(_documents()),
        blobs=blobs(),
        ids=DynamoIdSource(_dynamo()),
        clock=system_clock,
        random_hex=lambda: secrets.token_hex(4),
    )


@once
def _upload_reader() -> "UploadReader":
    from chalicelib.services.imports import UploadReader

    return UploadReader(blobs=blobs(), members=_members, parse_config=parse_config)


@once
def imports() -> "ImportService":
    """Imports."""
    from chalicelib.services.imports import ImportService

    return ImportService(
        projects=projects(),
        tasks=tasks(),
        uploads=uploads(),
        reader=_upload_reader(),
        jobs=jobs(),
        clock=system_clock,
    )


def _import_kind() -> "JobKind":
    from chalicelib.services.import_jobs import ImportKind

    return ImportKind(
        projects=projects(),
        tasks=tasks(),
        uploads=uploads(),
        reader=_upload_reader(),
        blobs=blobs(),
        actor=_actor,
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
        projects=projects(),
        exports=_exports_store(),
        blobs=blobs(),
        jobs=jobs(),
        ids=DynamoIdSource(_dynamo()),
        clock=system_clock,
        parse_config=parse_config,
    )


def _export_kind() -> "ExportKind":
    from chalicelib.services.export_jobs import ExportKind

    return ExportKind(
        projects=projects(),
        tasks=tasks(),
        exports=_exports_store(),
        blobs=blobs(),
        authors=_authors,
        actor=_actor,
        clock=system_clock,
        ids=DynamoIdSource(_dynamo()),
        parse_config=parse_config,
    )


def _conversion_kind() -> "JobKind":
    from chalicelib.services.export_jobs import ConversionKind

    return ConversionKind(_exports_store(), _export_kind())


def _retune_kind() -> "JobKind":
    from chalicelib.services.maintenance_jobs import RetuneKind

    return RetuneKind(tasks=tasks(), actor=_actor)


def _erase_kind() -> "JobKind":
    from chalicelib.services.maintenance_jobs import EraseKind

    return EraseKind(tasks=_task_store(), blobs=blobs())


@once
def prediction_intake() -> "PredictionIntake":
    """Predictions that models push to the queue."""
    from chalicelib.services.prediction_intake import PredictionIntake

    return PredictionIntake(
        projects=_project_store(),
        tasks=_task_store(),
        predictions=predictions(),
        actor=_actor,
        claims=receipts(),
    )


def project_size(principal: Principal, project_id: ProjectId) -> int:
    """How many tasks the project has."""
    return sum(summary.counts.tasks for summary in tasks().blocks(principal, project_id))


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
    account = _people_repository().account(user_id)
    principal = principal_of(account, organization_id) if account else None
    if principal is None:
        raise NotFoundError("The member who started this has left the organization.")
    return principal


def _members(organization_id: OrganizationId) -> dict[int | str, UserId]:
    """The members of an organization, by id and by address."""
    repository = _people_repository()
    ids = [member.user_id for member in repository.members(organization_id)]
    users = repository.users(ids)
    return {key: user.id for user in users.values() for key in (user.id, user.email)}


def _authors(_organization_id: OrganizationId, user_ids: "Iterable[UserId]") -> "dict[UserId, Author]":
    """Users as exports name them."""
    from chalicelib.domain.exports import Author

    found = _people_repository().users(user_ids)
    return {user.id: Author(user.id, user.email, user.first_name, user.last_name) for user in found.values()}


# ---------------------------------------------------------------- answers too large for a function


def keep_answer(content: bytes, content_type: str) -> str:
    """Keep the bytes for a while and give an address by which anybody who knows it can fetch them."""
    key = f"answers/{secrets.token_hex(16)}"
    blobs().put(key, content, content_type=content_type)
    return blobs().signed_get(key, expires_s=300, content_type=content_type)
