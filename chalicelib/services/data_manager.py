"""Finding tasks by filters, orderings and selections.

A query that means all tasks by id is answered from the pages of the task store, at a cost that does not
depend on the project's size. Any other looks at the rows of all the project's tasks, which a process
remembers by block (`known_tasks.py`): the first query reads them, several blocks at once; later ones read
the blocks that have changed since; and a further page of an answer reads nothing but its own tasks. Queries
about results, and about when and by whom a task was changed, read everything each time.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from chalicelib.auth.principals import Principal
from chalicelib.domain.data_manager.matching import Row, chosen
from chalicelib.domain.data_manager.queries import Ordering, TaskQuery
from chalicelib.domain.tasks.entities import TaskWithBody
from chalicelib.errors import InvalidInputError
from chalicelib.ids import ProjectId, TaskId
from chalicelib.ports import TaskFamily
from chalicelib.services.known_tasks import UNSURE, Answer, KnownTask, KnownTasks
from chalicelib.services.tasks import TaskService

READERS = 8
FAMILY_COLUMNS = frozenset({"annotations_results", "predictions_results"})


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Some of the found tasks, and the counts of all that were found."""

    tasks: Sequence[TaskWithBody]
    total: int
    annotations: int
    predictions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataManagerService:
    """Answers queries about the tasks of a project."""

    tasks: TaskService
    known: KnownTasks = field(default_factory=KnownTasks)

    def page(
        self, principal: Principal, project_id: ProjectId, query: TaskQuery, *, offset: int, limit: int
    ) -> FoundPage:
        """The found tasks from `offset` on, in the query's order."""
        if query.is_plain:
            page = self.tasks.page(principal, project_id, offset=offset, limit=limit)
            counts = page.counts
            return FoundPage(page.tasks, counts.tasks, counts.annotations, counts.predictions)
        if self._can_remember(principal, project_id, query):
            answer = self._answer(principal, project_id, query)
            shown = [TaskId(number) for number in answer.ids[offset : offset + limit]]
            # as they are now: what is remembered says which, not what they hold
            wholes = self.tasks.get_many(principal, project_id, shown) if shown else []
            return FoundPage(wholes, len(answer.ids), answer.annotations, answer.predictions)
        found = self.find(principal, project_id, query)
        return FoundPage(
            found[offset : offset + limit],
            len(found),
            sum(whole.task.total_annotations for whole in found),
            sum(whole.task.total_predictions for whole in found),
        )

    def after(
        self, principal: Principal, project_id: ProjectId, query: TaskQuery, *, after: TaskId, limit: int
    ) -> Sequence[TaskWithBody]:
        """The found tasks with larger ids than `after`, by id. InvalidInputError for other orders."""
        if query.ordering != Ordering():
            raise InvalidInputError.at("ordering", "A walk by cursor goes by id; leave the ordering out.")
        if query.is_plain:
            return self.tasks.after(principal, project_id, after, limit)
        ids = self.ids(principal, project_id, query)
        shown = ids[bisect_right(ids, after) :][:limit]
        return self.tasks.get_many(principal, project_id, shown) if shown else []

    def find(self, principal: Principal, project_id: ProjectId, query: TaskQuery) -> list[TaskWithBody]:
        """Every task that the query means, in its order."""
        with_families = bool(query.columns & FAMILY_COLUMNS)
        return chosen(self._rows(principal, project_id, with_families=with_families), query)

    def ids(self, principal: Principal, project_id: ProjectId, query: TaskQuery) -> list[TaskId]:
        """The ids of every task that the query means, in its order."""
        if self._can_remember(principal, project_id, query):
            return [TaskId(number) for number in self._answer(principal, project_id, query).ids]
        return [whole.task.id for whole in self.find(principal, project_id, query)]

    def _can_remember(self, principal: Principal, project_id: ProjectId, query: TaskQuery) -> bool:
        """Remembered rows tell of everybody's work; somebody who may not see that reads their own."""
        if query.columns & (FAMILY_COLUMNS | UNSURE):
            return False
        return not self.tasks.sight(principal, project_id).is_blind

    def _answer(self, principal: Principal, project_id: ProjectId, query: TaskQuery) -> Answer:
        summaries = self.tasks.blocks(principal, project_id)

        def read(blocks: Sequence[int]) -> Sequence[Sequence[KnownTask]]:
            with ThreadPoolExecutor(READERS) as pool:
                return [*pool.map(lambda block: self._known(principal, project_id, block), blocks)]

        def find() -> Answer:
            rows = self.known.rows(project_id, summaries, read)
            found = chosen(((row, row.value) for row in rows), query)
            return Answer(
                array("q", (row.values["id"] for row in found)),
                sum(row.values["total_annotations"] for row in found),
                sum(row.values["total_predictions"] for row in found),
            )

        return self.known.answer(project_id, repr(query), summaries, find)

    def _known(self, principal: Principal, project_id: ProjectId, block: int) -> Sequence[KnownTask]:
        wholes = self.tasks.of_block(principal, project_id, block)
        return [KnownTask(w.body.data, {name: read(w, None) for name, read in REMEMBERED}) for w in wholes]

    def _rows(
        self, principal: Principal, project_id: ProjectId, *, with_families: bool
    ) -> Iterator[tuple[TaskWithBody, Row]]:
        blocks = [summary.block for summary in self.tasks.blocks(principal, project_id)]

        def read(block: int) -> Sequence[TaskWithBody]:
            return self.tasks.of_block(principal, project_id, block)

        with ThreadPoolExecutor(READERS) as pool:
            for wholes in pool.map(read, blocks):
                if not with_families:
                    yield from ((whole, row_of(whole)) for whole in wholes)
                    continue
                for whole, family in self.tasks.with_families(wholes):
                    yield whole, row_of(whole, family)


def row_of(whole: TaskWithBody, family: TaskFamily | None = None) -> Row:
    """What a task has in each column; the results only with its family."""
    data = whole.body.data

    def value(column: str) -> Any:
        if column.startswith("data."):
            return data.get(column.removeprefix("data."))
        return COLUMNS[column](whole, family)

    return value


def _results(entities: Sequence[Any]) -> str:
    import json

    return json.dumps([entity.result for entity in entities], ensure_ascii=False) if entities else ""


COLUMNS: Mapping[str, Callable[[TaskWithBody, TaskFamily | None], Any]] = {
    "id": lambda whole, _: whole.task.id,
    "inner_id": lambda whole, _: whole.task.inner_id,
    "completed_at": lambda whole, _: whole.task.completed_at,
    "total_annotations": lambda whole, _: whole.task.total_annotations,
    "cancelled_annotations": lambda whole, _: whole.task.cancelled_annotations,
    "total_predictions": lambda whole, _: whole.task.total_predictions,
    "annotators": lambda whole, _: whole.task.annotators,
    "annotations_results": lambda _, family: _results(family.annotations) if family else "",
    "annotations_ids": lambda whole, _: ",".join(map(str, whole.task.annotation_ids)),
    "predictions_score": lambda whole, _: whole.task.predictions_score,
    "predictions_model_versions": lambda whole, _: tuple(sorted(whole.task.models)),
    "predictions_results": lambda _, family: _results(family.predictions) if family else "",
    "file_upload": lambda whole, _: whole.body.file_upload_id,
    "storage_filename": lambda whole, _: whole.body.storage_filename,
    "created_at": lambda whole, _: whole.task.created_at,
    "updated_at": lambda whole, _: whole.task.updated_at,
    "updated_by": lambda whole, _: (whole.task.updated_by,) if whole.task.updated_by else (),
    "avg_lead_time": lambda whole, _: whole.task.avg_lead_time,
    "draft_exists": lambda whole, _: whole.task.draft_exists,
}
"""How each column is read from a task."""
REMEMBERED = tuple((name, read) for name, read in COLUMNS.items() if name not in FAMILY_COLUMNS | UNSURE)
