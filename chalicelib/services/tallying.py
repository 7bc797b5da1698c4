"""The project's summary: tallies of its blocks, counted anew where something has changed since."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from chalicelib.domain.projects.entities import Project, ProjectSummary
from chalicelib.domain.projects.tally import Tally
from chalicelib.domain.tasks.entities import Task
from chalicelib.ids import ProjectId
from chalicelib.ports.tasks import BlockSummary, TaskFamily, TaskStore

FAMILIES_AT_ONCE = 2_000
"""How many tasks' annotations are read before one answers with what one has."""
_READERS = 8


@dataclass(slots=True)
class Budget:
    """How many tasks' annotations may still be read; shared by all that one answer looks at."""

    tasks: int = FAMILIES_AT_ONCE


def tallied(tasks: TaskStore, project: ProjectId, budget: Budget) -> tuple[Tally, int, bool]:
    """What a project's data and annotations contain, how many tasks it has, and whether that is all of it.

    Costs two queries when nothing has changed, and one query for each annotated task in the changed blocks,
    as far as the budget goes; what that leaves for the next time makes the answer incomplete.
    """
    summaries = [summary for summary in tasks.summaries(project) if summary.counts.tasks]
    known = tasks.tallies(project)
    result, is_complete = Tally(), True
    for summary in summaries:
        edits, tally = known.get(summary.block, (-1, Tally()))
        if edits != summary.edits and budget.tasks > 0:
            tally, read = _tally(tasks, summary)
            tasks.save_tally(project, summary, tally)
            budget.tasks -= read
        elif edits != summary.edits:
            is_complete = False
        result.add(tally)
    return result, sum(summary.counts.tasks for summary in summaries), is_complete


def summarize(tasks: TaskStore, project: Project) -> ProjectSummary:
    """What the project's data and annotations contain. Costs nothing when something is submitted."""
    result, count, is_complete = tallied(tasks, project.id, Budget())
    return ProjectSummary(
        project=project.id,
        created_at=project.created_at,
        all_data_columns=dict(result.columns),
        common_data_columns=tuple(sorted(key for key, n in result.columns.items() if n == count)),
        created_annotations=dict(result.annotations),
        created_labels={control: dict(counts) for control, counts in result.labels.items()},
        created_labels_drafts={control: dict(counts) for control, counts in result.draft_labels.items()},
        is_complete=is_complete,
    )


def _tally(tasks: TaskStore, summary: BlockSummary) -> tuple[Tally, int]:
    tally = Tally()
    wholes = tasks.block_whole(summary.block)
    for whole in wholes:
        tally.see_data(whole.body.data)
    with_members = [whole.task for whole in wholes if whole.task.answers or whole.task.drafts]
    for family in _families(tasks, with_members):
        tally.see_annotations(family.annotations)
        tally.see_drafts(family.drafts)
    return tally, len(with_members)


def _families(tasks: TaskStore, found: list[Task]) -> list[TaskFamily]:
    if not found:
        return []
    with ThreadPoolExecutor(_READERS) as readers:
        return list(readers.map(tasks.family, [task.id for task in found]))
