"""Projects as clients see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, cast

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.schemas.choices import one_of
from chalicelib.api.schemas.configs import ParsedControl
from chalicelib.api.schemas.people import UserRef, moment, user_ref
from chalicelib.clock import iso
from chalicelib.domain.label_config import default_control_weights
from chalicelib.domain.people import User
from chalicelib.domain.projects.entities import (
    BlindMode,
    Project,
    ProjectCounts,
    ProjectSummary,
    Sampling,
    SkipQueue,
)

if TYPE_CHECKING:
    from chalicelib.domain.label_config import LabelConfig

COUNTERS = (
    "task_number",
    "finished_task_number",
    "total_annotations_number",
    "total_predictions_number",
    "num_tasks_with_annotations",
    "useful_annotation_number",
    "ground_truth_number",
    "skipped_annotations_number",
    "queue_total",
    "queue_done",
)
SETTINGS = (
    "title",
    "description",
    "label_config",
    "expert_instruction",
    "show_instruction",
    "validate_predictions",
    "validate_annotations",
    "show_skip_button",
    "enable_empty_annotation",
    "show_annotation_history",
    "show_collab_predictions",
    "evaluate_predictions_automatically",
    "reveal_preannotations_interactively",
    "show_ground_truth_first",
    "show_overlap_first",
    "annotator_evaluation_enabled",
    "assigned_only",
    "honeypot_every",
    "is_published",
    "is_draft",
    "color",
    "maximum_annotations",
    "overlap_cohort_percentage",
    "max_additional_annotators_assignable",
    "model_version",
    "min_annotations_to_start_training",
    "task_data_login",
    "task_data_password",
)


class ProjectCountsRead(TypedDict):
    """What is counted of a project; null in the answer to create and update."""

    task_number: int | None
    finished_task_number: int | None
    total_annotations_number: int | None
    total_predictions_number: int | None
    num_tasks_with_annotations: int | None
    useful_annotation_number: int | None
    ground_truth_number: int | None
    skipped_annotations_number: int | None
    queue_total: int | None
    queue_done: int | None


StrategyRead = Annotated[
    Mapping[str, Any],
    Field(json_schema_extra={"properties": {"name": {"type": "string"}}, "required": ["name"]}),
]
"""An order of tasks by its name; its parameters stand beside it."""


class CountedProject(ProjectCountsRead):
    """What is counted of the project with an id."""

    id: int


class ProjectRead(ProjectCountsRead):
    """A project."""

    id: int
    title: str
    description: str | None
    label_config: str
    config_version: int
    config_job: int | None
    validate_predictions: bool
    validate_annotations: bool
    expert_instruction: str | None
    show_instruction: bool
    show_skip_button: bool
    enable_empty_annotation: bool
    show_annotation_history: bool
    show_collab_predictions: bool
    evaluate_predictions_automatically: bool
    reveal_preannotations_interactively: bool
    show_ground_truth_first: bool
    show_overlap_first: bool
    annotator_evaluation_enabled: bool
    assigned_only: bool
    honeypot_every: int
    is_published: bool
    is_draft: bool
    color: str
    maximum_annotations: int
    overlap_cohort_percentage: int
    agreement_threshold: str | None
    max_additional_annotators_assignable: int
    sampling: Annotated[str, one_of(Sampling)]
    strategy: StrategyRead | None
    skip_queue: Annotated[str, one_of(SkipQueue)]
    blind_mode: Annotated[str, one_of(BlindMode)]
    model_version: str
    min_annotations_to_start_training: int
    start_training_on_annotation_update: bool
    task_data_login: str | None
    task_data_password: str | None
    control_weights: Mapping[str, Mapping[str, Any]]
    pinned_at: str | None
    organization: int
    created_by: UserRef
    created_at: str
    parsed_label_config: Mapping[str, ParsedControl]
    config_has_control_tags: bool
    config_suitable_for_bulk_annotation: bool
    state: str
    version: int


class ProjectWrite(Body):
    """The writable fields of a project; what is absent keeps its value or default.

    Texts, numbers and closed sets are checked in detail by the service, with all other faults.
    """

    title: str = Field(default="", max_length=50)
    description: str | None = ""
    label_config: str | None = "<View></View>"
    expert_instruction: str | None = ""
    show_instruction: bool = False
    validate_predictions: bool = True
    validate_annotations: bool = False
    show_skip_button: bool = True
    enable_empty_annotation: bool = True
    show_annotation_history: bool = False
    show_collab_predictions: bool = True
    evaluate_predictions_automatically: bool = False
    reveal_preannotations_interactively: bool = False
    show_ground_truth_first: bool = False
    show_overlap_first: bool = False
    annotator_evaluation_enabled: bool = False
    assigned_only: bool = False
    honeypot_every: int = 0
    is_published: bool = False
    is_draft: bool = False
    color: str | None = "#FFFFFF"
    maximum_annotations: int = 1
    overlap_cohort_percentage: int = 100
    agreement_threshold: float | str | None = None
    max_additional_annotators_assignable: int = 0
    sampling: Literal["Sequential sampling", "Uniform sampling", "Uncertainty sampling"] | None = (
        "Sequential sampling"
    )
    strategy: dict[str, Any] | None = None
    skip_queue: Literal["REQUEUE_FOR_OTHERS", "REQUEUE_FOR_ME", "IGNORE_SKIPPED"] | None = (
        "REQUEUE_FOR_OTHERS"
    )
    blind_mode: Literal["off", "annotations", "annotations_and_predictions"] = "off"
    model_version: str | None = ""
    min_annotations_to_start_training: int = 0
    start_training_on_annotation_update: bool = False
    task_data_login: str | None = None
    task_data_password: str | None = None
    control_weights: dict[str, Any] | None = None
    pinned_at: str | None = None


class SummaryRead(TypedDict):
    """What data and annotations of a project contain."""

    project: int
    created_at: str
    all_data_columns: Mapping[str, int]
    common_data_columns: list[str]
    created_annotations: Mapping[str, int]
    created_labels: Mapping[str, Mapping[str, int]]
    created_labels_drafts: Mapping[str, Mapping[str, int]]


class StreamEntry(TypedDict):
    """A task of the labeling stream, and its annotation if there is one."""

    taskId: int
    annotationId: NotRequired[int]


class Nothing(TypedDict):
    """An object without fields."""


class ModelVersion(TypedDict):
    """How many predictions a version of a model has."""

    model_version: str
    count: int
    latest: str | None


class ModelVersions(TypedDict):
    """The versions as a list; of models that answer live there are none."""

    static: list[ModelVersion]
    live: NotRequired[list[ModelVersion]]


class DeletedPredictions(TypedDict):
    """How many predictions went."""

    deleted_predictions: int


NO_COUNTS: ProjectCountsRead = dict.fromkeys(COUNTERS)  # type: ignore[assignment]


def render_counts(counts: ProjectCounts) -> ProjectCountsRead:
    """The counters of a project."""
    return {name: getattr(counts, name) for name in COUNTERS}  # type: ignore[return-value]


def render_project(
    project: Project,
    counts: ProjectCountsRead,
    *,
    config: LabelConfig,
    users: Mapping[Any, User],
) -> ProjectRead:
    """A project with its counters and what follows from its configuration."""
    body: dict[str, Any] = {
        "id": project.id,
        **{name: getattr(project, name) for name in SETTINGS},
        **counts,
        "sampling": project.sampling.value,
        "agreement_threshold": _decimal(project.agreement_threshold),
        "strategy": project.strategy,
        "skip_queue": project.skip_queue.value,
        "blind_mode": project.blind_mode.value,
        "start_training_on_annotation_update": project.min_annotations_to_start_training > 0,
        "control_weights": project.control_weights or default_control_weights(config),
        "pinned_at": moment(project.pinned_at),
        "organization": project.organization_id,
        "created_by": user_ref(project.created_by, users),
        "created_at": iso(project.created_at),
        "parsed_label_config": config.parsed,
        "config_has_control_tags": config.has_controls,
        "config_suitable_for_bulk_annotation": config.suitable_for_bulk,
        "state": project.state,
        "config_version": project.config_version,
        "config_job": project.config_job,
        "version": project.version,
    }
    return cast(ProjectRead, body)


def _decimal(share: float | None) -> str | None:
    return None if share is None else f"{share:g}"


def render_summary(summary: ProjectSummary) -> SummaryRead:
    """What a project's data and annotations contain."""
    return {
        "project": summary.project,
        "created_at": iso(summary.created_at),
        "all_data_columns": summary.all_data_columns,
        "common_data_columns": sorted(summary.common_data_columns),
        "created_annotations": summary.created_annotations,
        "created_labels": summary.created_labels,
        "created_labels_drafts": summary.created_labels_drafts,
    }
