"""Whether a task's annotators agree enough, or one more is to be asked. Pure.

How far annotations agree is a function that is handed in; `pairwise` is the one there is until there are
measures of agreement per control.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.picking import agreement_of
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.urgency import is_ordered_by_agreement
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.rules import is_enough

Agreement = Callable[[Sequence[Annotation]], float | None]
"""How far annotations agree, 0 to 1; None where there is nothing to compare."""


def pairwise(annotations: Sequence[Annotation]) -> float | None:
    """How far those who labeled the task agree (`agreement_of`); ground truth is not one of them."""
    return agreement_of([each for each in annotations if not each.ground_truth])


def compared(
    task: Task,
    project: Project,
    annotations: Callable[[], Sequence[Annotation]],
    agreement: Agreement = pairwise,
) -> Task:
    """The task knowing how far its annotators agree, if its project's strategy looks at that.

    `annotations` gives all of the task; it is called only where there is something to compare.
    """
    found = None
    if is_ordered_by_agreement(project) and sum(answer.is_useful for answer in task.answers) > 1:
        found = agreement(annotations())
    return task if found == task.agreement else replace(task, agreement=found)


def may_want_another(task: Task, project: Project) -> bool:
    """Whether the task has all its answers, and its project allows one more where they do not agree."""
    if project.agreement_threshold is None or not is_enough(task, project.skip_queue):
        return False
    return task.overlap < project.maximum_annotations + project.max_additional_annotators_assignable


def with_another(
    task: Task, project: Project, annotations: Sequence[Annotation], agreement: Agreement
) -> Task:
    """The task wanting one more answer, if its annotations agree less than its project asks for."""
    if project.agreement_threshold is None:
        return task
    found = agreement(annotations)
    if found is None or found >= project.agreement_threshold:
        return task
    return replace(task, overlap=task.overlap + 1)
