"""The clients of AWS's services, and building things once."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from chalicelib.settings import Settings, settings

T = TypeVar("T")

_lock = threading.RLock()
_built: dict[str, Any] = {}


def once(build: Callable[[], T]) -> Callable[[], T]:
    """Give what `build` makes, making it once for all threads."""
    name = f"{build.__module__}.{build.__qualname__}"

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


def client(service: str, endpoint: str, config: Settings) -> Any:
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
            # DynamoDB checks all of this itself; checking it here first costs a fifth of an import
            parameter_validation=service != "dynamodb",
            signature_version="s3v4" if service == "s3" else None,
            s3={"addressing_style": "path"} if service == "s3" and endpoint else None,
        ),
    )


@once
def _session() -> Any:
    from botocore.session import get_session

    from chalicelib.storage.attribute_parsing import AttributeParsers

    session = get_session()
    session.register_component("response_parser_factory", AttributeParsers())
    return session


@once
def dynamodb() -> Any:
    """The DynamoDB client."""
    return client("dynamodb", settings().dynamodb_endpoint, settings())


@once
def s3() -> Any:
    """The S3 client that the server itself uses."""
    return client("s3", settings().s3_endpoint, settings())


@once
def media_s3() -> Any:
    """The S3 client that signs what browsers will open, under the origin that they reach."""
    return client("s3", settings().media_url or settings().s3_endpoint, settings())


@once
def sqs() -> Any:
    """The SQS client."""
    return client("sqs", settings().sqs_endpoint, settings())
