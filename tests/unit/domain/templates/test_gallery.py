"""Every template of the gallery compiles, shows its sample, and its expected result fits."""

from __future__ import annotations

import json

import pytest

from chalicelib.domain.label_config import parse, sample_task, validate_result
from chalicelib.domain.label_config.variables import look_up
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
