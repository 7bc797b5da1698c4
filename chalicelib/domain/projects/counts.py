"""From what the blocks count to what a project shows."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.projects.entities import Project, ProjectCounts, SkipQueue
from chalicelib.domain.tasks.counts import Contribution
from chalicelib.domain.tasks.entities import Annotator


def project_counts(project: Project, counts: Contribution, asking: Annotator) -> ProjectCounts:
    """The counts in Label Studio's terms; `queue_*` for the asking user.

    Done are the tasks with an annotation of theirs (skips do not count where skipped tasks come back to
    them); the total are those and the tasks that are not labeled.
    """
    done = asking.done
    done_and_open = counts.open_of.get(asking.user_id, 0)
    if project.skip_queue == SkipQueue.REQUEUE_FOR_ME:
        done = asking.kept
        done_and_open -= counts.open_skipped_of.get(asking.user_id, 0)
    unlabeled = counts.tasks - counts.finished
    # Were the honeypots that are left not among what is to do, doing one would show.
    honeypots = max(0, counts.ground_truth - asking.judged) if project.honeypot_every else 0
    return ProjectCounts(
        task_number=counts.tasks,
        finished_task_number=counts.finished,
        total_annotations_number=counts.annotations,
        total_predictions_number=counts.predictions,
        num_tasks_with_annotations=counts.with_annotations,
        useful_annotation_number=counts.useful,
        ground_truth_number=counts.ground_truth,
        skipped_annotations_number=counts.cancelled,
        queue_done=done,
        queue_total=done + unlabeled - done_and_open + honeypots,
        states=counts.states,
        models=counts.models,
        draft_number=counts.drafts,
    )


def own_counts(counts: ProjectCounts, asking: Annotator) -> ProjectCounts:
    """The counts with the asking user's part in the place of everybody's: in these a task whose answer is
    known would show, as it is finished before it is done."""
    return replace(
        counts,
        finished_task_number=asking.kept,
        total_annotations_number=asking.kept,
        num_tasks_with_annotations=asking.kept,
        useful_annotation_number=asking.kept,
        ground_truth_number=0,
        skipped_annotations_number=asking.done - asking.kept,
        states={},
        draft_number=0,
    )
