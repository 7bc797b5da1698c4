"""What fits is told to fit, what does not is told with its place; the published schema agrees."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.label_config import parse, results_schema, validate_result
from chalicelib.domain.results.kinds import KINDS
from chalicelib.domain.templates import Template, list_templates
from tests.unit.domain.label_config.strategies import configs, results

IMAGE = parse(
    '<View><Image name="img" value="$i"/><RectangleLabels name="box" toName="img"><Label value="Car"/>'
    '<Label value="Tree" alias="T"/></RectangleLabels><BrushLabels name="brush" toName="img">'
    '<Label value="Sky"/></BrushLabels><Rectangle name="tool" toName="img"/>'
    '<Labels name="lab" toName="img"><Label value="Car"/></Labels>'
    '<Rating name="stars" toName="img" maxRating="3"/><Pairwise name="pw" toName="img"/>'
    '<Number name="n" toName="img" min="2" max="4"/>'
    '<Choices name="c" toName="img" perRegion="true"><Choice value="Yes"/></Choices></View>'
)


def item(from_name: str, type_: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"from_name": from_name, "to_name": "img", "type": type_, "value": value, **more}


BOX = {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 0}


@pytest.mark.parametrize(
    "fitting",
    [
        item("box", "rectanglelabels", {**BOX, "rectanglelabels": ["Car"]}),
        item("box", "rectanglelabels", {**BOX, "rectanglelabels": ["T"], "more": 1}, id="x", score=0.5),
        item("box", "rectanglelabels", BOX),
        item("tool", "rectangle", BOX),
        item("lab", "labels", {**BOX, "labels": ["Car"]}),
        item("lab", "labels", {"points": [[1, 2], [3, 4], [5, 6]], "closed": True, "labels": ["Car"]}),
        item("brush", "brushlabels", {"format": "rle", "rle": [0, 255], "brushlabels": ["Sky"]}),
        item("stars", "rating", {"rating": 3}),
        item("n", "number", {"number": 2.5}),
        item("c", "choices", {**BOX, "choices": ["Yes"]}),
        item("c", "choices", {"choices": [["Yes"]]}),
        {**item("pw", "pairwise", {"selected": "left"}), "to_name": "pw"},
    ],
)
def test_it_fits(fitting: dict[str, Any]) -> None:
    assert validate_result(IMAGE, [fitting]) == []
    jsonschema.validate([fitting], results_schema(IMAGE))


@pytest.mark.parametrize(
    ("bad", "place", "code"),
    [
        (7, "result[0]", "wrong_type"),
        ({"value": {}}, "result[0]", "missing"),
        (item("bax", "rectanglelabels", BOX), "result[0].from_name", "unknown_control"),
        (item("box", "polygonlabels", BOX), "result[0].type", "wrong_type_name"),
        ({**item("tool", "rectangle", BOX), "to_name": "x"}, "result[0].to_name", "wrong_target"),
        (
            item("box", "rectanglelabels", {**BOX, "x": 640, "rectanglelabels": ["Car"]}),
            "result[0].value.x",
            "out_of_range",
        ),
        (item("box", "rectanglelabels", {"x": 1, "y": 1, "width": 2}), "result[0].value", "missing"),
        (item("tool", "rectangle", {**BOX, "x": "1"}), "result[0].value.x", "wrong_type"),
        (item("tool", "rectangle", {**BOX, "x": float("nan")}), "result[0].value.x", "wrong_type"),
        (item("tool", "rectangle", {**BOX, "x": True}), "result[0].value.x", "wrong_type"),
        (
            item("box", "rectanglelabels", {**BOX, "rectanglelabels": ["Car", "Cat"]}),
            "result[0].value.rectanglelabels[1]",
            "unknown_value",
        ),
        (
            item("brush", "brushlabels", {"format": "rle", "rle": [0, 256]}),
            "result[0].value.rle[1]",
            "out_of_range",
        ),
        (
            item("lab", "labels", {**BOX, "width": 900, "labels": ["Car"]}),
            "result[0].value.width",
            "out_of_range",
        ),
        (item("stars", "rating", {"rating": 4}), "result[0].value.rating", "out_of_range"),
        (item("n", "number", {"number": 1}), "result[0].value.number", "out_of_range"),
        (item("c", "choices", {"choices": "Yes"}), "result[0].value.choices", "wrong_type"),
        (item("c", "choices", {"choices": ["No"]}), "result[0].value.choices[0]", "unknown_value"),
        (item("stars", "rating", []), "result[0].value", "wrong_type"),
        (item("stars", "rating", {"rating": 1}, item_index=-1), "result[0].item_index", "out_of_range"),
        ({"type": "relation", "from_id": "a", "to_id": "b"}, "result[0].from_id", "unknown_region"),
        ({"type": "relation", "from_id": "a"}, "result[0]", "missing"),
    ],
)
def test_it_does_not_fit_and_the_place_is_told(bad: Any, place: str, code: str) -> None:
    faults = validate_result(IMAGE, [bad])
    assert (faults[0].place, faults[0].code) == (place, code)


def test_a_name_nearly_right_is_suggested() -> None:
    assert validate_result(IMAGE, [item("bax", "rectanglelabels", BOX)])[0].suggestion == "box"


def test_a_result_is_a_list() -> None:
    assert validate_result(IMAGE, {"a": 1})[0].place == "result"


@given(st.data())
def test_any_fitting_result_passes_and_is_left_as_it_was(data: st.DataObject) -> None:
    config = parse(data.draw(configs()))
    result = data.draw(results(config))
    before = json.dumps(result)
    assert validate_result(config, result) == []
    assert json.dumps(result) == before
    jsonschema.validate(result, results_schema(config))


_BREAKS: list[Any] = [None, "text", -5000, [], {}, True, 1.5]


@given(st.data())
def test_the_published_schema_refuses_nothing_that_the_check_accepts_and_the_other_way_round(
    data: st.DataObject,
) -> None:
    config = parse(data.draw(configs()))
    result = [one for one in data.draw(results(config)) if one["type"] != "relation"]
    if not result:
        return
    broken = copy.deepcopy(result)
    target = data.draw(st.sampled_from(broken))
    if data.draw(st.booleans()):
        target = target["value"]
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(st.sampled_from(_BREAKS))
    published = jsonschema.Draft202012Validator(results_schema(config)).is_valid(broken)
    assert (validate_result(config, broken) == []) == published


@pytest.mark.parametrize("template", list_templates(), ids=lambda template: template["id"])
def test_the_published_schema_accepts_the_results_of_templates(template: Template) -> None:
    schema = results_schema(parse(template["config"]))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(template["expected_result"], schema)


EXAMPLES = json.loads((Path(__file__).parents[3] / "cases" / "results" / "examples.json").read_text("utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_an_item_as_the_field_writes_it_fits(example: dict[str, Any]) -> None:
    config = parse(example["config"])
    assert config.warnings == ()
    assert validate_result(config, example["result"]) == []
    jsonschema.validate(example["result"], results_schema(config))


def test_there_is_an_example_of_every_type() -> None:
    told = {item["type"] for example in EXAMPLES for item in example["result"]}
    assert set(KINDS) - told == {"cube", "cubelabels"}  # their values are documented nowhere


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_without_its_own_keys_it_does_not_fit(example: dict[str, Any]) -> None:
    item = example["result"][-1]
    if item["type"] == "relation":
        broken = {key: value for key, value in item.items() if key != "from_id"}
    else:
        broken = {**item, "value": {"unheard-of": 1}}
    assert validate_result(parse(example["config"]), [*example["result"][:-1], broken])
