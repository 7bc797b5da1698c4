"""One flat record per annotation: what JSON_MIN, CSV, TSV and the Parquet tables have in common.

    {…task.data, "id", <control>: …, "annotator", "annotation_id", "created_at", "updated_at", "lead_time"}

A data field named like a control or like one of the fixed columns is kept as `_data_<name>`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chalicelib.domain.formats.annotations import Annotation, annotator_of, known_items, live_annotations
from chalicelib.domain.formats.contract import ExportContext, Task

FIXED_COLUMNS = ("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time")
FLAT_LOSSES = (
    "cancelled annotations",
    "predictions and drafts",
    "relations",
    "region ids, parents, scores and notes",
    "ground truth marks",
    "answers of controls that are no longer in the config",
)
_PASSED_ON = ("agreement",)
_UNWRAPPED = {"choices": "choices", "textarea": "text"}
_NOT_CARRIED = ("drafts", "predictions")


def flat_records(task: Task, context: ExportContext, taken: Collection[str]) -> Iterator[dict[str, Any]]:
    """The records of a task: one per live annotation, one with nulls if there is no annotation.

    `taken` are the names that the data may not use, beside the fixed columns.
    """
    live = live_annotations(task, context.losses)
    for unsaid in _NOT_CARRIED:
        if task.get(unsaid):
            context.losses.add(unsaid, task.get("id"), times=len(task[unsaid]))
    if live is None:
        return
    data = data_columns(task, taken)
    data["id"] = task.get("id")
    if not live:
        yield {**data, **dict.fromkeys(FIXED_COLUMNS[1:])}
    for annotation in live:
        yield data | _answers(annotation, task, context)


def data_columns(task: Task, taken: Collection[str]) -> dict[str, Any]:
    """The task's data as a dict of its own, with the names that are taken put aside."""
    data = task.get("data")
    if not isinstance(data, Mapping):
        return {} if data is None else {"_data": data}
    if data.keys().isdisjoint(taken) and data.keys().isdisjoint(FIXED_COLUMNS):
        return dict(data)
    return {_data_name(name, data, taken): value for name, value in data.items()}


def _data_name(name: str, data: Mapping[str, Any], taken: Collection[str]) -> str:
    if name not in taken and name not in FIXED_COLUMNS:
        return name
    aside = f"_data_{name}"
    while aside in data:
        aside = f"_{aside}"
    return aside


def _answers(annotation: Annotation, task: Task, context: ExportContext) -> dict[str, Any]:
    answers = _plain_answers(annotation, context)
    if answers is None:
        answers = {}
        for _, item in known_items(annotation, context.controls, context.losses, task.get("id")):
            answers.setdefault(item["from_name"], []).append(item)
    record = {
        f"_answer_{name}" if name in FIXED_COLUMNS else name: _answer(items)
        for name, items in answers.items()
    }
    found = annotation.get
    record["annotator"] = annotator_of(annotation)
    record["annotation_id"] = found("id")
    record["created_at"] = found("created_at")
    record["updated_at"] = found("updated_at")
    record["lead_time"] = found("lead_time")
    for name in _PASSED_ON:
        if name in task:
            record[name] = task[name]
    return record


def _plain_answers(annotation: Annotation, context: ExportContext) -> dict[str, list[Any]] | None:
    """The items by control where each is a whole answer of a control in the config, as nearly all are.

    None for anything else, which is then looked at with care.
    """
    controls = context.controls.controls
    answers: dict[str, list[Any]] = {}
    for item in annotation.get("result") or ():
        if type(item) is not dict:
            return None
        name = item.get("from_name")
        if type(name) is not str or name not in controls or type(item.get("value")) is not dict:
            return None
        if name in answers:
            answers[name].append(item)
        else:
            answers[name] = [item]
    return answers


def _answer(items: list[Mapping[str, Any]]) -> Any:
    """The values of a control; a single choice or text as a string, and alone if there is one item."""
    values = []
    for item in items:
        key = _UNWRAPPED.get(str(item.get("type")).lower())
        if key is None:
            values.append(_sized(item))
            continue
        value = item["value"]
        listed = value.get(key)
        only = listed[0] if isinstance(listed, list) and len(listed) == 1 else value
        if len(items) == 1:
            return only
        values.append(only)
    return values


def _sized(item: Mapping[str, Any]) -> Any:
    """The value with the size of what it is measured on, where the item tells it."""
    value = item["value"]
    if "original_width" not in item and "original_height" not in item:
        return value
    return {**value, **{name: item[name] for name in ("original_width", "original_height") if name in item}}
