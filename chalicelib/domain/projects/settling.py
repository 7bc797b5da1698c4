"""What a change of a project's settings leaves its tasks to follow."""

from __future__ import annotations

from chalicelib.domain.projects.entities import Project, Unsettled

_PLACES = (
    "skip_queue",
    "sampling",
    "strategy",
    "model_version",
    "show_overlap_first",
    "show_ground_truth_first",
    "annotator_evaluation_enabled",
    "honeypot_every",
    "workflow",
    "state_mapping",
)
_OVERLAP = ("maximum_annotations", "overlap_cohort_percentage")


def unsettled_by(old: Project, new: Project) -> Unsettled:
    """What the tasks have to follow after this change, and what an earlier one has left to do."""
    if _differ(_OVERLAP, old, new):
        return Unsettled.OVERLAP
    changed = Unsettled.PLACES if _differ(_PLACES, old, new) else Unsettled.NOTHING
    return both(old.unsettled, changed)


def both(one: Unsettled, other: Unsettled) -> Unsettled:
    """All that either has left to do."""
    return max(one, other, key=list(Unsettled).index)


def _differ(names: tuple[str, ...], old: Project, new: Project) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in names)
