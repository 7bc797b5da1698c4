"""Whether a labeling configuration may take another's place in a project that has work in it."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.label_config import LabelConfig, label_faults, usage_faults
from chalicelib.domain.label_config.usage import Usage
from chalicelib.domain.projects.entities import ProjectSummary
from chalicelib.errors import Fault

CARRY_ALONG = "Carry the work along: POST /api/projects/<id>/config-edits/plan/ says how."


def usage_of(summary: ProjectSummary) -> Usage:
    """What the project's summary counts, as the compiler takes it."""
    return Usage(
        annotations=summary.created_annotations,
        labels=summary.created_labels,
        draft_labels=summary.created_labels_drafts,
    )


def losses(config: LabelConfig, usage: Usage, *, labels: bool) -> list[Fault]:
    """What the configuration lacks of what results use; of labels only where those are asked for."""
    found = [*usage_faults(config, usage), *(label_faults(config, usage) if labels else ())]
    return [replace(fault, place="label_config", suggestion=CARRY_ALONG) for fault in found]
