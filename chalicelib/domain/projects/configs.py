"""Whether one labeling configuration may take another's place: what annotations use must stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chalicelib.domain.projects.entities import ProjectSummary

Controls = Mapping[str, Mapping[str, Any]]

_FREE_TYPES = frozenset({"textarea", "chat", "chatmessage"})
"""Types of results that any configuration may lose."""


def lost_controls(summary: ProjectSummary, controls: Controls) -> list[str]:
    """What annotations use and the controls lack, as `from_name|to_name|type`."""
    return sorted(key for key in summary.created_annotations if not _is_known(key, controls))


def _is_known(key: str, controls: Controls) -> bool:
    from_name, to_name, kind = key.split("|", 2) if key.count("|") >= 2 else (key, "", "")
    if kind.lower() in _FREE_TYPES:
        return True
    control = controls.get(from_name)
    if control is None:
        return False
    return to_name in _names(control) and str(control.get("type", "")).lower() == kind.lower()


def _names(control: Mapping[str, Any]) -> Collection[str]:
    names = control.get("to_name", ())
    return [str(name) for name in names] if isinstance(names, list | tuple) else [str(names)]


def lost_labels(summary: ProjectSummary, controls: Controls) -> list[str]:
    """The labels that annotations use and the controls lack, each with how many annotations and drafts."""
    return [
        f"{control}: {label} ({count} in annotations, {drafts} in drafts)"
        for control, label, count, drafts in _used(summary)
        if control in controls and not _has_label(controls[control], label)
    ]


def _used(summary: ProjectSummary) -> Iterator[tuple[str, str, int, int]]:
    for control in sorted({*summary.created_labels, *summary.created_labels_drafts}):
        counts = summary.created_labels.get(control, {})
        drafts = summary.created_labels_drafts.get(control, {})
        for label in sorted({*counts, *drafts}):
            yield control, label, counts.get(label, 0), drafts.get(label, 0)


def _has_label(control: Mapping[str, Any], label: str) -> bool:
    labels = control.get("labels", ())
    if control.get("dynamic_labels") or not labels:
        return True
    return label in labels


def has_essential_change(
    old: Controls, new: Controls, old_keys: Collection[str], new_keys: Collection[str]
) -> bool:
    """Whether the new configuration shows other data, or lacks a control or a label of the old."""
    if set(old_keys) != set(new_keys):
        return True
    for name, control in old.items():
        other = new.get(name)
        if other is None or set(control.get("labels", ())) - set(other.get("labels", ())):
            return True
    return False
