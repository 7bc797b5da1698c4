"""Edits of a configuration: what is planned, what happens to results, and that it can be taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.label_config import parse, validate_result
from chalicelib.domain.label_config.edit import Edit, can_retype, edit_from_json
from chalicelib.domain.label_config.edit_plan import Renames, plan_edit
from chalicelib.domain.label_config.edit_results import apply_edit, undo_edit
from chalicelib.domain.label_config.usage import Usage
from chalicelib.errors import ConflictError
from tests.unit.domain.label_config.strategies import configs, results, words

OLD = parse(
    '<View><Image name="img" value="$i"/><RectangleLabels name="box" toName="img"><Label value="Car"/>'
    '<Label value="Auto"/><Label value="Tree"/></RectangleLabels><Choices name="scene" toName="img">'
    '<Choice value="Day"/><Choice value="Night"/></Choices></View>'
)
NEW = parse(
    '<View><Image name="photo" value="$i"/><RectangleLabels name="frame" toName="photo">'
    '<Label value="Vehicle"/><Label value="Bush"/></RectangleLabels><Taxonomy name="scene" toName="photo">'
    '<Choice value="Day"/><Choice value="Night"/></Taxonomy><Rating name="stars" toName="photo"/></View>'
)
RENAMES = Renames(
    controls={"box": "frame"},
    objects={"img": "photo"},
    labels={"box": {"Car": "Vehicle", "Auto": "Vehicle"}},
)
USAGE = Usage(
    annotations={"box|img|rectanglelabels": 5, "scene|img|choices": 2},
    labels={"box": {"Car": 3, "Auto": 2, "Tree": 1}},
    draft_labels={"box": {"Car": 1}},
)
BOX = {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 0}
RESULT: list[dict[str, Any]] = [
    {
        "odd": [1.0, {"z": None}],
        "id": "a",
        "value": {**BOX, "rectanglelabels": ["Car", "Auto"], "more": 1},
        "type": "rectanglelabels",
        "to_name": "img",
        "from_name": "box",
    },
    {"id": "b", "type": "choices", "from_name": "scene", "to_name": "img", "value": {"choices": ["Day"]}},
    {"type": "relation", "from_id": "a", "to_id": "b"},
    {
        "id": "c",
        "type": "rectanglelabels",
        "from_name": "box",
        "to_name": "img",
        "value": {**BOX, "rectanglelabels": ["Tree"]},
    },
]


def test_the_plan_tells_every_step_with_its_count() -> None:
    plan = plan_edit(OLD, NEW, renames=RENAMES, usage=USAGE)
    assert plan.faults == ()
    told = {(step.kind, step.before, step.after): step.touched for step in plan.steps}
    assert told == {
        ("object_renamed", "img", "photo"): 7,
        ("control_renamed", "box", "frame"): 5,
        ("control_retyped", "choices", "taxonomy"): 2,
        ("control_added", "", "stars"): 0,
        ("labels_merged", "Car", "Vehicle"): 4,
        ("labels_merged", "Auto", "Vehicle"): 2,
        ("label_removed", "Tree", ""): 1,
        ("label_added", "", "Bush"): 0,
    }
    assert plan.touched == 21


def test_results_follow_and_fit_the_new_configuration() -> None:
    edit = plan_edit(OLD, NEW, renames=RENAMES, removed="drop").edit
    edited = apply_edit(RESULT, edit).result
    assert list(edited[0]) == list(RESULT[0])
    assert edited[0]["value"] == {**BOX, "rectanglelabels": ["Vehicle"], "more": 1}
    assert edited[1]["value"] == {"taxonomy": [["Day"]]}
    assert edited[2] is RESULT[2]
    assert edited[3]["value"] == {**BOX, "rectanglelabels": []}
    assert validate_result(NEW, edited) == []


def test_what_is_removed_is_kept_unless_told_otherwise() -> None:
    gone = parse('<View><Image name="img" value="$i"/></View>')
    assert apply_edit(RESULT, plan_edit(OLD, gone).edit).result == RESULT
    dropped = apply_edit(RESULT, plan_edit(OLD, gone, removed="drop").edit)
    assert [item["type"] for item in dropped.result] == ["relation"]
    assert undo_edit(dropped.result, dropped.changes) == RESULT


def test_the_edit_survives_being_stored() -> None:
    edit = plan_edit(OLD, NEW, renames=RENAMES, removed="drop").edit
    stored = json.loads(json.dumps(edit.as_json()))
    assert apply_edit(RESULT, edit_from_json(stored)) == apply_edit(RESULT, edit)


def test_undo_gives_the_very_bytes_back() -> None:
    edited = apply_edit(RESULT, plan_edit(OLD, NEW, renames=RENAMES, removed="drop").edit)
    assert json.dumps(undo_edit(edited.result, edited.changes)) == json.dumps(RESULT)


def test_undo_keeps_work_done_since_and_refuses_to_overwrite_it() -> None:
    edited = apply_edit(RESULT, plan_edit(OLD, NEW, renames=RENAMES).edit)
    added: dict[str, Any] = {
        "id": "new",
        "type": "rating",
        "from_name": "stars",
        "to_name": "photo",
        "value": {"rating": 1},
    }
    assert undo_edit([*edited.result, added], edited.changes) == [*RESULT, added]
    touched: list[Any] = [{**edited.result[0], "value": {}}, *edited.result[1:]]
    with pytest.raises(ConflictError, match=r"result\[0\]"):
        undo_edit(touched, edited.changes)


def test_renames_of_what_is_not_there_are_told_with_suggestions() -> None:
    renames = Renames(controls={"bax": "frame"}, labels={"box": {"Care": "Vehicle"}, "none": {"a": "b"}})
    faults = plan_edit(OLD, NEW, renames=renames).faults
    assert {(fault.place, fault.suggestion) for fault in faults} == {
        ("controls.bax", "box"),
        ("labels.box", ""),
        ("labels.none", ""),
    }


def test_two_controls_cannot_take_one_name() -> None:
    faults = plan_edit(OLD, NEW, renames=Renames(controls={"box": "scene"})).faults
    assert "name_clash" in {fault.code for fault in faults}


def test_a_type_that_results_cannot_become_forbids_the_edit() -> None:
    new = parse('<View><Image name="img" value="$i"/><Rating name="scene" toName="img"/></View>')
    assert [fault.code for fault in plan_edit(OLD, new).faults] == ["cannot_convert"]


@pytest.mark.parametrize(
    ("before", "after", "can"),
    [
        ("choices", "taxonomy", True),
        ("labels", "hypertextlabels", True),
        ("brushlabels", "brushlabels", True),
        ("taxonomy", "choices", False),
        ("labels", "rectanglelabels", False),
        ("rectanglelabels", "polygonlabels", False),
        ("rating", "number", False),
        ("sparkle", "rating", False),
    ],
)
def test_which_types_can_become_others(before: str, after: str, can: bool) -> None:
    assert can_retype(before, after) is can


def test_a_renamed_ranker_renames_its_own_list() -> None:
    item: dict[str, Any] = {
        "from_name": "r",
        "to_name": "l",
        "type": "ranker",
        "value": {"ranker": {"r": ["a"]}},
    }
    assert apply_edit([item], Edit(controls={"r": "rank"})).result[0]["value"] == {"ranker": {"rank": ["a"]}}


def test_names_made_by_a_repeater_follow_theirs() -> None:
    text = (
        '<View><Repeater on="$p" indexFlag="{{i}}"><Image name="IMG_{{i}}" value="$p[{{i}}]"/>'
        '<RectangleLabels name="BOX_{{i}}" toName="IMG_{{i}}"><Label value="LABEL"/></RectangleLabels>'
        "</Repeater></View>"
    )
    new = text.replace("IMG", "page").replace("BOX", "field").replace("LABEL", "Title")
    renames = Renames(
        controls={"BOX_{{i}}": "field_{{i}}"},
        objects={"IMG_{{i}}": "page_{{i}}"},
        labels={"BOX_{{i}}": {"LABEL": "Title"}},
    )
    usage = Usage(annotations={"BOX_0|IMG_0|rectanglelabels": 2}, labels={"BOX_7": {"LABEL": 1}})
    plan = plan_edit(parse(text), parse(new), renames=renames, usage=usage)
    assert plan.faults == ()
    assert [step.touched for step in plan.steps] == [2, 2, 1]
    item: dict[str, Any] = {
        "from_name": "BOX_12",
        "to_name": "IMG_12",
        "type": "rectanglelabels",
        "value": {**BOX, "rectanglelabels": ["LABEL"]},
    }
    edited = apply_edit([item], edit_from_json(json.loads(json.dumps(plan.edit.as_json())))).result
    assert (edited[0]["from_name"], edited[0]["to_name"]) == ("field_12", "page_12")
    assert validate_result(parse(new), edited) == []


def test_a_videos_boxes_follow_the_labels_beside_them() -> None:
    text = (
        '<View><Video name="v" value="$v"/><VideoRectangle name="box" toName="v"/>'
        '<Labels name="lab" toName="v"><Label value="{}"/></Labels></View>'
    )
    renames = Renames(labels={"lab": {"Man": "Person"}})
    edit = plan_edit(parse(text.format("Man")), parse(text.format("Person")), renames=renames).edit
    frame = {"frame": 1, **BOX}
    item: dict[str, Any] = {
        "from_name": "box",
        "to_name": "v",
        "type": "videorectangle",
        "value": {"sequence": [frame], "labels": ["Man"]},
    }
    edited = apply_edit([item], edit).result
    assert edited[0]["value"] == {"sequence": [frame], "labels": ["Person"]}
    assert validate_result(parse(text.format("Person")), edited) == []


@given(st.data())
def test_any_edit_can_be_taken_back_to_the_same_bytes(data: st.DataObject) -> None:
    config = parse(data.draw(configs()))
    result = data.draw(results(config))
    names = st.sampled_from(list(config.controls))
    label_maps = st.dictionaries(words, words, max_size=3)
    edit = Edit(
        controls=data.draw(st.dictionaries(names, words, max_size=2)),
        objects=data.draw(st.dictionaries(st.sampled_from(["text", "image"]), words)),
        labels=data.draw(st.dictionaries(names, label_maps, max_size=2)),
        moves=data.draw(st.dictionaries(names, st.dictionaries(words, words, max_size=2), max_size=1)),
        types=data.draw(st.dictionaries(names, st.sampled_from(["taxonomy", "hypertextlabels"]), max_size=1)),
        removed_controls=tuple(data.draw(st.lists(names, max_size=1))),
        removed_labels=data.draw(st.dictionaries(names, st.tuples(words), max_size=1)),
        removed=data.draw(st.sampled_from(["keep", "drop"])),
    )
    before = json.dumps(result)
    edited = apply_edit(result, edit)
    assert json.dumps(result) == before
    assert json.dumps(undo_edit(edited.result, edited.changes)) == before


WHOLE = parse(
    '<View><Image name="img" value="$i"/>'
    '<Choices name="scene" toName="img" choice="multiple">'
    '<Choice value="Day"/><Choice value="Night"/>'
    '<Choice value="Rain"/><Choice value="Snow"/></Choices></View>'
)
SPLIT = parse(
    '<View><Image name="img" value="$i"/><Choices name="light" toName="img"><Choice value="Day"/>'
    '<Choice value="Night"/></Choices><Choices name="weather" toName="img"><Choice value="Rainy"/>'
    '<Choice value="Snow"/></Choices></View>'
)
APART = Renames(
    controls={"scene": "light"},
    labels={"scene": {"Rain": "Rainy"}},
    moves={"scene": {"Rain": "weather", "Snow": "weather"}},
)


def seen(*labels: str, control: str = "scene", item_id: str = "a") -> dict[str, Any]:
    return {
        "id": item_id,
        "type": "choices",
        "from_name": control,
        "to_name": "img",
        "value": {"choices": list(labels), "odd": 1},
    }


def test_a_control_is_split_by_moving_labels_to_another() -> None:
    usage = Usage(annotations={"scene|img|choices": 3}, labels={"scene": {"Rain": 2, "Day": 1, "Snow": 1}})
    plan = plan_edit(WHOLE, SPLIT, renames=APART, usage=usage)
    result = [seen("Day", "Rain"), seen("Snow", item_id="b"), seen("Night", item_id="c")]

    edited = apply_edit(result, plan.edit)

    assert plan.faults == ()
    steps = {(step.kind, step.before, step.after): step.touched for step in plan.steps}
    assert steps[("label_moved", "Rain", "weather")] == 2
    assert not {kind for kind, _, _ in steps} & {"label_removed", "label_added"}
    assert edited.result == [
        seen("Day", control="light"),
        seen("Rainy", control="weather"),
        seen("Snow", control="weather", item_id="b"),
        seen("Night", control="light", item_id="c"),
    ]
    assert validate_result(SPLIT, edited.result) == []
    assert json.dumps(undo_edit(edited.result, edited.changes)) == json.dumps(result)


def test_undoing_a_split_refuses_to_overwrite_later_work() -> None:
    edited = apply_edit([seen("Day", "Rain")], plan_edit(WHOLE, SPLIT, renames=APART).edit)
    edited.result[1] = seen("Snow", control="weather")

    with pytest.raises(ConflictError):
        undo_edit(edited.result, edited.changes)


@pytest.mark.parametrize(
    ("moves", "place"),
    [
        ({"scene": {"Fog": "weather"}}, "moves.scene.Fog"),
        ({"scene": {"Rain": "wether"}}, "moves.scene.Rain"),
        ({"sceen": {"Rain": "weather"}}, "moves.sceen.Rain"),
        ({"scene": {"Day": "weather"}}, "moves.scene.Day"),
    ],
)
def test_moves_that_cannot_be_are_told(moves: dict[str, dict[str, str]], place: str) -> None:
    plan = plan_edit(WHOLE, SPLIT, renames=Renames(controls={"scene": "light"}, moves=moves))

    assert place in [fault.place for fault in plan.faults]


def test_labels_do_not_move_to_a_control_of_another_object_or_kind() -> None:
    other = parse(
        '<View><Image name="img" value="$i"/><Image name="two" value="$j"/>'
        '<Choices name="scene" toName="img">'
        '<Choice value="Day"/></Choices><Choices name="b" toName="two"><Choice value="Rain"/></Choices>'
        '<Taxonomy name="c" toName="img"><Choice value="Snow"/></Taxonomy></View>'
    )
    plan = plan_edit(WHOLE, other, renames=Renames(moves={"scene": {"Rain": "b", "Snow": "c"}}))

    codes = {fault.place: fault.code for fault in plan.faults}
    assert codes["moves.scene.Rain"] == "wrong_target"
    assert codes["moves.scene.Snow"] == "cannot_convert"
