"""What follows when something happens to a task: labeled or not, its state, its place in the queue.

The functions that say what happened (`answered`, `withdrawn`, …) only note it; `settle` then draws all the
conclusions, so that there is one place for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.projects.entities import Project, SkipQueue
from chalicelib.domain.queue.doubt import vote, worse, worst_doubt
from chalicelib.domain.queue.honeypots import honeypot_place, is_honeypot
from chalicelib.domain.queue.places import is_untouched, place, wanted
from chalicelib.domain.queue.strategies import order_key
from chalicelib.domain.queue.urgency import is_urgent
from chalicelib.domain.tasks.entities import Answer, DraftMark, ModelStats, Task
from chalicelib.domain.tasks.states import By, follow, take
from chalicelib.domain.workflow.machine import Effect, Event
from chalicelib.ids import UserId


def is_enough(task: Task, skip_queue: SkipQueue) -> bool:
    """Whether the task has as many finished annotations as its overlap asks for."""
    finished = task.total_annotations
    if skip_queue == SkipQueue.IGNORE_SKIPPED:
        finished += task.cancelled_annotations
    return finished >= task.overlap


def is_enough_on_import(task: Task) -> bool:
    """Whether imported annotations make the task labeled: as many authors as its overlap."""
    return len({answer.user for answer in task.answers if not answer.cancelled}) >= task.overlap


def settle(
    task: Task,
    project: Project,
    now: datetime,
    *,
    by: UserId | None,
    role: str | None = None,
    event: Event = Event.ADJUST,
    is_labeled: bool | None = None,
) -> Task:
    """The task with every conclusion drawn from what happened to it. `is_labeled` overrides the rule.

    `role` is what `by` is to the project; None for the system. Raises RefusedTransitionError where the
    project's workflow does not let the event happen.
    """
    task = replace(task, overlap=max(task.overlap, len(task.assigned)))
    is_kept = event is Event.ADJUST and project.task_machine.refuses(task.state, event)
    enough = task.is_labeled if is_kept else is_enough(task, project.skip_queue)
    labeled = enough if is_labeled is None else is_labeled
    task = replace(task, is_labeled=labeled or (is_honeypot(task, project) and not is_kept))
    task = follow(task, project, event, By(now, by, role))
    return placed(task, project, now)


def transitioned(task: Task, project: Project, name: str, by: By) -> Task:
    """The task after a transition that somebody asks for by its name.

    Raises RefusedTransitionError, which says what is allowed instead.
    """
    task, effects = take(task, project, name, by)
    if Effect.RELEASE in effects:
        task = replace(task, leases=MappingProxyType({}))
    if Effect.ASK_ANOTHER in effects:
        counted = task.total_annotations
        counted += task.cancelled_annotations if project.skip_queue == SkipQueue.IGNORE_SKIPPED else 0
        task = replace(task, overlap=max(task.overlap, counted + 1), is_labeled=False)
    return placed(task, project, by.at)


def is_open(task: Task, project: Project) -> bool:
    """Whether the task is in a state that takes annotations, so that it may be handed out."""
    return not project.task_machine.refuses(task.state, Event.SUBMIT)


def placed(task: Task, project: Project, now: datetime) -> Task:
    """The task where it is to stand by what is known of it, its state left as it is."""
    task = replace(task, order_key=order_key(task, project), seats=_seats(task, project))
    if is_honeypot(task, project):
        return replace(task, queue=honeypot_place(task) if is_open(task, project) else None)
    urgent = is_urgent(task, project)
    queue = place(task, now, project.skip_queue, is_urgent=urgent) if is_open(task, project) else None
    return replace(task, queue=queue)


def _seats(task: Task, project: Project) -> tuple[UserId, ...]:
    """Those it is assigned to whose answer is waited for; what they put off is given to anybody."""
    if not task.assigned or task.is_labeled or not is_open(task, project):
        return ()
    if wanted(task, None, project.skip_queue) <= 0:
        return ()
    done = {*task.annotators, *(mark.user for mark in task.drafts if mark.postponed_at)}
    return tuple(sorted(user for user in task.assigned if user not in done))


def edited(task: Task, now: datetime, by: UserId | None) -> Task:
    """The task as somebody's edit leaves it: newer, by them."""
    return replace(task, updated_at=now, updated_by=by, version=task.version + 1)


def refreshed(task: Task, now: datetime) -> Task:
    """The task forgetting ended leases, and that it was touched where nothing of it is left."""
    task = replace(task, leases={u: until for u, until in task.leases.items() if until > now})
    return replace(task, queue=None) if is_untouched(task) else task


# ---- annotations


def answered(task: Task, annotation: Annotation) -> Task:
    """The task with a new annotation; its author's lease is over."""
    answer = answer_of(annotation)
    task = _with_lead_time(task, annotation.lead_time, 1)
    return replace(
        task,
        answers=tuple(sorted((*task.answers, answer), key=_number)),
        last_number=max(task.last_number, annotation.number),
        leases=_without(task.leases, annotation.completed_by),
        last_annotated_at=max(filter(None, (task.last_annotated_at, annotation.created_at))),
    )


def reanswered(task: Task, before: Annotation, after: Annotation) -> Task:
    """The task with a changed annotation."""
    task = _with_lead_time(_with_lead_time(task, before.lead_time, -1), after.lead_time, 1)
    answers = tuple(answer_of(after) if a.number == after.number else a for a in task.answers)
    return replace(task, answers=answers)


def withdrawn(task: Task, annotation: Annotation, others: Iterable[Annotation]) -> Task:
    """The task without an annotation, `others` being those that remain."""
    task = _with_lead_time(task, annotation.lead_time, -1)
    newest = max((other.created_at for other in others), default=None)
    answers = tuple(answer for answer in task.answers if answer.number != annotation.number)
    return replace(task, answers=answers, last_annotated_at=newest)


def answer_of(annotation: Annotation) -> Answer:
    """How a task remembers the annotation."""
    return Answer(
        annotation.number, annotation.completed_by, annotation.was_cancelled, annotation.ground_truth
    )


def _with_lead_time(task: Task, lead_time: float | None, sign: int) -> Task:
    if lead_time is None:
        return task
    count = task.lead_time_count + sign
    total = task.lead_time_sum + sign * lead_time if count else 0.0
    return replace(task, lead_time_count=count, lead_time_sum=total)


def _number(answer: Answer) -> int:
    return answer.number


def _without(leases: Mapping[UserId, datetime], user: UserId) -> Mapping[UserId, datetime]:
    return MappingProxyType({other: until for other, until in leases.items() if other != user})


# ---- leases


def leased(task: Task, user: UserId, until: datetime, now: datetime) -> Task:
    """The task given to the user until a moment; leases that have ended are forgotten."""
    living = {other: end for other, end in task.leases.items() if end > now}
    return replace(task, leases=MappingProxyType({**living, user: until}))


def released(task: Task, user: UserId) -> Task:
    """The task no longer the user's."""
    return replace(task, leases=_without(task.leases, user))


# ---- drafts


def drafted(task: Task, draft: Draft) -> Task:
    """The task with a new or changed draft; putting it off gives the task back."""
    at = draft.updated_at if draft.was_postponed else None
    marks = [mark for mark in task.drafts if mark.number != draft.number]
    marks.append(DraftMark(draft.number, draft.user_id, at))
    task = replace(task, drafts=tuple(sorted(marks, key=_mark_number)))
    return released(task, draft.user_id) if draft.was_postponed else task


def undrafted(task: Task, draft: Draft) -> Task:
    """The task without a draft."""
    return replace(task, drafts=tuple(mark for mark in task.drafts if mark.number != draft.number))


def _mark_number(mark: DraftMark) -> int:
    return mark.number


# ---- predictions


def predicted(task: Task, prediction: Prediction) -> Task:
    """The task with a new prediction."""
    old = task.models.get(prediction.model_version, ModelStats(0))
    models = {**task.models, prediction.model_version: _with_prediction(old, prediction)}
    highest = max(task.last_prediction_number, prediction.number)
    return replace(task, models=MappingProxyType(models), last_prediction_number=highest)


def repredicted(task: Task, predictions: Iterable[Prediction]) -> Task:
    """The task with all its predictions counted anew."""
    models: dict[str, ModelStats] = {}
    for prediction in predictions:
        old = models.get(prediction.model_version, ModelStats(0))
        models[prediction.model_version] = _with_prediction(old, prediction)
    return replace(task, models=MappingProxyType(models))


def _with_prediction(stats: ModelStats, prediction: Prediction) -> ModelStats:
    stats = replace(
        stats,
        count=stats.count + 1,
        vote=vote(prediction.result),
        doubt=worse(stats.doubt, worst_doubt(prediction.result)),
    )
    score = prediction.score
    if score is None:
        return stats
    lowest = score if stats.score_min is None else min(score, stats.score_min)
    return replace(stats, scored=stats.scored + 1, score_sum=stats.score_sum + score, score_min=lowest)
