"""The rules that tasks keep as they come in, from a form, a client or an import."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chalicelib.domain.annotations.rules import (
    DRAFT_FIELDS,
    NEW_ANNOTATION_FIELDS,
    PREDICTION_FIELDS,
    find_faults,
)
from chalicelib.domain.tasks.changes import NewTask
from chalicelib.errors import FaultList

UNNAMED = "$undefined$"
"""The key under which data of one unnamed value is stored."""
MAX_OVERLAP = 1000


def read_task_fields(fields: Mapping[str, object]) -> dict[str, Any]:
    """Those of the fields of a task that can be changed. Raises InvalidInputError with every fault."""
    faults = FaultList()
    given = {name: fields[name] for name in ("data", "meta", "overlap", "allow_skip") if name in fields}
    if "data" in given and not isinstance(given["data"], Mapping):
        faults.add("data", "Expected an object.")
    if given.get("meta") is not None and not isinstance(given["meta"], Mapping):
        faults.add("meta", "Expected an object.")
    if "overlap" in given and not is_overlap(given["overlap"]):
        faults.add("overlap", f"A whole number from 1 to {MAX_OVERLAP} is required.")
    if "allow_skip" in given and not isinstance(given["allow_skip"], bool):
        faults.add("allow_skip", "Must be a valid boolean.")
    faults.raise_if_any()
    return given


def is_overlap(value: object) -> bool:
    """Whether the value can be a task's overlap."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_OVERLAP


def check_new_tasks(
    tasks: Sequence[NewTask], data_keys: Collection[str], *, controls: int, first_index: int = 0
) -> None:
    """Raise InvalidInputError with every fault of tasks to be added, each with its place.

    `data_keys` must be in the data of each (unless it is one unnamed value), `controls` is how many the
    configuration has.
    """
    faults = FaultList()
    for index, task in enumerate(tasks, first_index):
        _check_data(faults, str(index), task, data_keys)
        _check_members(faults, str(index), task, controls)
    faults.raise_if_any()


def holds(data: Mapping[str, object], key: str) -> bool:
    """Whether the data holds the key, as it stands, along its dots, or up to an index in brackets."""
    key = key.split("[", 1)[0]
    if key in data:
        return True
    found: object = data
    for step in key.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return False
        found = found[step]
    return True


def _check_data(faults: FaultList, place: str, task: NewTask, data_keys: Collection[str]) -> None:
    data: object = task.data
    if not isinstance(data, Mapping):
        faults.add(f"{place}.data", f"Error at item {place}: data is expected to be an object")
        return
    if set(task.data) == {UNNAMED} and len(data_keys) == 1:
        return
    for key in data_keys:
        if not holds(task.data, key):
            there = sorted(map(str, task.data))
            message = f'Error at item {place}: "{key}" key is expected in task data, found {there}'
            faults.add(f"{place}.data.{key}", message, code="missing_key")


def _check_members(faults: FaultList, place: str, task: NewTask, controls: int) -> None:
    if task.overlap is not None and not is_overlap(task.overlap):
        faults.add(f"{place}.overlap", f"A whole number from 1 to {MAX_OVERLAP} is required.")
    for kind, members, checks in (
        ("annotations", task.annotations, NEW_ANNOTATION_FIELDS),
        ("drafts", task.drafts, DRAFT_FIELDS),
        ("predictions", task.predictions, PREDICTION_FIELDS),
    ):
        for number, member in enumerate(members):
            find_faults(faults, member, checks, place=f"{place}.{kind}.{number}.")
    for number, prediction in enumerate(task.predictions):
        if not isinstance(prediction.result, list | tuple) and controls != 1:
            message = "A plain value needs a configuration with exactly one control."
            faults.add(f"{place}.predictions.{number}.result", message)
