"""Drafts: unfinished work, saved as it goes.

Saving what a draft holds is one small write; only starting, postponing and removing one concern its task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.auth.policies import no_such
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.entities import Draft
from chalicelib.domain.annotations.rules import DRAFT_FIELDS, check_new, read_fields
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.building import Builder, next_draft_number
from chalicelib.domain.tasks.changes import Change, Edit, NewDraft
from chalicelib.domain.tasks.entities import Annotator, Task
from chalicelib.domain.tasks.rules import drafted, settle, undrafted
from chalicelib.errors import ForbiddenError, NotFoundError
from chalicelib.ids import AnnotationId, DraftId, TaskId
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.queue import QueueStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import check_version, open_project, open_task
from chalicelib.services.contention import again
from chalicelib.services.sight import sight_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftService:
    """Everything that is done to drafts."""

    projects: ProjectStore
    tasks: TaskStore
    queue: QueueStore
    clock: Clock

    def of_task(self, principal: Principal, task_id: TaskId) -> Sequence[Draft]:
        """Everybody's drafts of a task, by id."""
        project, task = open_task(self.projects, self.tasks, principal, "draft.read", task_id)
        drafts = self.tasks.hints(task_id).drafts if task.drafts else []
        return [draft for draft in drafts if sight_of(principal, project).shows(draft)]

    def of_annotation(
        self, principal: Principal, task_id: TaskId, annotation_id: AnnotationId
    ) -> Sequence[Draft]:
        """The drafts bound to an annotation, by id."""
        return [d for d in self.of_task(principal, task_id) if d.annotation_id == annotation_id]

    def get(self, principal: Principal, draft_id: DraftId) -> Draft:
        """One draft."""
        return self._open(principal, "draft.read", draft_id)[1]

    def create(
        self,
        principal: Principal,
        task_id: TaskId,
        new: NewDraft,
        *,
        annotation_id: AnnotationId | None = None,
    ) -> Draft:
        """Start a draft; with `was_postponed` the task comes back to the caller at the end of their queue."""
        check_new(new, DRAFT_FIELDS)
        return again(lambda: self._create(principal, task_id, new, annotation_id))

    def _create(
        self, principal: Principal, task_id: TaskId, new: NewDraft, annotation_id: AnnotationId | None
    ) -> Draft:
        project, task = open_task(self.projects, self.tasks, principal, "draft.write", task_id)
        if annotation_id is not None and annotation_id not in task.annotation_ids:
            raise NotFoundError(no_such("Annotation"))
        now = self.clock()
        builder = Builder(project=project, caller=principal.user_id, now=now, unique_id=str)
        draft = builder.draft(
            task.id,
            next_draft_number(task),
            replace(new, user_id=principal.user_id),
            annotation_id=annotation_id,
        )
        self._commit(principal, project, (task, drafted(task, draft)), Edit(None, draft))
        return draft

    def update(
        self,
        principal: Principal,
        draft_id: DraftId,
        fields: Mapping[str, object],
        *,
        if_version: int | None = None,
    ) -> Draft:
        """Change `result`, `lead_time` or `was_postponed` of one's own draft."""
        given = read_fields(fields, DRAFT_FIELDS)
        return again(lambda: self._update(principal, draft_id, given, if_version))

    def _update(
        self, principal: Principal, draft_id: DraftId, given: Mapping[str, Any], if_version: int | None
    ) -> Draft:
        project, old = self._open_own(principal, draft_id)
        check_version(old.version, if_version)
        stamp: dict[str, Any] = {"updated_at": self.clock(), "version": old.version + 1}
        if "result" in given:
            stamp["config_version"] = project.config_version
        new = replace(old, **{**given, **stamp})
        if new.was_postponed == old.was_postponed:
            self.tasks.save_draft(old, new)
            return new
        task = self._task(old)
        self._commit(principal, project, (task, drafted(task, new)), Edit(old, new))
        return new

    def delete(self, principal: Principal, draft_id: DraftId) -> None:
        """Remove one's own draft."""
        again(lambda: self._delete(principal, draft_id))

    def _delete(self, principal: Principal, draft_id: DraftId) -> None:
        project, old = self._open_own(principal, draft_id)
        task = self._task(old)
        self._commit(principal, project, (task, undrafted(task, old)), Edit(old, None))

    def _commit(
        self, principal: Principal, project: Project, tasks: tuple[Task, Task], edit: Edit[Draft]
    ) -> None:
        before, after = tasks
        labeled = before.is_labeled
        after = settle(after, project, self.clock(), by=principal.user_id, is_labeled=labeled)
        row = self._given_back(principal, before) if edit.after and edit.after.was_postponed else None
        self.tasks.commit(Change(before=before, after=after, drafts=(edit,), annotator=row))

    def _given_back(self, principal: Principal, task: Task) -> Annotator | None:
        row = self.queue.annotator(task.project_id, principal.user_id)
        return replace(row, leased=None) if row.leased == task.id else None

    def _task(self, draft: Draft) -> Task:
        task = self.tasks.get(draft.task_id)
        if task is None:
            raise NotFoundError(no_such("AnnotationDraft"))
        return task

    def _open(self, principal: Principal, action: str, draft_id: DraftId) -> tuple[Project, Draft]:
        draft = self.tasks.draft(draft_id)
        if draft is None:
            raise NotFoundError(no_such("AnnotationDraft"))
        project = open_project(self.projects, principal, action, draft.project_id, what="AnnotationDraft")
        if not sight_of(principal, project).shows(draft):
            raise NotFoundError(no_such("AnnotationDraft"))
        return project, draft

    def _open_own(self, principal: Principal, draft_id: DraftId) -> tuple[Project, Draft]:
        project, draft = self._open(principal, "draft.write", draft_id)
        if draft.user_id != principal.user_id:
            raise ForbiddenError("You do not have permission to change this draft.")
        return project, draft
