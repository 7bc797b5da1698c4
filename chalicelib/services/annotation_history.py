"""The versions of an annotation: listed, compared, and an earlier one made the present one again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.auth.policies import no_such, require_annotation, require_in
from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.annotations.differences import Difference, difference
from chalicelib.domain.annotations.entities import Annotation
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.projects.result_rules import result_faults
from chalicelib.domain.projects.states import require_open
from chalicelib.domain.tasks.agreement import compared
from chalicelib.domain.tasks.changes import Change, Edit
from chalicelib.domain.tasks.rules import answered
from chalicelib.domain.workflow.machine import Event
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.ids import AnnotationId, TaskId, split_id
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import TaskStore
from chalicelib.services.access import check_version, open_project, open_task, role_in
from chalicelib.services.annotations import AnnotationService, followed
from chalicelib.services.contention import again
from chalicelib.services.sight import sight_of

_RESTORED = (
    *("result", "was_cancelled", "ground_truth", "lead_time", "completed_by"),
    *("parent_prediction", "parent_annotation"),
)


@dataclass(frozen=True, slots=True)
class History:
    """An annotation's versions, oldest first. The last is the present one, unless it `is_deleted`."""

    project: Project
    versions: Sequence[Annotation]
    is_deleted: bool

    @property
    def newest(self) -> Annotation:
        """The present version, or the one that was deleted."""
        return self.versions[-1]

    def version(self, number: int) -> Annotation:
        """The version of that number. NotFoundError when there is none."""
        for version in self.versions:
            if version.version == number:
                return version
        raise NotFoundError(no_such("Version"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationHistoryService:
    """What annotations were, and may be again."""

    projects: ProjectStore
    tasks: TaskStore
    annotations: AnnotationService
    clock: Clock
    parse_config: ConfigParser

    def history(self, principal: Principal, annotation_id: AnnotationId) -> History:
        """Every version there is, also of an annotation that was deleted while its task is there."""
        task_id, number = split_id(annotation_id)
        if task_id < 1 or number < 1:
            raise NotFoundError(no_such("Annotation"))
        present = self.tasks.annotation(annotation_id)
        if present is None and self.tasks.get(TaskId(task_id)) is None:
            raise NotFoundError(no_such("Annotation"))
        earlier = self.tasks.annotation_versions(annotation_id)
        versions = [*earlier, present] if present is not None else list(earlier)
        if not versions:
            raise NotFoundError(no_such("Annotation"))
        project = open_project(
            self.projects, principal, "annotation.read", versions[-1].project_id, what="Annotation"
        )
        sight = sight_of(principal, project)
        if not sight.shows(versions[-1]):
            raise NotFoundError(no_such("Annotation"))
        return History(project, [v for v in versions if sight.shows(v)], is_deleted=present is None)

    def removed(self, principal: Principal, task_id: TaskId) -> Sequence[Annotation]:
        """The last version of each of the task's annotations that was removed, by id."""
        project, task = open_task(self.projects, self.tasks, principal, "annotation.read", task_id)
        present = {answer.number for answer in task.answers}
        last = {version.number: version for version in self.tasks.earlier_annotations(task_id)}
        sight = sight_of(principal, project)
        gone = (version for number, version in sorted(last.items()) if number not in present)
        return [version for version in gone if sight.shows(version)]

    def difference(
        self, principal: Principal, annotation_id: AnnotationId, number: int, later: int
    ) -> Difference:
        """What version `later` has other than version `number`; either may be the earlier one."""
        history = self.history(principal, annotation_id)
        return difference(history.version(number), history.version(later))

    def restore(
        self,
        principal: Principal,
        annotation_id: AnnotationId,
        number: int,
        *,
        if_version: int | None = None,
    ) -> Annotation:
        """Make a new version that says what an earlier one said; a deleted annotation is there again.

        Asks for the right to update the annotation. StaleVersionError when `if_version` is not the newest,
        ConflictError when the version is the present one, AlreadyExistsError when another annotation took
        the deleted one's unique id, InvalidInputError when the result does not fit a configuration that
        has changed since.
        """
        return again(lambda: self._restore(principal, annotation_id, number, if_version))

    def _restore(
        self, principal: Principal, annotation_id: AnnotationId, number: int, if_version: int | None
    ) -> Annotation:
        history = self.history(principal, annotation_id)
        newest = history.newest
        require_annotation(principal, history.project, "update", author_id=newest.completed_by)
        check_version(newest.version, if_version)
        wanted = history.version(number)
        if wanted.version == newest.version and not history.is_deleted:
            raise ConflictError("This version is the present one.")
        self._refuse_unfit(history.project, wanted)
        if history.is_deleted:
            return self._bring_back(principal, history, wanted)
        fields = {name: getattr(wanted, name) for name in _RESTORED}
        return self.annotations.update(principal, annotation_id, fields, if_version=if_version)

    def _refuse_unfit(self, project: Project, version: Annotation) -> None:
        """Changes of a configuration carry annotations along, but not their earlier versions."""
        if version.config_version == project.config_version:
            return
        checking = replace(project, validate_annotations=True)
        faults = result_faults(checking, self.parse_config, version.result, checked="validate_annotations")
        if faults:
            raise InvalidInputError(faults=faults)

    def _bring_back(self, principal: Principal, history: History, wanted: Annotation) -> Annotation:
        project, newest = history.project, history.newest
        if wanted.completed_by != newest.completed_by:
            require_in(principal, project, "annotation.update_any")
        task = self.tasks.get(newest.task_id)
        if task is None:
            raise NotFoundError(no_such("Annotation"))
        now = self.clock()
        restored = replace(
            wanted,
            version=newest.version + 1,
            updated_at=now,
            updated_by=principal.user_id,
            config_version=project.config_version,
            # A task has one ground truth at most, and what is one by now stays it.
            ground_truth=wanted.ground_truth and not any(a.ground_truth for a in task.answers),
        )
        after = answered(task, restored)
        after = compared(after, project, lambda: [*self.tasks.family(task.id).annotations, restored])
        event = Event.SKIP if restored.was_cancelled else Event.SUBMIT
        require_open(project, event, role_in(principal, project))
        after = followed(after, project, event, principal, now)
        made = Edit(None, restored)
        self.tasks.commit(Change(before=task, after=after, annotations=(made,), claims_unique_ids=True))
        return restored
