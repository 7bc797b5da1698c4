"""Whether a task's annotators agree enough, or one more is to be asked. Pure.

How far annotations agree is a function that is handed in; `pairwise` is the one there is until there are
measures of agreement per control.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.agreement.similarity import similarity
from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.picking import agreement_of
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.queue.honeypots import has_truth, is_honeypot
from chalicelib.domain.queue.urgency import is_ordered_by_agreement
from chalicelib.domain.tasks.entities import Task
from chalicelib.domain.tasks.rules import is_enough

MAX_JUDGED = 40
"""So many answers' scores change in one transaction."""
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
    """The task knowing how far its annotators agree, if its project's strategy looks at that, and how far
    each is like the ground truth, if there is one.

    `annotations` gives all of the task; it is called only where there is something to compare.
    """
    wants_agreement = is_ordered_by_agreement(project) and sum(a.is_useful for a in task.answers) > 1
    wants_scores = has_truth(task) and any(answer.is_useful for answer in task.answers)
    given = annotations() if wants_agreement or wants_scores else ()
    found = agreement(given) if wants_agreement else None
    scores = _judged(task, given) if wants_scores else {}
    if found == task.agreement and scores == dict(task.scores):
        return task
    return replace(task, agreement=found, scores=scores)


def _judged(task: Task, annotations: Sequence[Annotation]) -> Mapping[int, int]:
    """How far each answer is like the newest truth, in thousandths.

    Each is a counter in somebody's row: where more change than fit in one transaction, the rest does with the
    task's next change.
    """
    truths = [each for each in annotations if each.ground_truth and not each.was_cancelled]
    if not truths:  # somebody removed it just now, and the change that is being made will not be stored
        return {}
    truth = max(truths, key=_number)
    useful = {answer.number for answer in task.answers if answer.is_useful}
    scores = {number: score for number, score in task.scores.items() if number in useful}
    changed = 0
    for each in sorted(annotations, key=_number, reverse=True):
        if each.number not in useful or changed >= MAX_JUDGED:
            continue
        score = round(1000 * similarity(truth.result, each.result))
        changed += score != scores.get(each.number)
        scores[each.number] = score
    return scores


def _number(annotation: Annotation) -> int:
    return annotation.number


def may_want_another(task: Task, project: Project) -> bool:
    """Whether the task has all its answers, and its project allows one more where they do not agree."""
    if project.agreement_threshold is None or not is_enough(task, project.skip_queue):
        return False
    if is_honeypot(task, project):
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
