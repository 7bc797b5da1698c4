"""What a project is. Its rules are in `rules.py`, what is counted of it in `counts.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from chalicelib.domain.json_values import Json
from chalicelib.domain.workflow.machine import Machine
from chalicelib.domain.workflow.presets import PLAIN, PROJECT
from chalicelib.ids import OrganizationId, ProjectId, UserId


class Sampling(StrEnum):
    """In which order fresh tasks are handed out."""

    SEQUENTIAL = "Sequential sampling"
    UNIFORM = "Uniform sampling"
    UNCERTAINTY = "Uncertainty sampling"


class SkipQueue(StrEnum):
    """What becomes of a task that somebody skipped."""

    REQUEUE_FOR_OTHERS = "REQUEUE_FOR_OTHERS"
    REQUEUE_FOR_ME = "REQUEUE_FOR_ME"
    IGNORE_SKIPPED = "IGNORE_SKIPPED"


class BlindMode(StrEnum):
    """What annotators do not see: nothing is hidden, others' annotations, or predictions as well."""

    OFF = "off"
    ANNOTATIONS = "annotations"
    ANNOTATIONS_AND_PREDICTIONS = "annotations_and_predictions"


class Unsettled(StrEnum):
    """What a project's tasks have not followed yet: nothing, its order, or its overlap and its order."""

    NOTHING = ""
    PLACES = "places"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class ProjectStateChange:
    """One step of a project's way through its states: into which, by which transition, when, by whom, why."""

    state: str
    name: str
    at: datetime
    user: UserId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project with its settings, all of which have Label Studio's names and defaults.

    `version` counts the edits. `maximum_annotations` is the overlap that new tasks get.
    """

    id: ProjectId
    organization_id: OrganizationId
    created_by: UserId
    created_at: datetime
    updated_at: datetime
    version: int = 1
    title: str = ""
    description: str | None = ""
    label_config: str = "<View></View>"
    config_version: int = 1
    """Counts the changes of `label_config`; annotations, drafts and predictions remember theirs."""
    config_job: int | None = None
    """The job that is changing the configuration just now; nobody else may meanwhile."""
    validate_predictions: bool = True
    """Whether predictions must fit the configuration; those that do not are refused with their places."""
    validate_annotations: bool = False
    expert_instruction: str = ""
    show_instruction: bool = False
    show_skip_button: bool = True
    enable_empty_annotation: bool = True
    show_annotation_history: bool = False
    show_collab_predictions: bool = True
    evaluate_predictions_automatically: bool = False
    reveal_preannotations_interactively: bool = False
    show_ground_truth_first: bool = False
    blind_mode: BlindMode = BlindMode.OFF
    show_overlap_first: bool = False
    annotator_evaluation_enabled: bool = False
    is_published: bool = False
    is_draft: bool = False
    color: str = "#FFFFFF"
    maximum_annotations: int = 1
    overlap_cohort_percentage: int = 100
    agreement_threshold: float | None = None
    """Where a task's annotations agree less, one more is asked for; None for never."""
    max_additional_annotators_assignable: int = 0
    """So many are asked beyond `maximum_annotations`."""
    sampling: Sampling = Sampling.SEQUENTIAL
    strategy: Mapping[str, Json] | None = None
    """A strategy of ours with its parameters, in place of `sampling` (`domain/queue/strategies.py`)."""
    skip_queue: SkipQueue = SkipQueue.REQUEUE_FOR_OTHERS
    model_version: str = ""
    min_annotations_to_start_training: int = 0
    task_data_login: str | None = None
    task_data_password: str | None = None
    control_weights: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    honeypot_every: int = 0
    """Of so many tasks that somebody does one has a ground truth that they are compared with; 0 for none."""
    assigned_only: bool = False
    """Whether people are handed out nothing but tasks that are assigned to them."""
    pinned_at: datetime | None = None
    is_members_only: bool = False
    """Whether only those see the project who were given a role in it, themselves or by a group."""
    group_roles: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    """The role of each group in the project, by the group's id. At most 50 (`domain.people.MAX_GROUPS`)."""
    workflow: Machine | None = None
    """The state machine of the project's tasks; None for the plain one."""
    state_mapping: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Where tasks stand that are still in a state of an earlier workflow."""
    state: str = PROJECT.initial
    state_history: tuple[ProjectStateChange, ...] = ()
    """The newest changes of its own state (`domain/projects/states.py`), oldest first."""
    unsettled: Unsettled = Unsettled.NOTHING
    """What a change of settings has left to do, from that change on until its tasks have followed."""

    @property
    def task_machine(self) -> Machine:
        """The state machine of the project's tasks."""
        return self.workflow or PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCounts:
    """What is counted of a project, exact at the moment of reading; the names are Label Studio's.

    `finished_task_number` are the labeled tasks; `total_annotations_number` leaves cancelled ones out;
    `useful_annotation_number` leaves out ground truth as well, and `num_tasks_with_annotations` are the
    tasks with at least one useful annotation. `queue_done` and `queue_total` are the asking user's.
    """

    task_number: int = 0
    finished_task_number: int = 0
    total_annotations_number: int = 0
    total_predictions_number: int = 0
    num_tasks_with_annotations: int = 0
    useful_annotation_number: int = 0
    ground_truth_number: int = 0
    skipped_annotations_number: int = 0
    queue_total: int = 0
    queue_done: int = 0
    states: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    models: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """How many predictions each model version has."""
    draft_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSummary:
    """What the project's data and annotations contain, in the terms of its config."""

    project: ProjectId
    created_at: datetime
    all_data_columns: Mapping[str, int]
    common_data_columns: tuple[str, ...]
    created_annotations: Mapping[str, int]
    """`from_name|to_name|type` to the number of regions or choices."""
    created_labels: Mapping[str, Mapping[str, int]]
    created_labels_drafts: Mapping[str, Mapping[str, int]]
    is_complete: bool = True
    """False while a large project is still being tallied; ask again for more."""
