"""What a new configuration does to a project that has work in it: what it breaks, and what changes.

Works on the project's summary: counts by `from|to|type`, and by control and label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.label_config.config import Control, LabelConfig, name_pattern
from chalicelib.errors import Fault

EXEMPT_TYPES = frozenset({"textarea", "chatmessage"})
"""Types whose items never hold a configuration back."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The counts of a project's summary.

    `annotations`: `from|to|type` → items. `labels`, `draft_labels`: control → label → items.
    `added_labels`: control → labels that people added themselves (Taxonomy).
    """

    annotations: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    draft_labels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    added_labels: Mapping[str, frozenset[str]] = field(default_factory=dict)


def essential_change(old: LabelConfig, new: LabelConfig) -> bool | None:
    """Whether a control is new, has another type or other inputs, or lacks a label it had.

    None when controls were only removed, as servers of the field answer.
    """
    before, after = old.parsed, new.parsed
    for name, control in after.items():
        known = before.get(name)
        if known is None or any(known[key] != control[key] for key in ("type", "inputs")):
            return True
        if _labels(known) - _labels(control):
            return True
    return None if before.keys() - after.keys() else False


def _labels(control: Mapping[str, object]) -> set[str]:
    labels = control["labels"]
    return set(labels) if isinstance(labels, list) else set()


def usage_faults(config: LabelConfig, usage: Usage) -> list[Fault]:
    """Used triples of control, object and type that the configuration no longer has; refused everywhere."""
    if not config.has_controls:
        return []
    faults = []
    for triple, count in usage.annotations.items():
        from_name, _, rest = triple.partition("|")
        to_name, _, type_ = rest.rpartition("|")
        if count <= 0 or type_ in EXEMPT_TYPES:
            continue
        problem = _triple_problem(config, from_name, to_name, type_)
        if problem:
            message = f'{problem}: {count} result(s) with from_name="{from_name}", to_name="{to_name}", '
            message += f'type="{type_}" would be left without it'
            faults.append(Fault("", message, "used_control_missing"))
    return faults


def _triple_problem(config: LabelConfig, from_name: str, to_name: str, type_: str) -> str:
    control = config.find_control(from_name)
    if control is None:
        return f'The control "{from_name}" is in use and missing'
    if not _is_target(control, to_name) and to_name != from_name:
        return f'The control "{from_name}" no longer works on "{to_name}"'
    if type_ not in result_types(config, control):
        return f'The control "{from_name}" no longer writes "{type_}"'
    return ""


def _is_target(control: Control, to_name: str) -> bool:
    if not control.in_repeater:
        return to_name in control.to_names
    return any(re.fullmatch(name_pattern(name, control.element), to_name) for name in control.to_names)


def result_types(config: LabelConfig, control: Control) -> set[str]:
    """The types that a control's items can have."""
    types = {control.result_type}
    if control.kind == "Labels" and any(
        config.objects[name].kind == "Video" for name in control.to_names if name in config.objects
    ):
        types |= {"videorectangle", "videovectorlabels", "timelinelabels"}
    if control.kind == "HyperTextLabels":
        types.add("htmllabels")
    return types


def label_faults(config: LabelConfig, usage: Usage) -> list[Fault]:
    """Used labels that the configuration no longer has; refused by the project's validator only."""
    if not config.has_controls:
        return []
    controls = set(usage.labels) | set(usage.draft_labels)
    faults = []
    for name in sorted(controls):
        control = config.find_control(name)
        if control is None or control.dynamic:
            continue
        known = _known_labels(config, control) | usage.added_labels.get(name, frozenset())
        kept, drafts = usage.labels.get(name, {}), usage.draft_labels.get(name, {})
        for label in dict.fromkeys([*kept, *drafts]):
            counts = (kept.get(label, 0), drafts.get(label, 0))
            if label not in known and any(counts):
                message = f'The label "{label}" of "{name}" is in use and missing: '
                message += f"{counts[0]} in annotations, {counts[1]} in drafts"
                faults.append(Fault("", message, "used_label_missing"))
    return faults


def _known_labels(config: LabelConfig, control: Control) -> frozenset[str]:
    if control.kind not in {"VideoRectangle", "VideoVector"}:
        return control.accepted_labels
    return frozenset(label for other in config.controls.values() for label in other.accepted_labels)
