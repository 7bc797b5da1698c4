"""The labeling language: text in, a checked tree and everything derived from it out.

`parse` is the door; `LabelConfig` is what it gives. Everything here is pure and rests on nothing but
the standard library. Names are loaded when first used, so importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.label_config.config import Control, LabelConfig, ObjectTag
    from chalicelib.domain.label_config.conversion import (
        preannotated_from_fields,
        result_from_plain_value,
    )
    from chalicelib.domain.label_config.example_results import sample_result, sample_task_with_results
    from chalicelib.domain.label_config.parsing import parse
    from chalicelib.domain.label_config.result_check import validate_result
    from chalicelib.domain.label_config.result_schema import results_schema
    from chalicelib.domain.label_config.sample import sample_task
    from chalicelib.domain.label_config.summary import default_control_weights
    from chalicelib.domain.label_config.usage import essential_change, label_faults, usage_faults

__all__ = [
    "Control",
    "LabelConfig",
    "ObjectTag",
    "default_control_weights",
    "essential_change",
    "label_faults",
    "parse",
    "preannotated_from_fields",
    "result_from_plain_value",
    "results_schema",
    "sample_result",
    "sample_task",
    "sample_task_with_results",
    "usage_faults",
    "validate_result",
]

_HOMES = {
    "Control": "config",
    "LabelConfig": "config",
    "ObjectTag": "config",
    "default_control_weights": "summary",
    "essential_change": "usage",
    "label_faults": "usage",
    "parse": "parsing",
    "preannotated_from_fields": "conversion",
    "result_from_plain_value": "conversion",
    "results_schema": "result_schema",
    "sample_result": "example_results",
    "sample_task": "sample",
    "sample_task_with_results": "example_results",
    "usage_faults": "usage",
    "validate_result": "result_check",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
