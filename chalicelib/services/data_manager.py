"""Finding tasks by filters, orderings and selections.

A query that means all tasks by id is answered from the pages of the task store, at a cost that does not
depend on the project's size. Any other looks at the columns of all the project's tasks, which a process
remembers by block (`known_tasks.py`): the first query reads them, packed where they are (`column_files.py`);
later ones read the blocks that have changed since; and a further page of an answer reads nothing but its own
tasks. Queries about results, and about when and by whom a task was changed, read everything each time.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from chalicelib.auth.principals import Principal
from chalicelib.domain.data_manager.matching import Row, arranged, chosen, meant
from chalicelib.domain.data_manager.packed import Slice
from chalicelib.domain.data_manager.queries import Ordering, TaskQuery
from chalicelib.domain.tasks.entities import TaskWithBody
from chalicelib.errors import InvalidInputError
from chalicelib.ids import ProjectId, TaskId
from chalicelib.ports.tasks import BlockSummary
from chalicelib.services.column_files import WORTH_PACKING, ColumnFileService
from chalicelib.services.known_tasks import Answer, KnownTasks
from chalicelib.services.task_columns import FAMILY_COLUMNS, UNSURE, remembered, row_of
from chalicelib.services.tasks import TaskService

READERS = 8


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Some of the found tasks, and the counts of all that were found."""

    tasks: Sequence[TaskWithBody]
    total: int
    annotations: int
    predictions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataManagerService:
    """Answers queries about the tasks of a project; without `files` everything is read from the table."""

    tasks: TaskService
    known: KnownTasks = field(default_factory=KnownTasks)
    files: ColumnFileService | None = None

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

        def read(missing: Sequence[BlockSummary]) -> Sequence[Slice]:
            return self._read(principal, project_id, missing)

        def find() -> Answer:
            return found_in(self.known.slices(project_id, summaries, read), query)

        return self.known.answer(project_id, repr(query), summaries, find)

    def _read(
        self, principal: Principal, project_id: ProjectId, missing: Sequence[BlockSummary]
    ) -> Sequence[Slice]:
        """The blocks as they are packed; from the table those that are not, or that have changed since."""
        packed: Mapping[int, Slice] = {}
        if self.files is not None and len(missing) >= WORTH_PACKING:
            packed = self.files.read(project_id, missing)
        left = [each.block for each in missing if each.block not in packed]
        if self.files is not None and len(left) >= WORTH_PACKING:
            self.files.ask(project_id)

        def known(block: int) -> Slice:
            wholes = self.tasks.of_block(principal, project_id, block)
            return Slice(remembered(wholes), 0, len(wholes))

        with ThreadPoolExecutor(READERS) as pool:
            fresh = dict(zip(left, pool.map(known, left), strict=True))
        return [packed.get(each.block) or fresh[each.block] for each in missing]

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


def found_in(parts: Iterable[Slice], query: TaskQuery) -> Answer:
    """What the query finds among the tasks, by their columns alone."""
    column = query.ordering.column
    found = [
        (row("id"), row(column), (row("id"), row("total_annotations"), row("total_predictions")))
        for part in parts
        for _, row in meant(((None, each.value) for each in part.rows()), query)
    ]
    ordered = arranged(found, query.ordering)
    ids = array("q", (task_id for task_id, _, _ in ordered))
    return Answer(ids, sum(each[1] for each in ordered), sum(each[2] for each in ordered))
