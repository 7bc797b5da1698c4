"""The rules that a project's settings keep."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.annotations.rules import is_storable
from chalicelib.domain.projects.entities import BlindMode, Project, Sampling, SkipQueue
from chalicelib.domain.queue.strategy_settings import read_strategy
from chalicelib.errors import FaultList

TITLE_LENGTHS = range(3, 51)
MAX_OVERLAP = 1000
MAX_HONEYPOT_EVERY = 1000
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


class Refused(ValueError):  # noqa: N818  (a signal between the checks, not an error of ours)
    """The value cannot be taken; the message says why."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Refused("Not a valid string.")
    if not is_storable(value):
        raise Refused("Half of a surrogate pair is not valid text.")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _title(value: object) -> str:
    title = _text(value)
    if title and len(title) < TITLE_LENGTHS[0]:
        raise Refused(f"Ensure this field has at least {TITLE_LENGTHS[0]} characters.")
    if len(title) > TITLE_LENGTHS[-1]:
        raise Refused(f"Ensure this field has no more than {TITLE_LENGTHS[-1]} characters.")
    return title


def _config(value: object) -> str:
    if value is None:
        raise Refused("This field may not be null.")
    config = _text(value)
    if not config.strip():
        raise Refused("This field may not be blank.")
    return config


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise Refused("Must be a valid boolean.")
    return value


def _color(value: object) -> str:
    if not _COLOR.fullmatch(_text(value)):
        raise Refused("A color like #1F2E3D is required.")
    return _text(value)


def _whole(lowest: int, highest: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused("A valid integer is required.")
        if not lowest <= value <= highest:
            raise Refused(f"Ensure this value is from {lowest} to {highest}.")
        return value

    return check


def _share(value: object) -> float | None:
    """Also as text, which is how it is given back."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Refused("A valid number is required.")
    try:
        share = float(value)
    except (ValueError, OverflowError) as error:
        raise Refused("A valid number is required.") from error
    if not 0 <= share <= 1:
        raise Refused("Ensure this value is from 0 to 1.")
    return share


def _choice(kind: type[StrEnum]) -> Callable[[object], StrEnum]:
    def check(value: object) -> StrEnum:
        try:
            return kind(str(value))
        except ValueError as error:
            raise Refused(f'"{value}" is not a valid choice.') from error

    return check


def _object(value: object) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Refused("Expected an object.")
    return value


def _moment(value: object) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    try:
        moment = datetime.fromisoformat(_text(value).replace("Z", "+00:00"))
    except ValueError as error:
        raise Refused("Datetime has wrong format.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_BOOLEANS = (
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
    "is_published",
    "is_draft",
)

CHECKS: Mapping[str, Callable[[object], object]] = {
    "title": _title,
    "description": _text_or_none,
    "label_config": _config,
    "expert_instruction": lambda value: _text_or_none(value) or "",
    "color": _color,
    "maximum_annotations": _whole(1, MAX_OVERLAP),
    "overlap_cohort_percentage": _whole(0, 100),
    "agreement_threshold": _share,
    "max_additional_annotators_assignable": _whole(0, MAX_OVERLAP),
    "honeypot_every": _whole(0, MAX_HONEYPOT_EVERY),
    "sampling": _choice(Sampling),
    "skip_queue": _choice(SkipQueue),
    "blind_mode": _choice(BlindMode),
    "model_version": lambda value: _text_or_none(value) or "",
    "min_annotations_to_start_training": _whole(0, 10**9),
    "task_data_login": _text_or_none,
    "task_data_password": _text_or_none,
    "control_weights": _object,
    "pinned_at": _moment,
    **dict.fromkeys(_BOOLEANS, _boolean),
}
"""What each writable field must be; every check gives the value to keep or refuses it."""

STARTS_TRAINING = "start_training_on_annotation_update"


def read_project_fields(fields: Mapping[str, object]) -> dict[str, Any]:
    """Those of the fields that are writable, checked. Raises InvalidInputError with every fault.

    Switching the shown predictions off empties the model version.
    """
    faults = FaultList()
    values: dict[str, Any] = {}
    given = dict(fields)
    if STARTS_TRAINING in given:
        given["min_annotations_to_start_training"] = int(given[STARTS_TRAINING] is True)
    for name, check in CHECKS.items():
        if name not in given:
            continue
        try:
            values[name] = check(given[name])
        except Refused as refusal:
            faults.add(name, str(refusal))
    if "strategy" in given:
        values["strategy"] = read_strategy(faults, given["strategy"])
    faults.raise_if_any()
    if values.get("show_collab_predictions") is False:
        values["model_version"] = ""
    return values


def with_strategy(project: Project, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The changes of a project, in which another `sampling` without a word on the `strategy` ends that.

    Clients that know `sampling` alone mean it when they change it.
    """
    is_other = values.get("sampling", project.sampling) != project.sampling
    return {**values, "strategy": None} if is_other and "strategy" not in values else values
