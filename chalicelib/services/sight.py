"""What a caller sees of others' work: all of it, or in a blind project nothing of it.

Blind are those whose role in the project does not cover `annotation.read_blinded`. Of annotations, drafts and
the predictions of models they see their own alone, and of a task nothing that tells of others': who answered,
what, how long it took. How much of the project is done is no secret.

In a project that mixes in tasks of which it knows the answer annotators are blind as well, and nothing of a
task says whether it is one: every task looks as if they were alone with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.auth.policies import in_project, may
from chalicelib.auth.principals import Principal
from chalicelib.domain.annotations.entities import Annotation, Draft
from chalicelib.domain.comments.entities import Comment
from chalicelib.domain.projects.entities import BlindMode, Project
from chalicelib.domain.tasks.entities import Task, TaskWithBody
from chalicelib.domain.workflow.machine import Machine, Work
from chalicelib.domain.workflow.moves import landing
from chalicelib.ids import UserId, join_id
from chalicelib.ports.tasks import TaskFamily


@dataclass(frozen=True, slots=True)
class Sight:
    """How much one caller sees in one project."""

    user: UserId
    is_blind: bool
    sees_predictions: bool
    hides_truths: Machine | None = None
    """The tasks' machine, where every task is to look as if nobody else had been there."""

    def shows(self, thing: Annotation | Draft) -> bool:
        """Whether the caller sees an annotation or a draft."""
        author = thing.user_id if isinstance(thing, Draft) else thing.completed_by
        return self.shows_user(author)

    def shows_user(self, user: UserId | None) -> bool:
        """Whether the caller sees what that user did."""
        return not self.is_blind or user == self.user

    def shows_comment(self, comment: Comment, task: Task) -> bool:
        """Whether the caller sees a comment: in a blind project their own, and those on what is theirs."""
        if not self.is_blind or comment.created_by == self.user:
            return True
        own = {join_id(task.id, answer.number) for answer in task.answers if answer.user == self.user}
        return comment.annotation_id in own

    def task(self, whole: TaskWithBody) -> TaskWithBody:
        """The task as the caller sees it; what hangs on it is then found by `known_to`."""
        return replace(whole, task=self._task(whole.task)) if self.is_blind else whole

    def family(self, family: TaskFamily) -> TaskFamily:
        """Those of the things on a task that the caller sees."""
        return TaskFamily(
            annotations=[each for each in family.annotations if self.shows(each)],
            drafts=[each for each in family.drafts if self.shows(each)],
            predictions=family.predictions if self.sees_predictions else (),
        )

    def _task(self, task: Task) -> Task:
        if self.hides_truths is None:
            return self._blind(task)
        shown = task if self.sees_predictions else replace(task, models={})
        return _alone(shown, self.user, self.hides_truths)

    def _blind(self, task: Task) -> Task:
        answers = tuple(answer for answer in task.answers if answer.user == self.user)
        is_alone = len(answers) == len(task.answers)
        return replace(
            task,
            answers=answers,
            drafts=tuple(mark for mark in task.drafts if mark.user == self.user),
            models=task.models if self.sees_predictions else {},
            leases=_of(self.user, task.leases),
            assigned=tuple(user for user in task.assigned if user == self.user),
            seats=tuple(user for user in task.seats if user == self.user),
            lead_time_sum=task.lead_time_sum if is_alone else 0.0,
            lead_time_count=task.lead_time_count if is_alone else 0,
            last_annotated_at=task.last_annotated_at if is_alone else None,
            updated_by=task.updated_by if task.updated_by == self.user else None,
            agreement=None,
            scores={},
            comments=task.comments.of(self.user),
            history=(),
        )


def sight_of(principal: Principal, project: Project) -> Sight:
    """What the caller sees in the project, which they may read."""
    is_open = project.blind_mode == BlindMode.OFF and not project.honeypot_every
    if is_open or may(in_project(principal, project), "annotation.read_blinded"):
        return Sight(principal.user_id, is_blind=False, sees_predictions=True)
    shows_predictions = project.blind_mode != BlindMode.ANNOTATIONS_AND_PREDICTIONS
    machine = project.task_machine if project.honeypot_every else None
    return Sight(principal.user_id, is_blind=True, sees_predictions=shows_predictions, hides_truths=machine)


def _alone(task: Task, user: UserId, machine: Machine) -> Task:
    """The task as if the user were the only one who had ever worked on it, and one answer were enough."""
    answers = tuple(answer for answer in task.answers if answer.user == user)
    is_done = any(not answer.cancelled for answer in answers)
    expected = {landing(machine, work) for work in Work} | {machine.initial}
    state = task.state
    if not answers or state in expected:  # others are those that somebody moved it to, whatever task it is
        state = landing(machine, Work.ENOUGH) if is_done else landing(machine, Work.NONE)
    return replace(
        task,
        answers=answers,
        drafts=tuple(mark for mark in task.drafts if mark.user == user),
        leases=_of(user, task.leases),
        assigned=(),
        seats=(),
        state=state,
        is_labeled=is_done,
        version=1,
        updated_at=task.created_at,
        updated_by=user if answers else None,
        lead_time_sum=0.0,
        lead_time_count=0,
        last_annotated_at=None,
        agreement=None,
        scores={},
        history=(),
    )


def known_to(whole: TaskWithBody, family: TaskFamily) -> TaskFamily:
    """Those of the things on a task that the task, as somebody sees it, knows of."""
    task = whole.task
    answers, drafts = {answer.number for answer in task.answers}, {mark.number for mark in task.drafts}
    return TaskFamily(
        annotations=[each for each in family.annotations if each.number in answers],
        drafts=[each for each in family.drafts if each.number in drafts],
        predictions=family.predictions if task.models else (),
    )


def _of(user: UserId, leases: Mapping[UserId, datetime]) -> dict[UserId, datetime]:
    return {user: leases[user]} if user in leases else {}
