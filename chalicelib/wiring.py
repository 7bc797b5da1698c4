"""Builds adapters and hands them to services; the one place that knows both.

Everything is built at its first use and kept for the life of the process, so that importing this module
opens nothing and a cold start pays only for what its request needs. `reset` forgets it all, for tests
that change the environment.
"""


import threading
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from random import SystemRandom
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.auth.signing import KeyRing
from chalicelib.clock import system_clock
from chalicelib.domain import label_config
from chalicelib.errors import InvalidInputError
from chalicelib.integrations import signing_keys
from chalicelib.services.annotations import AnnotationService
from chalicelib.services.credentials import CredentialService
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
from chalicelib.storage.bodies import Bodies
from chalicelib.storage.credentials import DynamoCredentialRepository
from chalicelib.storage.dynamo import Dynamo
from chalicelib.storage.people import DynamoPeopleRepository
from chalicelib.storage.projects import DynamoProjectStore
from chalicelib.storage.queue import DynamoQueueStore
from chalicelib.storage.receipts import DynamoReceiptRepository
from chalicelib.storage.tasks import DynamoTaskStore

if TYPE_CHECKING:
    from chalicelib.domain.label_config import LabelConfig
    from chalicelib.storage.blobs import S3BlobStore

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
def blobs() -> "S3BlobStore":
    """The store of bytes."""
    from chalicelib.storage.blobs import S3BlobStore

    return S3BlobStore(s3(), settings().bucket)


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
        jobs=task_jobs(),
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


# ---------------------------------------------------------------- answers too large for a function


def keep_answer(content: bytes, content_type: str) -> str:
    """Keep the bytes for a while and give an address by which anybody who knows it can fetch them."""
    import secrets

    key = f"answers/{secrets.token_hex(16)}"
    s3().put_object(Bucket=settings().bucket, Key=key, Body=content, ContentType=content_type)
    address: str = media_s3().generate_presigned_url(
        "get_object", Params={"Bucket": settings().bucket, "Key": key}, ExpiresIn=300
    )
    return address
