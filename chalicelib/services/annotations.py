"""Annotations: submitting, skipping, changing, removing them. One transaction each, counters included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID, uuid5

from chalicelib.auth.policies import no_such, require_annotation, require_in
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.entities import Annotation, Draft, Prediction
from chalicelib.domain.annotations.rules import (
    ANNOTATION_FIELDS,
    NEW_ANNOTATION_FIELDS,
    check_new,
    read_fields,
)
from chalicelib.domain.annotations.untouched import keep_untouched
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.result_rules import result_faults
from chalicelib.domain.projects.states import require_open
from chalicelib.domain.tasks.agreement import Agreement, compared, may_want_another, pairwise, with_another
from chalicelib.domain.tasks.annotators import worked_on
from chalicelib.domain.tasks.building import Builder, next_draft_number
from chalicelib.domain.tasks.changes import Change, Edit, NewAnnotation, NewDraft
from chalicelib.domain.tasks.entities import Annotator, Task
from chalicelib.domain.tasks.rules import (
    answered,
    drafted,
    edited,
    reanswered,
    settle,
    undrafted,
    withdrawn,
)
from chalicelib.domain.workflow.machine import Event
from chalicelib.errors import (
    AlreadyExistsError,
    ContentionError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
)
from chalicelib.ids import AnnotationId, DraftId, ProjectId, TaskId, UserId, join_id
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.queue import QueueStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import check_version, open_project, open_task, role_in
from chalicelib.services.clearing import Clearing
from chalicelib.services.contention import again
from chalicelib.services.retuning import Retuning
from chalicelib.services.settling import catch_up
from chalicelib.services.sight import sight_of

HIDDEN_NUMBERS = 256
"""Among so many numbers the first is drawn where it is to say nothing."""
_ADOPTED = UUID("6f1f1d5e-7c0a-4c53-9a55-7d1f2a3b4c5d")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationService:
    """Everything that is done to annotations."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore
    clock: Clock
    rng: Random
    parse_config: ConfigParser
    agreement: Agreement = pairwise

    # -- reading

    def of_task(self, principal: Principal, task_id: TaskId) -> Sequence[Annotation]:
        """The task's annotations by id, cancelled ones left out."""
        project, _ = open_task(self.projects, self.tasks, principal, "annotation.read", task_id)
        shown = sight_of(principal, project).family(self.tasks.family(task_id))
        return [annotation for annotation in shown.annotations if not annotation.was_cancelled]

    def get(self, principal: Principal, annotation_id: AnnotationId) -> Annotation:
        """One annotation."""
        return self._open(principal, annotation_id)[1]

    def _open(self, principal: Principal, annotation_id: AnnotationId) -> tuple[Project, Annotation]:
        annotation = self.tasks.annotation(annotation_id)
        if annotation is None:
            raise NotFoundError(no_such("Annotation"))
        project = open_project(
            self.projects, principal, "annotation.read", annotation.project_id, what="Annotation"
        )
        if not sight_of(principal, project).shows(annotation):
            raise NotFoundError(no_such("Annotation"))
        return project, annotation

    def _open_to(
        self, principal: Principal, verb: str, annotation_id: AnnotationId
    ) -> tuple[Project, Task, Annotation]:
        project, annotation = self._open(principal, annotation_id)
        require_annotation(
            principal,
            project,
            verb,
            author_id=annotation.completed_by,
        )
        task = self.tasks.get(annotation.task_id)
        if task is None:
            raise NotFoundError(no_such("Annotation"))
        return project, task, annotation

    # -- submitting

    def create(
        self, principal: Principal, task_id: TaskId, new: NewAnnotation, *, replay: bool = False
    ) -> Annotation:
        """Submit an annotation, or a skip.

        Releases the author's lease, deletes the draft it came from, moves the task on. A `unique_id` that
        exists is an AlreadyExistsError, or with `replay` gives the annotation that has it (for
        `Idempotency-Key`: make the unique id from the key). Raises InvalidInputError when the task
        does not allow skips, ForbiddenError for a draft that is not the caller's on this task,
        LimitExceededError when the task has used up its numbers,
        RefusedTransitionError when the workflow or the project's state takes none.
        """
        check_new(new, NEW_ANNOTATION_FIELDS)
        named = new if new.unique_id else replace(new, unique_id=self._unique_id())
        claims = bool(new.unique_id)
        tried: list[Annotation] = []

        def attempt() -> Annotation:
            return self._submit(principal, task_id, named, claims=claims, tried=tried)

        try:
            return again(attempt)
        except AlreadyExistsError:
            there = self.tasks.annotation_by_unique_id(named.unique_id or "")
            if there is not None and (there in tried or (replay and there.task_id == task_id)):
                return there
            if there is None or self.tasks.get(there.task_id) is not None:
                raise
            # Who deleted its task died before what hung on it was gone, and with it the claim.
            self.tasks.forget_family(there.task_id)
        return again(attempt)

    def _submit(
        self,
        principal: Principal,
        task_id: TaskId,
        new: NewAnnotation,
        *,
        claims: bool,
        tried: list[Annotation],
    ) -> Annotation:
        for earlier in tried:
            # An attempt whose answer was lost may have been stored after all.
            if self.tasks.annotation(earlier.id) == earlier:
                return earlier
        project, task = open_task(self.projects, self.tasks, principal, "annotation.create", task_id)
        event = Event.SKIP if new.was_cancelled else Event.SUBMIT
        require_open(project, event, role_in(principal, project))
        if new.was_cancelled and not task.allow_skip:
            raise InvalidInputError.at("non_field_errors", "This task cannot be skipped.", code="skip")
        self._refuse_unfit(project, new.result)
        now = self.clock()
        number = self._next_number(project, task)
        annotation = self._builder(principal, project, now).annotation(task.id, number, new)
        if annotation.completed_by != principal.user_id:
            require_in(principal, project, "annotation.update_any")
        draft = self._draft(principal, task, new.draft_id) if new.draft_id else None
        if draft:
            annotation = replace(annotation, draft_created_at=draft.created_at)
        after, cleared = self._clear_ground_truth(task, annotation, now)
        after = answered(after, annotation)
        after = undrafted(after, draft) if draft else after
        after = self._asking_another(project, self._compared(project, after, annotation), annotation)
        after = followed(after, project, event, principal, now)
        tried.append(annotation)
        self.tasks.commit(
            Change(
                before=task,
                after=after,
                annotations=(*cleared, Edit(None, annotation)),
                drafts=(Edit(draft, None),) if draft else (),
                annotator=self._worked_on(project.id, annotation.completed_by, task_id),
                claims_unique_ids=claims,
            )
        )
        return annotation

    def _compared(self, project: Project, task: Task, new: Annotation) -> Task:
        def with_new(others: Sequence[Annotation]) -> list[Annotation]:
            return [*(other for other in others if other.id != new.id), new]

        if project.honeypot_every:
            # read of every task, so that the time tells nobody which has a truth
            known = with_new(self.tasks.family(task.id).annotations)
            return compared(task, project, lambda: known, self.agreement)
        return compared(
            task, project, lambda: with_new(self.tasks.family(task.id).annotations), self.agreement
        )

    def _next_number(self, project: Project, task: Task) -> int:
        """The next annotation's number. Where honeypots are mixed in the first is any of some, so that the
        number does not tell that the task had answers before."""
        if project.honeypot_every and not task.last_number:
            return 1 + self.rng.randrange(HIDDEN_NUMBERS)
        return task.last_number + 1

    def _asking_another(self, project: Project, task: Task, annotation: Annotation) -> Task:
        if not may_want_another(task, project):
            return task
        others = self.tasks.family(task.id).annotations
        return with_another(task, project, [*others, annotation], self.agreement)

    def _refuse_unfit(self, project: Project, result: object) -> None:
        """Raise InvalidInputError with every fault, in a project that checks what is submitted."""
        faults = result_faults(project, self.parse_config, result, checked="validate_annotations")
        if faults:
            raise InvalidInputError(faults=faults)

    def _builder(self, principal: Principal, project: Project, now: datetime) -> Builder:
        return Builder(
            project=project, caller=principal.user_id, now=now, unique_id=lambda _: self._unique_id()
        )

    def _unique_id(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def _draft(self, principal: Principal, task: Task, draft_id: DraftId) -> Draft:
        draft = self.tasks.draft(draft_id)
        if draft is None or draft.task_id != task.id or draft.user_id != principal.user_id:
            raise ForbiddenError("You do not have permission to use this draft.")
        return draft

    def _worked_on(self, project: ProjectId, user: UserId, task: TaskId) -> Annotator:
        row = worked_on(self.queue.annotator(project, user), task)
        return replace(row, leased=None) if row.leased == task else row

    def _clear_ground_truth(
        self, task: Task, annotation: Annotation, now: datetime
    ) -> tuple[Task, list[Edit[Annotation]]]:
        if not annotation.ground_truth:
            return task, []
        edits: list[Edit[Annotation]] = []
        for answer in task.answers:
            if not answer.ground_truth or answer.number == annotation.number:
                continue
            old = self.tasks.annotation(AnnotationId(join_id(task.id, answer.number)))
            if old is None:
                raise ContentionError("An annotation went meanwhile.")
            new = replace(old, ground_truth=False, version=old.version + 1, updated_at=now)
            task = reanswered(task, old, new)
            edits.append(Edit(old, new))
        return task, edits

    # -- changing

    def update(
        self,
        principal: Principal,
        annotation_id: AnnotationId,
        fields: Mapping[str, object],
        *,
        if_version: int | None = None,
    ) -> Annotation:
        """Change `result`, `was_cancelled`, `ground_truth`, `lead_time`, `completed_by`, `parent_*`.

        The earlier version is kept, drafts bound to the annotation are deleted. StaleVersionError when
        `if_version` is old, RefusedTransitionError when the task's state lets nothing be changed.
        """
        given = read_fields(fields, ANNOTATION_FIELDS)
        return again(lambda: self._update(principal, annotation_id, given, if_version))

    def _update(
        self,
        principal: Principal,
        annotation_id: AnnotationId,
        given: Mapping[str, Any],
        if_version: int | None,
    ) -> Annotation:
        project, task, old = self._open_to(principal, "update", annotation_id)
        check_version(old.version, if_version)
        if given.get("completed_by", old.completed_by) != old.completed_by:
            require_in(principal, project, "annotation.update_any")
        if "result" in given:
            self._refuse_unfit(project, given["result"])
            given = {**given, "result": keep_untouched(old.result, given["result"])}
        now = self.clock()
        stamp: dict[str, Any] = {
            "version": old.version + 1,
            "updated_at": now,
            "updated_by": principal.user_id,
        }
        if "result" in given:
            stamp["config_version"] = project.config_version
        author = given.get("completed_by") or old.completed_by
        new = replace(old, **{**given, "completed_by": author}, **stamp)
        after, cleared = self._clear_ground_truth(task, new, now)
        after = self._compared(project, reanswered(after, old, new), new)
        bound = self._bound_drafts(task, annotation_id)
        for draft in bound:
            after = undrafted(after, draft)
        after = followed(after, project, _event_of(old, new), principal, now)
        self.tasks.commit(
            Change(
                before=task,
                after=after,
                annotations=(*cleared, Edit(old, new)),
                drafts=tuple(Edit(draft, None) for draft in bound),
            )
        )
        return new

    def _bound_drafts(self, task: Task, annotation_id: AnnotationId) -> Sequence[Draft]:
        if not task.drafts:
            return []
        return [d for d in self.tasks.hints(task.id).drafts if d.annotation_id == annotation_id]

    # -- removing

    def delete(
        self, principal: Principal, annotation_id: AnnotationId, *, if_version: int | None = None
    ) -> None:
        """Remove an annotation; it stays readable in its versions. RefusedTransitionError when the task's
        state does not let it go."""
        again(lambda: self._delete(principal, annotation_id, if_version))

    def _delete(self, principal: Principal, annotation_id: AnnotationId, if_version: int | None) -> None:
        project, task, old = self._open_to(principal, "delete", annotation_id)
        check_version(old.version, if_version)
        self.tasks.commit(self._removal(principal, project, task, old))

    def _removal(self, principal: Principal, project: Project, task: Task, old: Annotation) -> Change:
        family = self.tasks.family(task.id)
        bound = [draft for draft in family.drafts if draft.annotation_id == old.id]
        others = [a for a in family.annotations if a.id != old.id]
        after = compared(withdrawn(task, old, others), project, lambda: others, self.agreement)
        for draft in bound:
            after = undrafted(after, draft)
        after = followed(after, project, Event.DELETE, principal, self.clock())
        drafts = tuple(Edit(draft, None) for draft in bound)
        return Change(before=task, after=after, annotations=(Edit(old, None),), drafts=drafts)

    def convert_to_draft(self, principal: Principal, annotation_id: AnnotationId) -> Draft:
        """Put a draft of the annotation's author in the annotation's place."""
        return again(lambda: self._convert(principal, annotation_id))

    def _convert(self, principal: Principal, annotation_id: AnnotationId) -> Draft:
        project, task, old = self._open_to(principal, "delete", annotation_id)
        removal = self._removal(principal, project, task, old)
        if removal.after is None:
            raise NotFoundError(no_such("Annotation"))
        new = NewDraft(result=old.result, lead_time=old.lead_time, user_id=old.completed_by)
        now = self.clock()
        draft = self._builder(principal, project, now).draft(task.id, next_draft_number(task), new)
        after = drafted(removal.after, draft)
        self.tasks.commit(replace(removal, after=after, drafts=(*removal.drafts, Edit(None, draft))))
        return draft

    def delete_of_tasks(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        *,
        annotator: int | None = None,
    ) -> int:
        """Remove annotations and drafts (of one annotator, or all) of tasks; gives how many annotations."""
        project = open_project(self.projects, principal, "annotation.delete_any", project_id)
        role = role_in(principal, project)
        clearing = Clearing(self.tasks, project, by=principal.user_id, role=role, annotator=annotator)
        removed = sum(clearing.clear(task_id, self.clock()) for task_id in task_ids)
        catch_up(self.projects, self.tasks, project, task_ids, Retuning(self.clock(), principal.user_id))
        return removed

    def from_predictions(
        self,
        principal: Principal,
        project_id: ProjectId,
        task_ids: Sequence[TaskId],
        *,
        model_versions: Sequence[str] = (),
    ) -> Sequence[Annotation]:
        """Make the caller's annotations of predictions that have none yet (of some versions, or all)."""
        project = open_project(self.projects, principal, "annotation.create", project_id)
        made: list[Annotation] = []
        if not sight_of(principal, project).sees_predictions:
            return made
        for task_id in task_ids:
            task = self.tasks.get(task_id)
            if task is None or task.project_id != project.id or not task.models:
                continue
            family = self.tasks.family(task_id)
            taken = {annotation.parent_prediction for annotation in family.annotations}
            for prediction in family.predictions:
                wanted = not model_versions or prediction.model_version in model_versions
                if wanted and prediction.id not in taken:
                    made += self._adopt(principal, prediction)
        return made

    def _adopt(self, principal: Principal, prediction: Prediction) -> list[Annotation]:
        """The annotation made of the prediction; none where another run was quicker, whose it is to count, or
        the task is gone."""
        # The unique id is made of the prediction's, so that two runs at once adopt it once.
        unique_id = str(uuid5(_ADOPTED, f"{prediction.id}:{prediction.created_at.isoformat()}"))
        new = NewAnnotation(
            result=prediction.result,
            parent_prediction=prediction.id,
            unique_id=unique_id,
            last_action="prediction",
        )
        try:
            return [self.create(principal, prediction.task_id, new)]
        except (AlreadyExistsError, NotFoundError):
            return []


def _event_of(old: Annotation, new: Annotation) -> Event:
    """What a change of an annotation is to its task: a mark on it, like ground truth, is no update."""
    said = [(each.result, each.was_cancelled, each.completed_by) for each in (old, new)]
    return Event.UPDATE if said[0] != said[1] else Event.ADJUST


def followed(task: Task, project: Project, event: Event, principal: Principal, now: datetime) -> Task:
    """The task with what follows from the caller's doing."""
    user, role = principal.user_id, role_in(principal, project)
    return settle(edited(task, now, user), project, now, by=user, role=role, event=event)
