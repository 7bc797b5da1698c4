"""Example tasks hold every variable; plain values become results."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.label_config import (
    parse,
    preannotated_from_fields,
    result_from_plain_value,
    sample_result,
    sample_task,
    sample_task_with_results,
    validate_result,
)
from chalicelib.domain.label_config.sample import time_series_csv
from chalicelib.domain.label_config.variables import fill_in, look_up, variable_names
from chalicelib.errors import InvalidInputError
from tests.unit.domain.label_config.strategies import configs

CASES = json.loads((Path(__file__).parents[3] / "cases/sample_task/cases.json").read_text())
"""The editor in the browser makes up tasks by the same cases."""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_cases_that_bind_both_compilers(case: dict[str, object]) -> None:
    assert sample_task(parse(str(case["config"]))) == case["sample"]


def test_dotted_keys_stay_one_key() -> None:
    assert list(sample_task(parse('<View><Text name="t" value="$a.b"/></View>'))) == ["a.b"]


def test_a_repeater_gives_a_list_of_two() -> None:
    config = parse(
        '<View><Repeater on="$pages"><Image name="p_{{idx}}" value="$pages[{{idx}}].url"/>'
        '<Header value="$pages[{{idx}}].title"/></Repeater></View>'
    )
    pages = sample_task(config)["pages"]
    assert isinstance(pages, list)
    assert [sorted(page) for page in pages] == [["title", "url"]] * 2


def test_kinds_of_objects_have_their_kind_of_example() -> None:
    config = parse(
        '<View><Paragraphs name="p" value="$p" nameKey="who" textKey="said"/><Table name="t" value="$t"/>'
        '<TimeSeries name="s" value="$s" valueType="json" timeColumn="at"><Channel column="v"/></TimeSeries>'
        '<Image name="i" valueList="$i"/><Choices name="c" toName="i" value="$c"/>'
        '<Fog name="f" value="$f"/></View>'
    )
    data = sample_task(config)
    paragraphs, series, pages = data["p"], data["s"], data["i"]
    assert isinstance(paragraphs, list)
    assert {"who", "said"} <= set(paragraphs[0])
    assert isinstance(series, dict)
    assert {name: len(column) for name, column in series.items()} == {"at": 100, "v": 100}
    assert isinstance(pages, list)
    assert data["f"] == "Something"
    assert isinstance(data["t"], dict)


@pytest.mark.parametrize("comment", ['<!-- {"data": {"t": "Mine"}} -->', '<!--{"t": "Mine"}-->'])
def test_a_comment_with_data_wins(comment: str) -> None:
    assert sample_task(parse(f'<View>{comment}<Text name="t" value="$t"/></View>')) == {"t": "Mine"}


def test_a_comment_that_is_no_json_is_a_comment() -> None:
    assert sample_task(parse('<View><!-- {oops --><Text name="t" value="$t"/></View>'))["t"] != ""


ONE = '<View><Text name="t" value="$t"/>{}</View>'


@pytest.mark.parametrize(
    ("control", "plain", "value"),
    [
        ('<Choices name="c" toName="t"><Choice value="neg"/></Choices>', "neg", {"choices": ["neg"]}),
        ('<Choices name="c" toName="t"><Choice value="a"/></Choices>', ["a"], {"choices": ["a"]}),
        ('<Rating name="c" toName="t"/>', 4, {"rating": 4}),
        ('<Number name="c" toName="t"/>', "2.5", {"number": 2.5}),
        ('<TextArea name="c" toName="t"/>', "hello", {"text": ["hello"]}),
        ('<Taxonomy name="c" toName="t"><Choice value="a"/></Taxonomy>', "a", {"taxonomy": [["a"]]}),
    ],
)
def test_a_plain_answer_becomes_one_region(control: str, plain: object, value: object) -> None:
    config = parse(ONE.format(control))
    result = result_from_plain_value(config, plain)
    assert result[0]["value"] == value
    assert validate_result(config, result) == []


def test_a_plain_answer_needs_exactly_one_control() -> None:
    with pytest.raises(InvalidInputError, match="this one has 0"):
        result_from_plain_value(parse("<View/>"), "neg")


def test_fields_of_the_data_become_results_of_the_controls_of_that_name() -> None:
    config = parse(ONE.format('<Rating name="stars" toName="t"/>'))
    items = preannotated_from_fields(config, {"stars": 3, "mood": "glad"}, ["stars", "mood"])
    assert [item["type"] for item in items] == ["rating", "choices"]
    assert items[0]["value"] == {"rating": 3}
    assert items[1] == {
        "from_name": "mood",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": ["glad"]},
    }
    with pytest.raises(InvalidInputError, match="'nope'"):
        preannotated_from_fields(config, {}, ["nope"])


def test_variables_keep_their_type_alone_and_become_text_inside_text() -> None:
    data = {"a": {"b": [1, {"c": "x"}]}, "a.b": "literal", "n": 5}
    assert look_up(data, "a.b") == "literal"
    assert fill_in("$a.b[1].c", {"a": {"b": [1, {"c": "x"}]}}) == "x"
    assert fill_in("$n", data) == 5
    assert fill_in("No. $n of $none", data) == "No. 5 of "
    assert variable_names("$a[0].b and $c.") == ["a[0].b", "c"]


@given(configs(), st.randoms(use_true_random=False))
def test_made_up_results_fit_any_configuration(text: str, rng: Random) -> None:
    config = parse(text)
    assert validate_result(config, sample_result(config, rng)) == []


def test_a_comment_with_annotations_gives_them() -> None:
    comment = '<!-- {"data": {"t": "x"}, "annotations": [{"result": []}]} -->'
    config = parse(f'<View>{comment}<Text name="t" value="$t"/></View>')
    task = sample_task_with_results(config, Random(1))
    assert task["annotations"] == [{"result": []}]
    assert task["data"] == {"t": "x"}


def test_the_sample_series_has_the_columns_and_times_asked_for() -> None:
    rows = time_series_csv(time="at", values="a,b", separator=";", time_format="%H:%M").splitlines()
    assert rows[0] == "at;a;b"
    assert rows[61].split(";")[0] == "01:00"
    assert {len(row.split(";")) for row in rows} == {3}
