"""Google Cloud Storage and Azure Blob Storage, as places to put exports in; and the keys to them.

Their libraries are imported where they are used: no cold start pays for them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

from chalicelib.errors import InvalidInputError, UpstreamError

CHUNK_BYTES = 4 << 20
COPY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class StoreKeys:
    """What opens the operator's stores; empty where none is set."""

    google: dict[str, Any] = field(default_factory=dict)
    """A service account's key, as Google's console writes it."""
    azure: str = ""
    """A connection string of one storage account."""


def keys_from_file(path: str) -> StoreKeys:
    """The keys in a JSON file: `{"google": {…}, "azure": "…"}`. Raises InvalidInputError."""
    try:
        return _keys(Path(path).read_text("utf-8"), "SKYLABEL_STORE_KEYS_FILE")
    except OSError as error:
        raise InvalidInputError.at("SKYLABEL_STORE_KEYS_FILE", f"cannot be read: {error.strerror}") from error


def keys_from_parameter(client: Any, name: str) -> StoreKeys:
    """The same from an SSM SecureString."""
    answer = client.get_parameter(Name=name, WithDecryption=True)
    return _keys(answer["Parameter"]["Value"], "SKYLABEL_STORE_KEYS_PARAMETER")


def _keys(text: str, setting: str) -> StoreKeys:
    try:
        read = json.loads(text)
        google, azure = read.get("google", {}), read.get("azure", "")
    except (ValueError, AttributeError):
        google, azure = None, None
    if not isinstance(google, dict) or not isinstance(azure, str):
        # never the text itself, which is a secret
        raise InvalidInputError.at(setting, 'must be JSON like {"google": {...}, "azure": "..."}')
    return StoreKeys(google, azure)


class GoogleTarget:
    """`gs://bucket/…` by a resumable upload, which nobody sees before its end."""

    def __init__(self, client: Any) -> None:
        """`client` is a `google.cloud.storage.Client`."""
        self._client = client

    @classmethod
    def of(cls, keys: StoreKeys) -> GoogleTarget:
        """With a service account's key, else with what the surroundings give."""
        from google.cloud import storage

        if keys.google:
            return cls(storage.Client.from_service_account_info(keys.google))
        return cls(storage.Client())

    def put(self, container: str, name: str, stream: BinaryIO, *, content_type: str) -> None:
        """Write the stream, chunk by chunk. UpstreamError when Google refuses."""
        from google.api_core.exceptions import GoogleAPIError
        from google.auth.exceptions import GoogleAuthError
        from google.cloud.storage.exceptions import InvalidResponse

        blob = self._client.bucket(container).blob(name, chunk_size=CHUNK_BYTES)
        try:
            writer = blob.open("wb", content_type=content_type, ignore_flush=True)
            try:
                copyfileobj(stream, writer, COPY_BYTES)
                writer.close()
            except BaseException:
                # a writer that is not closed would upload again when it is collected, for minutes
                with suppress(Exception):
                    writer.terminate()
                writer._buffer.close()
                raise
        except (GoogleAPIError, GoogleAuthError, InvalidResponse, OSError) as error:
            raise _refused("gs", container, error) from error


class AzureTarget:
    """`azure-blob://container/…` of one account, by blocks that are committed at the end."""

    def __init__(self, service: Any) -> None:
        """`service` is an `azure.storage.blob.BlobServiceClient`."""
        self._service = service

    @classmethod
    def of(cls, keys: StoreKeys) -> AzureTarget:
        """With a connection string. InvalidInputError when there is none, or it is none."""
        from azure.storage.blob import BlobServiceClient, LinearRetry

        if not keys.azure:
            raise InvalidInputError.at("destination", "This installation has no keys to Azure Blob Storage.")
        try:
            made = BlobServiceClient.from_connection_string(
                keys.azure,
                max_block_size=CHUNK_BYTES,
                max_single_put_size=CHUNK_BYTES,
                # the job tries again by itself; the library's own tries would take a minute and a half
                retry_policy=LinearRetry(backoff=1, retry_total=1, random_jitter_range=0),
            )
        except ValueError as error:
            raise InvalidInputError.at("destination", "The key to Azure is no connection string.") from error
        return cls(made)

    def put(self, container: str, name: str, stream: BinaryIO, *, content_type: str) -> None:
        """Write the stream, block by block. UpstreamError when Azure refuses."""
        from azure.core.exceptions import AzureError
        from azure.storage.blob import ContentSettings

        blob = self._service.get_blob_client(container, name)
        kind = ContentSettings(content_type=content_type)
        try:
            blob.upload_blob(stream, overwrite=True, max_concurrency=1, content_settings=kind)
        except AzureError as error:
            raise _refused("azure-blob", container, error) from error


def _refused(scheme: str, container: str, error: Exception) -> UpstreamError:
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return UpstreamError(f"{scheme}://{container} did not take the export: {first[:200]}")
