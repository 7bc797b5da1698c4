"""Every template of the gallery compiles, shows its sample, and its expected result fits."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from label_studio_sdk.label_interface.interface import LabelInterface

from chalicelib.domain.label_config import (
    LabelConfig,
    parse,
    sample_task,
    sample_task_with_results,
    validate_result,
)
from chalicelib.domain.label_config.tags import TAGS
from chalicelib.domain.label_config.variables import fill_in, look_up
from chalicelib.domain.results.spans import global_offset, text_nodes
from chalicelib.domain.templates import GROUPS, Template, gallery, list_templates

each = pytest.mark.parametrize("template", list_templates(), ids=lambda template: template["id"])


@each
def test_the_config_compiles_without_warnings(template: Template) -> None:
    assert parse(template["config"]).warnings == ()


@each
def test_the_sample_holds_what_the_objects_show(template: Template) -> None:
    config = parse(template["config"])
    assert [key for key in config.required_columns if look_up(template["sample"], key) is None] == []
    assert set(config.required_columns) <= {key.split(".")[0] for key in sample_task(config)}


@each
def test_the_expected_result_fits_and_is_not_empty(template: Template) -> None:
    assert template["expected_result"]
    assert validate_result(parse(template["config"]), template["expected_result"]) == []


@each
def test_made_up_results_fit_as_well(template: Template) -> None:
    config = parse(template["config"])
    for seed in range(5):
        task: Any = sample_task_with_results(config, Random(seed))
        assert validate_result(config, task["annotations"][0]["result"]) == []
        assert validate_result(config, task["predictions"][0]["result"]) == []
        assert json.loads(json.dumps(task)) == task


@each
def test_every_control_that_can_write_is_in_the_expected_result_or_optional(template: Template) -> None:
    config = parse(template["config"])
    written = {item.get("from_name") for item in template["expected_result"]}
    assert {name for name, control in config.controls.items() if control.required} <= written


def test_ids_and_titles_are_unique() -> None:
    templates = list_templates()
    assert len({template["id"] for template in templates}) == len(templates)
    assert len({template["title"] for template in templates}) == len(templates)


def test_the_gallery_is_json_with_known_groups() -> None:
    body = json.loads(json.dumps(gallery()))
    assert {template["group"] for template in body["templates"]} <= set(body["groups"])
    assert body["groups"] == list(GROUPS.values())


def test_there_are_at_least_fifty_templates_and_a_few_in_every_group() -> None:
    templates = list_templates()
    assert len(templates) >= 50
    for group in GROUPS.values():
        assert sum(template["group"] == group for template in templates) >= 4


NEVER_WRITTEN = {"PagedView"}
"""What the editor makes of a Repeater with pages."""


def test_every_tag_of_the_language_is_in_a_template() -> None:
    used = {
        element.spec.name
        for template in list_templates()
        for element in parse(template["config"]).elements
        if element.spec is not None
    }
    assert {spec.name for spec in TAGS.values()} - used == NEVER_WRITTEN


def shown_part(config: LabelConfig, template: Template, item: dict[str, Any]) -> str:
    """What lies between the ends of a text region, by its kind of offsets."""
    shown_object, value = config.objects[item["to_name"]], item["value"]
    shown: Any = fill_in(shown_object.value, template["sample"])
    if isinstance(value["start"], int):
        return str(shown[value["start"] : value["end"]])
    if "globalOffsets" in value:
        nodes = text_nodes(shown)
        start = global_offset(nodes, value["start"], value["startOffset"])
        end = global_offset(nodes, value["end"], value["endOffset"])
        assert {"start": start, "end": end} == value["globalOffsets"]
        return "".join(node.text for node in nodes)[start:end]
    key = shown_object.element.find("textKey") or "text"
    return str(shown[int(value["start"])][key][value["startOffset"] : value["endOffset"]])


@each
def test_spans_of_the_expected_result_hold_the_text_they_tell(template: Template) -> None:
    config = parse(template["config"])
    for item in template["expected_result"]:
        value: Any = item.get("value", {})
        if isinstance(value.get("text"), str):
            assert shown_part(config, template, item) == value["text"]


NOT_FOR_THE_SDK = {
    "nested-choices",  # paths in Choices
    "page-by-page",  # names made by a Repeater
    "search-results",
    "human-preference",  # a Pairwise that targets itself, as editors write it
    "pairwise-text",
    "video-skeletons",
}
"""Templates whose results are right and which the SDK's validator is known to refuse."""


@pytest.mark.filterwarnings("ignore")
@each
def test_the_sdk_accepts_config_and_expected_result(template: Template) -> None:
    interface: Any = LabelInterface(template["config"])
    interface.validate()
    prediction = {"result": template["expected_result"], "model_version": "m", "score": 1}
    errors = interface.validate_prediction(prediction, return_errors=True)
    assert bool(errors) == (template["id"] in NOT_FOR_THE_SDK), errors


def test_bundled_samples_are_there() -> None:
    folder = Path(__file__).parents[4] / "frontend" / "public" / "samples"
    named = {
        name
        for template in list_templates()
        for name in re.findall(r"/samples/([\w.-]+)", json.dumps(template))
    }
    assert named
    assert {name for name in named if not (folder / name).is_file()} == set()
