"""Actions on many tasks as jobs: chosen once, done in parts, continued after a crash, cancelled in between.

Which tasks are meant is settled when the action is asked for; what is filtered for may change while it is
done. The chosen ids are a blob named by its content, and so an order that is given again while it is
being done is the same job.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar

from chalicelib.auth.principals import Principal
from chalicelib.domain.jobs import Job, JobPart, JobState, PartResult, Plan
from chalicelib.domain.tasks.copies import Copies
from chalicelib.errors import ConflictError, InvalidInputError
from chalicelib.ids import OrganizationId, TaskId, UserId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.jobs import Alive
from chalicelib.services.jobs import JobRequest, Jobs
from chalicelib.services.task_actions import BY_ID, Ordered, Outcome, TaskActionService

ACTION = "task_action"
MAX_AT_ONCE = 1_000
"""How many tasks an action is done to within a request; more of them are a job."""
MAX_HERE = 20_000
"""Past so many tasks a request does not even begin: to plan it takes too long."""
PATIENCE_S = 10.0
"""How long a request works on the job itself before it leaves the rest to the workers."""
TASKS_PER_PART = 250
TASKS_PER_STEP = 50
"""After how many tasks a part looks whether it is still wanted."""
MAX_FIELDS = 10_000
MERGE, DELETE = "remove_duplicates", "delete_tasks"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskActionJobService:
    """Runs actions: on few tasks at once, on many as a job."""

    actions: TaskActionService
    jobs: Jobs
    blobs: BlobStore

    def run(self, principal: Principal, ordered: Ordered, task_ids: Sequence[TaskId]) -> tuple[Outcome, bool]:
        """What the action did, and whether it is done; a job that is at work still tells so far.

        ConflictError with the reason when the job fails.
        """
        if len(task_ids) <= MAX_AT_ONCE:
            return self.actions.run(principal, ordered, task_ids), True
        self.actions.check(principal, ordered)
        job = self._job(principal, ordered, task_ids)
        patience = PATIENCE_S if len(task_ids) <= MAX_HERE else 0.0
        job = self.jobs.run_here(job.id, until_s=patience) or job
        if job.has_ended and job.state is not JobState.COMPLETED:
            reason = f": {job.problems[0].message}" if job.problems else "."
            raise ConflictError(f"Job {job.id} is {job.state}{reason}", details={"job": job.id})
        if job.state is JobState.COMPLETED:
            return {**job.result, "job": job.id, "state": job.state.value}, True
        return _so_far(job, ordered, len(task_ids)), False

    def _job(self, principal: Principal, ordered: Ordered, task_ids: Sequence[TaskId]) -> Job:
        arguments: dict[str, object] = {
            "action": ordered.action,
            "fields": _own_fields(ordered),
            "selection": self._keep(task_ids),
            "count": len(task_ids),
        }
        for job in self.jobs.newest(principal.organization_id, ordered.project_id):
            if job.kind == ACTION and not job.has_ended and dict(job.arguments) == arguments:
                return job
        request = JobRequest(
            ACTION, principal.organization_id, ordered.project_id, principal.user_id, arguments
        )
        delay_s = int(PATIENCE_S) + 15 if len(task_ids) <= MAX_HERE else 0
        return self.jobs.create(request, delay_s=delay_s)

    def _keep(self, task_ids: Sequence[TaskId]) -> str:
        content = zlib.compress(json.dumps(task_ids, separators=(",", ":")).encode())
        key = f"jobs/selections/{sha256(content).hexdigest()}"
        self.blobs.put(key, content)
        return key


def _own_fields(ordered: Ordered) -> dict[str, Any]:
    """The fields that the action knows; the rest of what was sent chose the tasks."""
    names = {str(field["name"]) for field in BY_ID[ordered.action].fields} | {"custom_control_tag"}
    own = {name: value for name, value in ordered.fields.items() if name in names}
    if len(json.dumps(own)) > MAX_FIELDS:
        raise InvalidInputError.at("non_field_errors", f"The fields may have {MAX_FIELDS} characters.")
    return own


def _so_far(job: Job, ordered: Ordered, count: int) -> Outcome:
    title = BY_ID[ordered.action].title
    detail = f"{title}: job {job.id} is at work on {count} tasks."
    return {
        "processed_items": job.done,
        "reload": False,
        "detail": detail,
        "job": job.id,
        "state": job.state.value,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskActionKind:
    """Does an action to many tasks. What was done when it is stopped stays done."""

    name: ClassVar = ACTION
    queue: ClassVar = "maintenance"

    actions: TaskActionService
    blobs: BlobStore
    actor: Callable[[OrganizationId, UserId], Principal]

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Some tasks a part; copies of a task with the one that stays, though they be in several parts."""
        content = zlib.decompress(self.blobs.get(str(job.arguments["selection"])))
        task_ids = [TaskId(number) for number in json.loads(content)]
        ordered, principal = _ordered(job), self._actor(job)
        self.actions.check(principal, ordered)
        if ordered.action != MERGE:
            starts = range(0, len(task_ids), TASKS_PER_PART)
            parts = [{"ids": task_ids[start : start + TASKS_PER_PART]} for start in starts]
            return Plan(parts, total=len(task_ids))
        groups = self.actions.copies.find(principal, ordered.project_id, task_ids, alive)
        return Plan(_merges(groups), total=sum(len(group.others) for group in groups))

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Do the action to some tasks at a time. What is done already is passed over by the action itself."""
        ordered, principal = _ordered(job), self._actor(job)
        if ordered.action == MERGE:
            return self._merge(principal, ordered, part, alive)
        ids, count = _ids(part, "ids"), 0
        for start in range(0, len(ids), TASKS_PER_STEP):
            alive()
            count += self.actions.do(principal, ordered, ids[start : start + TASKS_PER_STEP])
            self.blobs.put(f"{_counted(job)}{part.number}-{part.attempts}", str(count).encode())
        return PartResult(len(ids), self._gone(ordered, ids))

    def _gone(self, ordered: Ordered, ids: Sequence[TaskId]) -> dict[str, object]:
        """How many of the tasks are gone, after an action that removes them: whoever did it."""
        if ordered.action != DELETE:
            return {}
        left = self.actions.tasks.tasks.get_many(ids)
        return {"gone": len(ids) - sum(task.project_id == ordered.project_id for task in left)}

    def _merge(self, principal: Principal, ordered: Ordered, part: JobPart, alive: Alive) -> PartResult:
        groups: Any = part.arguments["groups"]
        done = 0
        for kept, others in groups:
            alive()
            copies = Copies(TaskId(kept), tuple(map(TaskId, others)))
            self.actions.copies.merge(principal, ordered.project_id, copies)
            done += len(copies.others)
        return PartResult(done)

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """What the action tells, as if it had been done in one go.

        Two workers may have shared a part, or one finished what another began: each attempt keeps a count
        of its own, and together they are what was done.
        """
        ordered = _ordered(job)
        if ordered.action == DELETE:
            counted = [int(str(part.result["gone"])) for part in parts]
        else:
            counted = [int(self.blobs.get(info.key)) for info in self.blobs.keys(_counted(job))]
        return self.actions.outcome(self._actor(job), ordered, sum(counted))

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """What was removed stays removed, and what was made is there to be removed."""

    def _actor(self, job: Job) -> Principal:
        return self.actor(job.organization, job.created_by)


def _counted(job: Job) -> str:
    """Where the attempts at the parts of this run keep their counts."""
    return f"jobs/{job.id}/{job.run}/counted/"


def _ordered(job: Job) -> Ordered:
    fields: Any = job.arguments["fields"]
    if job.project is None:
        raise InvalidInputError.at("project", "This job needs a project.")
    return Ordered(project_id=job.project, action=str(job.arguments["action"]), fields=fields)


def _ids(part: JobPart, name: str) -> list[TaskId]:
    ids = part.arguments[name]
    return [TaskId(number) for number in ids] if isinstance(ids, list) else []


def _merges(groups: Sequence[Copies]) -> list[dict[str, object]]:
    """The groups in parts; a group that is too large for one is in several, with the same task that stays."""
    parts: list[dict[str, object]] = []
    some: list[tuple[TaskId, tuple[TaskId, ...]]] = []
    size = 0
    for group in groups:
        for start in range(0, len(group.others), TASKS_PER_PART):
            others = group.others[start : start + TASKS_PER_PART]
            if some and size + len(others) > TASKS_PER_PART:
                parts.append({"groups": some})
                some, size = [], 0
            some.append((group.kept, others))
            size += len(others)
    return [*parts, {"groups": some}] if some else parts
