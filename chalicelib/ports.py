"""What the services need of the outside, as Protocols; storage/ and integrations/ fulfil them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol

from chalicelib.domain.jobs import Job, JobPart, JobState, PartResult, Plan, Problem
from chalicelib.ids import JobId, OrganizationId, ProjectId

Alive = Callable[[], None]
"""A sign of life to give during long work; raises when the work is no longer wanted."""


class JobRepository(Protocol):
    """The rows of jobs and their parts. Every write is conditional on the state and run it was decided in;
    where somebody else was quicker, the method says so or changes nothing."""

    def next_id(self) -> JobId:
        """A new id, never given before."""

    def create(self, job: Job) -> None:
        """Store a new job, listed under its project and organization, and known as unfinished."""

    def get(self, job_id: JobId) -> Job | None:
        """The job as it is now, or None."""

    def newest(self, organization: OrganizationId, project: ProjectId | None, limit: int) -> Sequence[Job]:
        """The newest jobs first."""

    def unfinished(self) -> Iterator[Job]:
        """Every job that has not ended, of all organizations."""

    def start(self, job: Job, now: datetime) -> Job:
        """Queued becomes running; a running job stays so. `ConflictError` when it is neither."""

    def beat(self, job: Job, now: datetime) -> bool:
        """Note a sign of life; False when this run of the job is over or being undone."""

    def mark_planned(self, job: Job, plan: Plan, now: datetime) -> Job:
        """Store the parts, then the plan, once; a second call gives what the first has stored."""

    def begin_part(self, job: Job, number: int, now: datetime) -> JobPart | None:
        """The part with one attempt more; a done one as it is; None when there is no such part."""

    def finish_part(self, job: Job, part: JobPart, result: PartResult, now: datetime) -> bool:
        """Mark the part done and count it on the job, once; False when it was done or the job has stopped."""

    def parts(self, job: Job) -> Sequence[JobPart]:
        """All parts in order."""

    def begin_undo(self, job: Job, end: JobState, now: datetime, problems: Sequence[Problem]) -> Job:
        """Running becomes undoing, to end as `end`; gives the job as it then is."""

    def end(
        self,
        job: Job,
        state: JobState,
        now: datetime,
        *,
        problems: Sequence[Problem] = (),
        result: Mapping[str, object] | None = None,
    ) -> Job:
        """Put the job in an ended state, once; gives the job as it then is."""

    def restart(self, fresh: Job, *, was: Job) -> None:
        """Replace an ended job by its next run. `ConflictError` when it has changed meanwhile."""


class JobQueue(Protocol):
    """Sends nudges to workers. A message may arrive twice, late, or never."""

    def send(self, queue: str, message: Mapping[str, object], *, delay_s: int = 0) -> None:
        """Put one message on the named queue."""


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What is known of a stored blob; `etag` without quotes."""

    key: str
    size: int
    etag: str
    content_type: str = "application/octet-stream"
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignedPart:
    """Where the bytes `offset … offset + size` of an upload are to be PUT."""

    number: int
    url: str
    offset: int
    size: int


class BlobWriter(Protocol):
    """An open blob: write in order, then `close` makes it visible whole; `abort` leaves nothing."""

    def write(self, data: bytes) -> int:
        """Append; gives the number of bytes."""

    def close(self) -> BlobInfo:
        """Finish; from now on readers see the blob."""

    def abort(self) -> None:
        """Forget all that was written."""


class BlobStore(Protocol):
    """Bytes by key: uploads and media, large bodies, parts of jobs, exports."""

    def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> BlobInfo:
        """Store a small blob whole."""

    def get(self, key: str) -> bytes:
        """The whole blob; `NotFoundError` when there is none."""

    def open(self, key: str, *, start: int = 0, end: int | None = None) -> BinaryIO:
        """The blob, or its bytes `start … end` (end exclusive), as a stream."""

    def info(self, key: str) -> BlobInfo | None:
        """Size and tag, or None."""

    def delete(self, keys: Sequence[str]) -> None:
        """Remove blobs; absent ones are no error."""

    def keys(self, prefix: str) -> Iterator[BlobInfo]:
        """All blobs whose key begins with the prefix, in key order."""

    def writer(self, key: str, *, content_type: str = "application/octet-stream") -> BlobWriter:
        """Write a blob of any size in flat memory."""

    def join(
        self, key: str, parts: Sequence[str], *, content_type: str = "application/octet-stream"
    ) -> BlobInfo:
        """Make one blob of others, one after the other, without holding them in memory."""

    def signed_get(
        self,
        key: str,
        *,
        expires_s: int = 300,
        filename: str | None = None,
        content_type: str | None = None,
    ) -> str:
        """A URL by which anybody can read the blob for a while; `filename` makes it a download."""

    def signed_put(self, key: str, size: int, *, content_type: str) -> tuple[str, Sequence[SignedPart]]:
        """A handle and the URLs by which a browser can upload `size` bytes, in parts if there are many."""

    def complete_put(self, key: str, handle: str, etags: Mapping[int, str]) -> BlobInfo:
        """Put the uploaded parts together, as often as asked. `InvalidInputError` if parts lack."""
