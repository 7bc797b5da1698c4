"""Comments on tasks, annotations and regions. One transaction each, with the task's counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.auth.policies import no_such, require_in
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.comments.entities import Comment, CommentEdit
from chalicelib.domain.comments.rules import commented, next_comment_number
from chalicelib.domain.json_values import JsonObject
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.changes import Change
from chalicelib.domain.tasks.entities import Task
from chalicelib.errors import ForbiddenError, InvalidInputError, NotFoundError
from chalicelib.ids import AnnotationId, CommentId, TaskId, join_id, split_id
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import check_version, open_task
from chalicelib.services.contention import again
from chalicelib.services.sight import sight_of


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment as a client gives it: on a task, or on an annotation, then perhaps on a region of it."""

    text: str
    task_id: TaskId | None = None
    annotation_id: AnnotationId | None = None
    region_ref: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class CommentPatch:
    """What is to be changed of a comment; None leaves it as it is."""

    text: str | None = None
    is_resolved: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentService:
    """Everything that is done to comments."""

    projects: ProjectStore
    tasks: TaskStore
    clock: Clock

    def of_task(self, principal: Principal, task_id: TaskId) -> Sequence[Comment]:
        """The comments of a task that the caller sees, by id."""
        project, task = open_task(self.projects, self.tasks, principal, "comment.read", task_id)
        if not task.comments.last_number:
            return []
        sight = sight_of(principal, project)
        return [each for each in self.tasks.comments(task_id) if sight.shows_comment(each, task)]

    def of_annotation(self, principal: Principal, annotation_id: AnnotationId) -> Sequence[Comment]:
        """Those of them that are about one annotation."""
        task_id = TaskId(split_id(annotation_id)[0])
        project, task = open_task(
            self.projects, self.tasks, principal, "comment.read", task_id, what="Annotation"
        )
        self._require_annotation(principal, project, task, annotation_id)
        return [each for each in self.of_task(principal, task_id) if each.annotation_id == annotation_id]

    def get(self, principal: Principal, comment_id: CommentId) -> Comment:
        """One comment."""
        return self._open(principal, "comment.read", comment_id)[2]

    def create(self, principal: Principal, new: NewComment) -> Comment:
        """Say something about a task or an annotation. LimitExceededError past a task's last number."""
        return again(lambda: self._create(principal, new))

    def _create(self, principal: Principal, new: NewComment) -> Comment:
        task_id, what = new.task_id, "Task"
        if new.annotation_id is not None:
            task_id, what = TaskId(split_id(new.annotation_id)[0]), "Annotation"
        if task_id is None:
            raise InvalidInputError.at("annotation", "Give an annotation or a task.", code="required")
        if new.task_id not in (None, task_id):
            raise InvalidInputError.at("annotation", "The annotation is not of this task.", code="invalid")
        project, task = open_task(self.projects, self.tasks, principal, "comment.write", task_id, what=what)
        if new.annotation_id is not None:
            self._require_annotation(principal, project, task, new.annotation_id)
        now = self.clock()
        comment = Comment(
            id=CommentId(join_id(task_id, next_comment_number(task))),
            task_id=task_id,
            project_id=project.id,
            annotation_id=new.annotation_id,
            region_ref=new.region_ref,
            text=new.text,
            created_by=principal.user_id,
            created_at=now,
            updated_at=now,
        )
        self._store(task, CommentEdit(None, comment))
        return comment

    def update(
        self,
        principal: Principal,
        comment_id: CommentId,
        patch: CommentPatch,
        *,
        if_version: int | None = None,
    ) -> Comment:
        """Change the text, which its author alone may, or settle what was said, or open it again.

        StaleVersionError when `if_version` is not the newest.
        """
        return again(lambda: self._update(principal, comment_id, patch, if_version))

    def _update(
        self, principal: Principal, comment_id: CommentId, patch: CommentPatch, if_version: int | None
    ) -> Comment:
        _, task, old = self._open(principal, "comment.write", comment_id)
        check_version(old.version, if_version)
        if patch.text is not None and patch.text != old.text and old.created_by != principal.user_id:
            raise ForbiddenError("Only who wrote a comment may change its text.")
        new = old if patch.text is None else replace(old, text=patch.text)
        now = self.clock()
        if patch.is_resolved is not None and patch.is_resolved != old.is_resolved:
            settled = (now, principal.user_id) if patch.is_resolved else (None, None)
            new = replace(new, resolved_at=settled[0], resolved_by=settled[1])
        if new == old:
            return old
        new = replace(new, version=old.version + 1, updated_at=now)
        self._store(task, CommentEdit(old, new))
        return new

    def delete(self, principal: Principal, comment_id: CommentId) -> None:
        """Remove a comment: one's own, or as a reviewer anybody's."""
        again(lambda: self._delete(principal, comment_id))

    def _delete(self, principal: Principal, comment_id: CommentId) -> None:
        project, task, old = self._open(principal, "comment.write", comment_id)
        if old.created_by != principal.user_id:
            require_in(principal, project, "comment.delete_any")
        self._store(task, CommentEdit(old, None))

    def _store(self, task: Task, edit: CommentEdit) -> None:
        self.tasks.commit(
            Change(before=task, after=commented(task, edit, self.clock()), comment=edit),
        )

    def _open(
        self, principal: Principal, action: str, comment_id: CommentId
    ) -> tuple[Project, Task, Comment]:
        task_id = TaskId(split_id(comment_id)[0])
        project, task = open_task(self.projects, self.tasks, principal, action, task_id, what="Comment")
        comment = self.tasks.comment(comment_id)
        if comment is None or not sight_of(principal, project).shows_comment(comment, task):
            raise NotFoundError(no_such("Comment"))
        return project, task, comment

    def _require_annotation(
        self, principal: Principal, project: Project, task: Task, annotation_id: AnnotationId
    ) -> None:
        """NotFoundError when the task has no such annotation, or the caller may not see it."""
        number = split_id(annotation_id)[1]
        author = next((answer.user for answer in task.answers if answer.number == number), None)
        if author is None or not sight_of(principal, project).shows_user(author):
            raise NotFoundError(no_such("Annotation"))
