"""From what a reader gives to a task that can be stored: authors, defaults, and every fault with its place.

An item is the plain JSON of a task to be (`data, meta, annotations, predictions, drafts, allow_skip`). Items
are what an import keeps aside between its checking pass and its storing pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.imports.checks import data_types, item_faults
from chalicelib.domain.imports.contract import UNNAMED, TaskIn
from chalicelib.domain.imports.items import with_defaults
from chalicelib.domain.projects.result_rules import Checked
from chalicelib.domain.tasks.changes import NewAnnotation, NewDraft, NewPrediction, NewTask
from chalicelib.errors import Fault
from chalicelib.ids import OrganizationId, UserId

Item = dict[str, Any]
Members = Callable[[OrganizationId], Mapping[int | str, UserId]]
"""Gives the members of an organization by id and by e-mail address in lower case."""
PREANNOTATED = "preannotated"
Fits = Callable[[Checked, object, str], Sequence[Fault]]
"""Gives the faults of a result at a place; the named setting of the project says whether it is checked."""


def _anything_fits(_checked: Checked, _result: object, _place: str) -> Sequence[Fault]:
    return ()


@dataclass(frozen=True, slots=True)
class ItemContext:
    """What items are checked against: the project's controls, its members, and who imports."""

    controls: ControlTable
    members: Mapping[int | str, UserId]
    importer: UserId
    preannotated_from: Sequence[str] = ()
    data_keys: Mapping[str, str] = field(default_factory=dict)
    fits: Fits = _anything_fits

    @classmethod
    def of(
        cls,
        controls: ControlTable,
        members: Mapping[int | str, UserId],
        importer: UserId,
        preannotated_from: Sequence[str] = (),
        fits: Fits = _anything_fits,
    ) -> ItemContext:
        """A context with the data keys that the controls' objects read."""
        return cls(controls, members, importer, tuple(preannotated_from), data_types(controls), fits)


def item_of(read: TaskIn, context: ItemContext, *, upload_id: int | None = None) -> Item:
    """The item for what a reader gave; content of files without column names gets the config's only key."""
    data = read.data
    if isinstance(data, dict) and UNNAMED in data and context.data_keys:
        first = next(iter(context.data_keys))
        data = {first if key == UNNAMED else key: value for key, value in data.items()}
    item: Item = {
        "data": data,
        "meta": read.meta,
        "annotations": read.annotations,
        "predictions": read.predictions,
        "drafts": read.drafts,
        "allow_skip": read.allow_skip,
    }
    return item if upload_id is None else item | {"file_upload_id": upload_id}


def faults_of(
    item: Item, index: int, context: ItemContext, *, place: str = "", wrapped: bool = True
) -> list[Fault]:
    """Everything wrong with an item, in the words that clients of Label Studio know."""
    checked = item if wrapped and item["data"] else item["data"]
    said = [*item_faults(checked, context.data_keys)]
    if not said:
        said = [
            *_author_faults(item, context),
            *_preannotation_faults(item, context),
            *_result_faults(item, context),
        ]
    return [Fault(place or str(index), f"Error at item {index}: {fault}") for fault in said]


def new_task(item: Item, context: ItemContext) -> NewTask:
    """The task that a checked item describes."""
    predictions = [_prediction(entry) for entry in item["predictions"]]
    return NewTask(
        data=item["data"],
        meta=item["meta"] or None,
        allow_skip=item["allow_skip"],
        annotations=[_annotation(entry, context) for entry in item["annotations"]],
        predictions=[*predictions, *_preannotations(item, context)],
        drafts=[NewDraft(result=entry.get("result") or ()) for entry in item["drafts"]],
        file_upload_id=item.get("file_upload_id"),
    )


def _annotation(entry: Mapping[str, Any], context: ItemContext) -> NewAnnotation:
    made = with_defaults(dict(entry))
    lead_time = made.get("lead_time")
    import_id = made.get("import_id")
    return NewAnnotation(
        result=made["result"],
        was_cancelled=bool(made["was_cancelled"]),
        ground_truth=bool(made["ground_truth"]),
        lead_time=float(lead_time) if isinstance(lead_time, int | float) else None,
        completed_by=_author(made.get("completed_by"), context),
        import_id=import_id if isinstance(import_id, int) else None,
        last_action="imported",
    )


def _prediction(entry: Mapping[str, Any]) -> NewPrediction:
    score = entry.get("score")
    return NewPrediction(
        result=entry["result"],
        score=float(score) if isinstance(score, int | float) and not isinstance(score, bool) else None,
        model_version=str(entry.get("model_version") or "undefined"),
    )


def _author(given: Any, context: ItemContext) -> UserId | None:
    if given is None:
        return context.importer
    key = _author_key(given)
    return context.members.get(key) if key is not None else None


def _author_key(given: Any) -> int | str | None:
    if isinstance(given, Mapping):
        given = given.get("email", given.get("id"))
    if isinstance(given, str):
        return given.lower()
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _author_faults(item: Item, context: ItemContext) -> Iterator[str]:
    for number, entry in enumerate(item["annotations"]):
        if _author(entry.get("completed_by"), context) is None:
            given = entry.get("completed_by")
            yield f"annotations[{number}]: completed_by {given!r} is not a member of the organization"


def _result_faults(item: Item, context: ItemContext) -> Iterator[str]:
    kinds: tuple[tuple[str, Checked], ...] = (
        ("annotations", "validate_annotations"),
        ("predictions", "validate_predictions"),
    )
    for name, checked in kinds:
        for number, entry in enumerate(item[name]):
            result = entry.get("result")
            if isinstance(result, list):
                for fault in context.fits(checked, result, f"{name}[{number}].result"):
                    yield f"{fault.place}: {fault.message}"


def _preannotation_faults(item: Item, context: ItemContext) -> Iterator[str]:
    for name in context.preannotated_from:
        if name not in item["data"]:
            yield f'preannotated_from_fields names "{name}", which the data does not have'
        elif context.controls.of(name) is None and not context.controls.controls:
            yield f'preannotated_from_fields names "{name}", but the labeling config has no controls'


def _preannotations(item: Item, context: ItemContext) -> list[NewPrediction]:
    """One prediction for all named fields: each becomes the answer of the control of its name."""
    result = [
        region
        for name in context.preannotated_from
        if (region := preannotation(name, item["data"].get(name), context.controls)) is not None
    ]
    return [NewPrediction(result=result, score=1.0, model_version=PREANNOTATED)] if result else []


def preannotation(name: str, value: Any, controls: ControlTable) -> dict[str, Any] | None:
    """A data field as the answer of the control named like it, else of the first; None for no value."""
    control = controls.of(name) or next(iter(controls.controls.values()), None)
    if control is None or value in (None, ""):
        return None
    kind = control.type.lower()
    key = "text" if kind == "textarea" else kind
    plain = kind in {"rating", "number", "datetime"}
    wrapped = value if plain or isinstance(value, list) else [value]
    return {"from_name": name, "to_name": control.to_name[0], "type": kind, "value": {key: wrapped}}
