"""An item of a JSON body or file as a task: wrapped in `{"data": …}` or the data itself."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.imports.contract import TaskIn


def is_wrapped(item: Any) -> bool:
    """Whether the item is a full task rather than its data."""
    return isinstance(item, dict) and bool(item.get("data"))


def task_of(item: Any, place: str = "") -> TaskIn:
    """The task that an item stands for; what is no task stays in `data` for the checks to refuse."""
    if not is_wrapped(item):
        return TaskIn(data=item, place=place)
    return TaskIn(
        data=item["data"],
        meta=item.get("meta") if item.get("meta") is not None else {},
        annotations=_listed(item, "annotations"),
        predictions=_listed(item, "predictions"),
        drafts=_listed(item, "drafts"),
        allow_skip=item.get("allow_skip") is not False,
        wrapped=True,
        place=place,
    )


def with_defaults(annotation: dict[str, Any]) -> dict[str, Any]:
    """An annotation as it is to be stored: truth unless it says otherwise, its id as `import_id`."""
    made = {key: value for key, value in annotation.items() if key not in ("id", "unique_id", "created_at")}
    if "id" in annotation:
        made["import_id"] = annotation["id"]
    made.setdefault("ground_truth", True)
    made.setdefault("was_cancelled", False)
    return made


def _listed(item: dict[str, Any], key: str) -> Any:
    """The list under the key; anything else but nothing is left as it is for the checks to refuse."""
    found = item.get(key)
    return [] if found is None else found
