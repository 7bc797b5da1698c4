"""Labeling configurations as clients send them, and what is answered about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.api.bodies import Body
from chalicelib.api.errors import FaultRead


class ControlInput(TypedDict):
    """What a control is for: an object tag and the variable of the task that it shows."""

    type: str
    valueType: str | None
    value: NotRequired[str]
    valueList: NotRequired[str]


class ControlCondition(TypedDict):
    """When a control for regions shows."""

    type: Literal["tag", "label", "choice"]
    name: str


class ParsedControl(TypedDict):
    """A control of a labeling configuration."""

    type: str
    to_name: list[str]
    inputs: list[ControlInput]
    labels: list[str]
    labels_attrs: Mapping[str, Mapping[str, str]]
    dynamic_labels: NotRequired[bool]
    conditionals: NotRequired[ControlCondition]
    regex: NotRequired[Mapping[str, str]]


class ConfigWrite(Body):
    """A labeling configuration to be checked."""

    label_config: str | None = None


class SampleWrite(ConfigWrite):
    """For which configuration a task is to be made up, and whether results are to come along."""

    include_annotation_and_prediction: bool | None = False


class ConfigFaults(TypedDict):
    """What is wrong with a configuration: Label Studio's bare messages, and each fault with its place."""

    label_config: list[str]
    faults: list[FaultRead]


class ConfigChange(TypedDict):
    """Whether a new configuration touches essential data, and the doubts about it."""

    config_essential_data_has_changed: bool | None
    warnings: list[FaultRead]


class ConfigWarnings(TypedDict):
    """Doubts about a configuration that is right: place, message, code and suggestion of each."""

    warnings: list[FaultRead]


class SampleTask(TypedDict):
    """A made-up task: its data alone, or a whole task."""

    sample_task: dict[str, Any]


class TemplateRead(TypedDict):
    """A configuration to begin with: `sample` is task data, `expected_result` a result that fits."""

    id: str
    title: str
    group: str
    description: str
    config: str
    sample: dict[str, Any]
    expected_result: list[dict[str, Any]]


class TemplatesRead(TypedDict):
    """The gallery: every template, and the groups in the order that they are shown."""

    templates: list[TemplateRead]
    groups: list[str]


class TimeSeriesQuery(Body):
    """What the sample table is to look like; `tf` is a strftime format, empty for row numbers."""

    time: str = Field(default="time", max_length=200)
    values: str = Field(default="value", max_length=2000)
    sep: str = Field(default=",", min_length=1, max_length=4)
    tf: str = Field(default="", max_length=100)
