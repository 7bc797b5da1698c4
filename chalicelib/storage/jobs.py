"""The rows of jobs and their parts.

Layout of the `jobs` table (both keys are text):

    J#<job>            ROW            the job
    J#<job>            P#<plan><part> one row a part, for 90 days; `plan` names the plan that wrote it
    JP#<project>       <job, padded>  that the job is the project's (newest first by reading backwards)
    JO#<organization>  <job, padded>  … the organization's
    JU                 <job, padded>  that the job has not ended; the watchdog reads these
    C                  job            the counter of ids

Every write carries the run and the states it was decided in, so a late or repeated message changes nothing.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.clock import iso
from chalicelib.domain.audit.records import ItemChange, digest_of_item
from chalicelib.domain.jobs import (
    ENDED,
    MAX_PROBLEMS_KEPT,
    Job,
    JobPart,
    JobState,
    PartResult,
    Plan,
    Problem,
    Spent,
    check_transition,
)
from chalicelib.errors import ConflictError, NotFoundError
from chalicelib.ids import JobId, OrganizationId, ProjectId
from chalicelib.storage.job_items import (
    ROW,
    JobsTable,
    dump,
    job_id_of,
    job_of,
    job_pk,
    job_row,
    list_keys,
    padded,
    part_of,
    part_row,
    part_sk,
)

CONFLICT_ATTEMPTS = 8
MAX_ERROR_CHARACTERS = 500


class DynamoJobRepository:
    """Jobs in DynamoDB."""

    def __init__(
        self,
        table_name: str,
        *,
        region: str,
        endpoint: str | None = None,
        note: Callable[[ItemChange], None] | None = None,
    ) -> None:
        """`endpoint` is the local engine's address; None means AWS. `note` tells the audit log of jobs."""
        self._note = note
        meta = type("Meta", (), {"table_name": table_name, "region": region, "host": endpoint})
        self._table: type[JobsTable] = type("Jobs", (JobsTable,), {"Meta": meta, "__module__": __name__})
        self._connection = Connection(region=region, host=endpoint)
        self._rng = random.Random()  # noqa: S311  spreads retries, guards nothing

    # -- reading ---------------------------------------------------------------------------------

    def next_id(self) -> JobId:
        """A new id: the counter's next value."""
        counter = self._table("C", "job")
        counter.update(actions=[self._table.value.add(1)])
        return JobId(int(counter.value))

    def get(self, job_id: JobId) -> Job | None:
        """The job, read consistently."""
        try:
            return job_of(job_id, self._table.get(job_pk(job_id), ROW, consistent_read=True))
        except DoesNotExist:
            return None

    def newest(self, organization: OrganizationId, project: ProjectId | None, limit: int) -> Sequence[Job]:
        """The newest first: one query over the list rows and one batch read."""
        pk = f"JO#{organization}" if project is None else f"JP#{project}"
        ids = [JobId(int(row.sk)) for row in self._table.query(pk, scan_index_forward=False, limit=limit)]
        found = {
            job_id_of(row): job_of(job_id_of(row), row)
            for row in self._table.batch_get([(job_pk(job_id), ROW) for job_id in ids], consistent_read=True)
        }
        mine = [found[job_id] for job_id in ids if job_id in found]
        return [job for job in mine if job.organization == organization]

    def unfinished(self) -> Iterator[Job]:
        """Every job that has not ended."""
        for row in self._table.query("JU", consistent_read=True):
            job = self.get(JobId(int(row.sk)))
            if job is not None:
                yield job

    def parts(self, job: Job) -> Sequence[JobPart]:
        """All parts of this run, in order."""
        token = self._plan_token(job)
        if token is None:
            return []
        prefix = self._table.sk.startswith(f"P#{token}")
        rows = self._table.query(job_pk(job.id), prefix, consistent_read=True)
        return [part_of(job.id, row, token) for row in rows if row.run == job.run]

    # -- life ------------------------------------------------------------------------------------

    def create(self, job: Job) -> None:
        """Store the job with its list rows, all or none. The audit log is told first."""
        if self._note is not None:
            self._note(ItemChange("job", str(job.id), "created", None, digest_of_item(asdict(job))))
        with TransactWrite(connection=self._connection) as write:
            write.save(job_row(self._table, job), condition=self._table.pk.does_not_exist())
            for pk in list_keys(job):
                write.save(self._table(pk, padded(job.id)))

    def restart(self, fresh: Job, *, was: Job) -> None:
        """Replace an ended job by its next run."""
        unchanged = (self._table.state == was.state.value) & (self._table.run == was.run)
        try:
            with TransactWrite(connection=self._connection) as write:
                write.save(job_row(self._table, fresh), condition=unchanged)
                write.save(self._table("JU", padded(fresh.id)))
        except TransactWriteError as error:
            raise ConflictError(f"Job {fresh.id} has changed meanwhile.") from error

    def start(self, job: Job, now: datetime) -> Job:
        """Queued or running becomes running."""
        table = self._table
        may_run = (table.run == job.run) & table.state.is_in(JobState.QUEUED.value, JobState.RUNNING.value)
        actions = [
            table.state.set(JobState.RUNNING.value),
            table.started_at.set(table.started_at | iso(now)),
            table.heartbeat_at.set(iso(now)),
        ]
        return self._update(job, actions, may_run)

    def begin_step(self, job: Job, now: datetime) -> Job | None:
        """One more attempt at the step that is due, unless run or state has changed."""
        table = self._table
        as_seen = (table.run == job.run) & (table.state == job.state.value)
        return self._try_update(job, [table.attempts.add(1), table.heartbeat_at.set(iso(now))], as_seen)

    def note_step(self, job: Job, spent: Spent, error: str = "") -> None:
        """Add a step's cost and error to the row, as long as there is one."""
        table = self._table
        actions: list[Any] = []
        if spent.read_units or spent.write_units:
            actions += [table.read_units.add(spent.read_units), table.write_units.add(spent.write_units)]
        if error:
            actions.append(table.last_error.set(error[:MAX_ERROR_CHARACTERS]))
        if actions:
            self._try_update(job, actions, table.run == job.run)

    def beat(self, job: Job, now: datetime) -> bool:
        """Note a sign of life, unless this run is over or being undone."""
        table = self._table
        living = (table.run == job.run) & table.state.is_in(*(s.value for s in JobState if s not in ENDED))
        if job.state is not JobState.UNDOING:
            living &= table.state != JobState.UNDOING.value
        return self._try_update(job, [table.heartbeat_at.set(iso(now))], living) is not None

    def mark_planned(self, job: Job, plan: Plan, now: datetime) -> Job:
        """Store the parts, then the plan, once."""
        token = f"{self._rng.getrandbits(48):012x}#"
        with self._table.batch_write() as batch:
            for number, arguments in enumerate(plan.parts, start=1):
                batch.save(part_row(self._table, job, token, number, arguments, planned_at=now))
        table = self._table
        actions: list[Any] = [
            table.plan_token.set(token),
            table.planned_at.set(iso(now)),
            table.attempts.set(0),
            table.parts_total.set(len(plan.parts)),
            table.parts_done.set(0),
            table.plan.set(dump(plan.shared)),
            table.heartbeat_at.set(iso(now)),
        ]
        if plan.total is not None:
            actions.append(table.total.set(plan.total))
        if plan.problems:
            actions += self._problem_actions(plan.problems)
        first = self._is_running(job) & table.parts_total.does_not_exist()
        return self._try_update(job, actions, first) or self._now(job)

    def begin_part(self, job: Job, number: int, now: datetime) -> JobPart | None:
        """The part with one more attempt; done ones as they are."""
        token = self._plan_token(job)
        if token is None:
            return None
        row = self._table(job_pk(job.id), part_sk(token, number))
        due = (self._table.run == job.run) & (self._table.is_done == False)  # noqa: E712  an expression, not a test
        try:
            row.update(actions=[self._table.attempts.add(1)], condition=due)
        except UpdateError as error:
            _only_if_condition_failed(error)
            return next((part for part in self.parts(job) if part.number == number), None)
        self.beat(job, now)
        return part_of(job.id, row, token)

    def finish_part(self, job: Job, part: JobPart, result: PartResult, now: datetime) -> bool:
        """Mark the part done and count it on the job, in one transaction."""
        table = self._table
        undone = (table.run == job.run) & (table.is_done == False)  # noqa: E712
        done: list[Any] = [
            table.is_done.set(True),
            table.done.set(result.done),
            table.result.set(dump(result.result)),
        ]
        count: list[Any] = [
            table.parts_done.add(1),
            table.done.add(result.done),
            table.heartbeat_at.set(iso(now)),
        ]

        def write(transaction: TransactWrite) -> None:
            row = table(job_pk(job.id), part_sk(self._plan_token(job) or "", part.number))
            transaction.update(row, actions=done, condition=undone)
            transaction.update(table(job_pk(job.id), ROW), actions=count, condition=self._is_running(job))

        return self._commit(write)

    def begin_undo(self, job: Job, end: JobState, now: datetime, problems: Sequence[Problem]) -> Job:
        """Running becomes undoing."""
        actions = [
            self._table.state.set(JobState.UNDOING.value),
            self._table.ends_as.set(end.value),
            self._table.attempts.set(0),
            self._table.heartbeat_at.set(iso(now)),
            *self._problem_actions(problems),
        ]
        return self._try_update(job, actions, self._is_running(job)) or self._now(job)

    def end(
        self,
        job: Job,
        state: JobState,
        now: datetime,
        *,
        problems: Sequence[Problem] = (),
        result: Mapping[str, object] | None = None,
    ) -> Job:
        """Put the job in an ended state and off the watchdog's list, once."""
        check_transition(job, state)
        table = self._table
        actions: list[Any] = [
            table.state.set(state.value),
            table.finished_at.set(iso(now)),
            table.result.set(dump(result or {})),
            *(self._problem_actions(problems) if problems else ()),
        ]
        as_seen = (table.run == job.run) & (table.state == job.state.value)

        def write(transaction: TransactWrite) -> None:
            transaction.update(table(job_pk(job.id), ROW), actions=actions, condition=as_seen)
            transaction.delete(table("JU", padded(job.id)))

        self._commit(write)
        return self._now(job)

    # -- pieces ----------------------------------------------------------------------------------

    def _commit(self, write: Callable[[TransactWrite], None]) -> bool:
        """Do the writes together; False when a condition fails. Workers that finish parts of one job at the
        same moment meet on its row, so a conflict is tried again after a short, growing, random pause."""
        for attempt in range(CONFLICT_ATTEMPTS):
            try:
                with TransactWrite(connection=self._connection) as transaction:
                    write(transaction)
            except TransactWriteError as error:
                if not _is_conflict(error):
                    return False
                if attempt == CONFLICT_ATTEMPTS - 1:
                    raise
                time.sleep(self._rng.uniform(0, 0.02 * 2**attempt))
            else:
                return True
        return False

    def _plan_token(self, job: Job) -> str | None:
        """The plan whose parts count; "" for jobs that were planned before plans had names, None before there
        is a plan – parts of one that was broken off may lie there by then."""
        if job.is_planned:
            return job.plan_token
        now = self.get(job.id)
        return now.plan_token if now is not None and now.run == job.run and now.is_planned else None

    def _is_running(self, job: Job) -> Any:
        return (self._table.run == job.run) & (self._table.state == JobState.RUNNING.value)

    def _problem_actions(self, problems: Sequence[Problem]) -> list[Any]:
        kept = json.dumps([asdict(p) for p in problems[:MAX_PROBLEMS_KEPT]], ensure_ascii=False)
        return [self._table.problems.set(kept), self._table.problem_count.set(len(problems))]

    def _update(self, job: Job, actions: list[Any], condition: Any) -> Job:
        updated = self._try_update(job, actions, condition)
        if updated is None:
            raise ConflictError(f"Job {job.id} has changed meanwhile.")
        return updated

    def _try_update(self, job: Job, actions: list[Any], condition: Any) -> Job | None:
        row = self._table(job_pk(job.id), ROW)
        try:
            row.update(actions=actions, condition=condition)
        except UpdateError as error:
            _only_if_condition_failed(error)
            return None
        return job_of(job.id, row)

    def _now(self, job: Job) -> Job:
        current = self.get(job.id)
        if current is None:
            raise NotFoundError(f"Job {job.id} is gone.")
        return current


def _only_if_condition_failed(error: UpdateError | PutError) -> None:
    if error.cause_response_code != "ConditionalCheckFailedException":
        raise error


def _is_conflict(error: TransactWriteError) -> bool:
    """Whether trying again may help: another transaction was on the items, not a condition that failed."""
    reasons = [reason.code for reason in error.cancellation_reasons if reason is not None]
    return "ConditionalCheckFailed" not in reasons
