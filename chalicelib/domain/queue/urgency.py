"""Which touched tasks a project wants done before all others, and in which order. Pure.

Either those with a ground truth, so that annotators are compared with it early, or those of which their
annotators say the most different things. Both are told from a task's state, so a task moves in the write
that makes it urgent or ends that, and the next task costs one query more.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.choice import Candidate
from chalicelib.domain.queue.places import OpenTask, Queueable
from chalicelib.domain.queue.strategies import Disagreement, strategy_of
from chalicelib.domain.tasks.entities import Task

GROUND_TRUTH_QUEUE = "Onboarding ground truth queue"
DISPUTED_BELOW = 0.5
"""Tasks whose annotators agree less than this come before all others."""


def is_ordered_by_agreement(project: Project) -> bool:
    """Whether the project's strategy looks at how far the annotators of a task agree."""
    return isinstance(strategy_of(project), Disagreement)


def has_urgent_tasks(project: Project) -> bool:
    """Whether the project wants any tasks done before all others."""
    return _wants_ground_truth_first(project) or is_ordered_by_agreement(project)


def is_urgent(task: Task, project: Project) -> bool:
    """Whether the task, as it stands, comes before all others once somebody has touched it."""
    if _wants_ground_truth_first(project) and _has_ground_truth(task):
        return True
    is_disputed = task.agreement is not None and task.agreement < DISPUTED_BELOW
    return is_disputed and is_ordered_by_agreement(project)


def most_urgent(tasks: Sequence[OpenTask], project: Project) -> list[Candidate]:
    """Those with a ground truth first where the project says so, each kind in the strategy's order."""
    wants = _wants_ground_truth_first(project)
    name = strategy_of(project).queue_name
    ranked = sorted(tasks, key=lambda task: (not (wants and _has_ground_truth(task)), task.order_key))
    return [Candidate(t, GROUND_TRUTH_QUEUE if wants and _has_ground_truth(t) else name) for t in ranked]


def _wants_ground_truth_first(project: Project) -> bool:
    return project.show_ground_truth_first or project.annotator_evaluation_enabled


def _has_ground_truth(task: Queueable) -> bool:
    return any(answer.ground_truth for answer in task.answers)
