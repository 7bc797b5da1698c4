"""Carries the results of a project over to a new configuration, block by block, and back again.

The configuration changes first, so that new work is made under it; then every result that was made under
an older version is rewritten. Which version a result was made under stands on it, so that a block can be
done again at any time: what is done is passed over. Before a block is rewritten its journal is stored, from
which the way back is taken item by item.

Work that was made under the new configuration before the change is taken back gets the old names where the
change can be turned round, and stays as it is where it cannot (labels that were merged into a new one).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

from chalicelib.auth.principals import Principal
from chalicelib.clock import Clock
from chalicelib.domain.jobs import Job, JobPart, PartResult, Plan
from chalicelib.domain.label_config import LabelConfig
from chalicelib.domain.label_config.edit import Edit as ConfigEdit
from chalicelib.domain.label_config.edit_journal import Entry, MemberKind, read_journal, write_journal
from chalicelib.domain.label_config.edit_plan import Renames, plan_edit
from chalicelib.domain.label_config.edit_results import Item, ResultEditor, undo_edit
from chalicelib.domain.projects.config_versions import reconfigured
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.entities import Task
from chalicelib.errors import ConflictError, InvalidInputError, NotFoundError
from chalicelib.ids import OrganizationId, ProjectId, UserId
from chalicelib.ports.blobs import BlobStore
from chalicelib.ports.configs import ConfigParser
from chalicelib.ports.jobs import Alive
from chalicelib.ports.projects import ProjectStore
from chalicelib.ports.tasks import BlockSummary, TaskFamily, TaskStore
from chalicelib.services.access import open_project
from chalicelib.services.config_edits import EditOrder, read_order
from chalicelib.services.contention import again
from chalicelib.services.rewriting import Member, Rewrite, commit

BLOCKS_PER_PART = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigWork:
    """What both kinds of jobs need."""

    projects: ProjectStore
    tasks: TaskStore
    blobs: BlobStore
    clock: Clock
    parse_config: ConfigParser
    actor: Callable[[OrganizationId, UserId], Principal]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigEditKind(ConfigWork):
    """Changes the configuration and rewrites what was made under the old one."""

    name: ClassVar = "config_edit"
    queue: ClassVar = "maintenance"

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Some blocks a part. Nothing changes yet: a job without a plan is cancelled without undoing."""
        return _parts(self.tasks.summaries(_project(job)))

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Have the configuration changed, and rewrite each block's results."""
        self._switch(job)
        seen = {summary.block: summary.edits for summary in self.tasks.summaries(_project(job))}
        done = 0
        for block in _blocks(part):
            alive()
            done += again(lambda block=block: self._rewrite(job, block))  # type: ignore[misc]
        edits = {str(block): seen.get(block, 0) for block in _blocks(part)}
        return PartResult(_tasks_of(part), {"rewritten": done, "edits": edits})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Look again at blocks that have changed since, and at new ones: somebody may have been submitting
        or importing while the configuration changed."""
        self._switch(job)
        seen: dict[str, object] = {}
        for part in parts:
            seen |= cast(dict[str, object], part.result.get("edits", {}))
        rewritten = sum(int(str(part.result.get("rewritten", 0))) for part in parts)
        for summary in self.tasks.summaries(_project(job)):
            if seen.get(str(summary.block)) != summary.edits:
                alive()
                rewritten += again(lambda block=summary.block: self._rewrite(job, block))  # type: ignore[misc]
        let_go(self.projects, job)
        return {"rewritten": rewritten, "config_version": _new_version(job)}

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Take everything back, the configuration included."""
        order, before = self._order(job)
        version = _new_version(job)
        project = self.projects.get(_project(job))
        if project is None or project.config_job != job.id:  # it never came to changing anything
            return
        again(lambda: switch(self.projects, self.actor, job, before, version, self.clock))
        back = TakingBack(self.projects, self.tasks, self.blobs, self.clock, self._inverse(order, before))
        for summary in self.tasks.summaries(project.id):
            again(
                lambda block=summary.block: back.block(  # type: ignore[misc]
                    job, block, edit=job.id, version=version
                )
            )
        let_go(self.projects, job)

    def _order(self, job: Job) -> tuple[EditOrder, str]:
        return read_order(self.blobs, str(job.arguments["order"]))

    def _inverse(self, order: EditOrder, before: str) -> ConfigEdit:
        return inverse_edit(_parsed(self.parse_config, before), self.parse_config(order.label_config), order)

    def _switch(self, job: Job) -> Project:
        order, version = self._order(job)[0], _int(job, "config_version")
        return again(lambda: switch(self.projects, self.actor, job, order.label_config, version, self.clock))

    def _rewrite(self, job: Job, block: int) -> int:
        order, before = self._order(job)
        edit = plan_edit(
            _parsed(self.parse_config, before),
            self.parse_config(order.label_config),
            renames=order.renames,
            removed=order.removed,
        ).edit
        version = _new_version(job)
        editor = ResultEditor(edit)
        found: list[tuple[Task, list[tuple[Rewrite, Entry]]]] = []
        for task, family in _families(self.tasks, _project(job), block):
            rewrites = list(_edited(editor, family, version, self.clock()))
            if rewrites:
                found.append((task, rewrites))
        if not found:
            return 0
        self._note(job, block, [entry for _, rewrites in found for _, entry in rewrites])
        project = _stored(self.projects, job)
        for task, rewrites in found:
            some = [rewrite for rewrite, _ in rewrites]
            commit(self.tasks, project, task, some, self.clock(), job.created_by)
        return sum(len(rewrites) for _, rewrites in found)

    def _note(self, job: Job, block: int, entries: Sequence[Entry]) -> None:
        known = {(entry.kind, entry.id): entry for entry in journal(self.blobs, job, job.id, block)}
        known |= {(entry.kind, entry.id): entry for entry in entries}
        self.blobs.put(_journal_key(job, job.id, block), write_journal(known.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigUndoKind(ConfigWork):
    """Takes a finished change of the configuration back."""

    name: ClassVar = "config_undo"
    queue: ClassVar = "maintenance"

    def plan(self, job: Job, alive: Alive) -> Plan:
        """Put the old configuration in place again; some blocks a part."""
        _, before = read_order(self.blobs, str(job.arguments["order"]))
        version = _int(job, "edited_version")
        again(lambda: switch(self.projects, self.actor, job, before, version, self.clock))
        return _parts(self.tasks.summaries(_project(job)))

    def run_part(self, job: Job, part: JobPart, alive: Alive) -> PartResult:
        """Put each block's results back."""
        order, before = read_order(self.blobs, str(job.arguments["order"]))
        old, new = _parsed(self.parse_config, before), self.parse_config(order.label_config)
        back = TakingBack(self.projects, self.tasks, self.blobs, self.clock, inverse_edit(old, new, order))
        restored, changed = 0, 0
        for block in _blocks(part):
            alive()
            done = again(
                lambda block=block: back.block(  # type: ignore[misc]
                    job, block, edit=_int(job, "edit"), version=_int(job, "edited_version")
                )
            )
            restored, changed = restored + done[0], changed + done[1]
        return PartResult(_tasks_of(part), {"restored": restored, "changed_since": changed})

    def finish(self, job: Job, parts: Sequence[JobPart], alive: Alive) -> Mapping[str, object]:
        """Say how much is as it was, and how much had been changed since the edit."""
        let_go(self.projects, job)
        names = ("restored", "changed_since")
        counts = {name: sum(int(str(part.result.get(name, 0))) for part in parts) for name in names}
        return {**counts, "config_version": _int(job, "edited_version") + 1}

    def undo(self, job: Job, parts: Sequence[JobPart]) -> None:
        """Taking back is not taken back: what was restored stays so, and the next run goes on."""
        let_go(self.projects, job)


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Puts results back to what they were before an edit; `inverse` serves what was made after it."""

    projects: ProjectStore
    tasks: TaskStore
    blobs: BlobStore
    clock: Clock
    inverse: ConfigEdit

    def block(self, job: Job, block: int, *, edit: int, version: int) -> tuple[int, int]:
        """Restore the results of a block that stand at `version`; gives how many there were, and how many of
        them had been changed since the edit."""
        entries = {(entry.kind, entry.id): entry for entry in journal(self.blobs, job, edit, block)}
        editor = ResultEditor(self.inverse)
        restored = changed = 0
        for task, family in _families(self.tasks, _project(job), block):
            rewrites: list[Rewrite] = []
            for kind, member in _members(family):
                if member.config_version != version:
                    continue
                entry = entries.get((kind, member.id))
                result, is_exact = _restored(member, entry, editor)
                origin = entry.config_version if entry and is_exact else version + 1
                after = replace(
                    member,
                    result=cast(Any, result),
                    version=member.version + 1,
                    config_version=origin,
                    updated_at=self.clock(),
                )
                rewrites.append((member, after))
                changed += not is_exact
            restored += len(rewrites)
            if rewrites:
                project = _stored(self.projects, job)
                commit(self.tasks, project, task, rewrites, self.clock(), job.created_by)
        return restored, changed


def _restored(member: Member, entry: Entry | None, editor: ResultEditor) -> tuple[list[Item], bool]:
    """The result before the edit, and whether it is exactly that."""
    result = cast(list[Item], list(member.result))
    if entry is not None:
        try:
            return undo_edit(result, entry.changes), True
        except ConflictError:
            pass
    return editor.apply(result).result, False


def inverse_edit(old: LabelConfig, new: LabelConfig, order: EditOrder) -> ConfigEdit:
    """The edit that gives work made under the new configuration the old names, where there is one name."""
    renames = order.renames
    labels = {
        renames.controls.get(name, name): _turned(names, but=_labels_of(old, name) - set(names))
        for name, names in renames.labels.items()
    }
    moves: dict[str, dict[str, str]] = {}
    for name, moved in renames.moves.items():
        for label, after in moved.items():
            renamed = renames.labels.get(name, {}).get(label, label)
            moves.setdefault(after, {})[renamed] = name
            if renamed != label:
                labels.setdefault(after, {})[renamed] = label
    turned = Renames(_turned(renames.controls), _turned(renames.objects), labels, moves)
    return plan_edit(new, old, renames=turned, removed="keep").edit


def _turned(names: Mapping[str, str], *, but: AbstractSet[str] = frozenset()) -> dict[str, str]:
    """New names → old, leaving out those that had another name too, or were there before."""
    targets = list(names.values())
    return {
        after: before for before, after in names.items() if targets.count(after) == 1 and after not in but
    }


def _labels_of(config: LabelConfig, name: str) -> AbstractSet[str]:
    control = config.controls.get(name)
    return control.accepted_labels if control else frozenset()


def switch(
    projects: ProjectStore,
    actor: Callable[[OrganizationId, UserId], Principal],
    job: Job,
    label_config: str,
    version: int,
    clock: Clock,
) -> Project:
    """Give the project the configuration in place of its version `version`; as it is where that is done.

    InvalidInputError when somebody else changed it meanwhile.
    """
    principal = actor(job.organization, job.created_by)
    project = open_project(projects, principal, "project.update", _project(job))
    if project.config_version == version + 1 and project.label_config == label_config:
        return project
    if project.config_version != version:
        raise InvalidInputError.at(
            "label_config", "The configuration was changed by somebody else meanwhile; plan the change anew."
        )
    after, kept = reconfigured(project, label_config, at=clock(), by=principal.user_id)
    after = replace(after, config_job=job.id)
    projects.update(project, after, config_versions=kept)
    return after


def _stored(projects: ProjectStore, job: Job) -> Project:
    project = projects.get(_project(job), organization=job.organization)
    if project is None:
        raise NotFoundError("The project was removed meanwhile.")
    return project


def let_go(projects: ProjectStore, job: Job) -> None:
    """Let others change the configuration again, once the job has done so."""

    def attempt() -> None:
        project = projects.get(_project(job))
        if project is not None and project.config_job == job.id:
            projects.update(project, replace(project, config_job=None, version=project.version + 1))

    again(attempt)


def _edited(
    editor: ResultEditor, family: TaskFamily, version: int, now: Any
) -> Iterator[tuple[Rewrite, Entry]]:
    """The results of older versions that the edit touches, with what it does to them."""
    for kind, member in _members(family):
        if member.config_version >= version:
            continue
        done = editor.apply(cast(list[Item], list(member.result)))
        if not done.changes:
            continue
        after = replace(
            member,
            result=cast(Any, done.result),
            version=member.version + 1,
            config_version=version,
            updated_at=now,
        )
        yield (member, after), Entry(kind, member.id, member.config_version, done.changes)


def _members(family: TaskFamily) -> Iterator[tuple[MemberKind, Member]]:
    yield from (("annotation", each) for each in family.annotations)
    yield from (("draft", each) for each in family.drafts)
    yield from (("prediction", each) for each in family.predictions)


def _families(tasks: TaskStore, project: ProjectId, block: int) -> Iterator[tuple[Task, TaskFamily]]:
    """The project's tasks of a block that have results, with all of them."""
    for task in tasks.block(block):
        if task.project_id == project and (task.answers or task.drafts or task.models):
            yield task, tasks.family(task.id)


def journal(blobs: BlobStore, job: Job, edit: int, block: int) -> list[Entry]:
    """What the edit noted of a block; nothing where it found nothing to do."""
    try:
        return read_journal(blobs.get(_journal_key(job, edit, block)))
    except NotFoundError:
        return []


def _journal_key(job: Job, edit: int, block: int) -> str:
    return f"config-edits/{_project(job)}/{edit}/{block}"


def _parts(summaries: Sequence[BlockSummary]) -> Plan:
    parts: list[dict[str, object]] = []
    for start in range(0, len(summaries), BLOCKS_PER_PART):
        some = summaries[start : start + BLOCKS_PER_PART]
        tasks = sum(summary.counts.tasks for summary in some)
        parts.append({"blocks": [summary.block for summary in some], "tasks": tasks})
    return Plan(parts, total=sum(summary.counts.tasks for summary in summaries))


def _blocks(part: JobPart) -> list[int]:
    blocks = part.arguments["blocks"]
    return [int(block) for block in blocks] if isinstance(blocks, list) else []


def _tasks_of(part: JobPart) -> int:
    return int(str(part.arguments["tasks"]))


def _int(job: Job, name: str) -> int:
    return int(str(job.arguments[name]))


def _new_version(job: Job) -> int:
    return _int(job, "config_version") + 1


def _project(job: Job) -> ProjectId:
    if job.project is None:
        raise InvalidInputError.at("project", "This job needs a project.")
    return job.project


def _parsed(parse: ConfigParser, text: str) -> LabelConfig:
    try:
        return parse(text)
    except InvalidInputError:
        return parse("<View></View>")
