"""The order of key points in a skeleton: `model_index` of their labels, else the config's order."""

from __future__ import annotations

from chalicelib.domain.formats.control_table import ControlTable


def keypoint_order(controls: ControlTable) -> list[str]:
    """The labels of all key point controls, each once, in the order in which models expect them."""
    places: dict[str, int | None] = {}
    for control in controls.of_type("KeyPointLabels"):
        for label in control.labels:
            places.setdefault(label, _index((control.attributes.get(label) or {}).get("model_index")))
    if any(place is None for place in places.values()):
        return list(places)
    return sorted(places, key=lambda label: places[label] or 0)


def _index(text: object) -> int | None:
    try:
        return int(str(text))
    except ValueError:
        return None
