"""Which results a project refuses: those that do not fit its configuration, where it checks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from chalicelib.domain.label_config import LabelConfig, validate_result
from chalicelib.domain.projects.entities import Project
from chalicelib.domain.tasks.changes import NewTask
from chalicelib.errors import Fault

Checked = Literal["validate_predictions", "validate_annotations"]
"""The setting that says whether a kind of results is checked."""


def result_faults(
    project: Project,
    parse_config: Callable[[str], LabelConfig],
    result: object,
    *,
    checked: Checked,
    place: str = "result",
) -> list[Fault]:
    """Everything by which a result does not fit the project's configuration, with its place.

    Nothing where the project does not check such results, or has no controls yet that could say what fits.
    """
    if not getattr(project, checked) or not result:
        return []
    config = parse_config(project.label_config)
    return validate_result(config, result, place=place) if config.has_controls else []


def task_result_faults(
    project: Project, parse_config: Callable[[str], LabelConfig], task: NewTask, *, place: str = ""
) -> list[Fault]:
    """The faults of all results that a new task brings along; plain values of predictions are made to fit."""
    found: list[Fault] = []
    for number, prediction in enumerate(task.predictions):
        if isinstance(prediction.result, list | tuple):
            where = f"{place}predictions[{number}].result"
            result = list(prediction.result)
            found += result_faults(project, parse_config, result, checked="validate_predictions", place=where)
    for number, annotation in enumerate(task.annotations):
        where = f"{place}annotations[{number}].result"
        found += result_faults(
            project, parse_config, annotation.result, checked="validate_annotations", place=where
        )
    return found


def fitting(
    project: Project, parse_config: Callable[[str], LabelConfig], checked: Checked, result: object, place: str
) -> list[Fault]:
    """`result_faults` with what varies from result to result last."""
    return result_faults(project, parse_config, result, checked=checked, place=place)
