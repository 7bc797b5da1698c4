"""Summaries agree with the field's own library; what the platform derives is right."""

from __future__ import annotations

import pytest
from hypothesis import given
from label_studio_sdk._extensions.label_studio_tools.core.label_config import parse_config

from chalicelib.domain.label_config import default_control_weights, parse
from chalicelib.domain.templates import Template, list_templates
from tests.unit.domain.label_config.strategies import configs


@given(configs())
def test_the_summary_is_the_sdks(text: str) -> None:
    assert parse(text).parsed == parse_config(text)


@pytest.mark.parametrize("template", list_templates(), ids=lambda template: template["id"])
def test_the_summary_of_a_template_is_the_sdks(template: Template) -> None:
    assert parse(template["config"]).parsed == parse_config(template["config"])


def test_weights_begin_with_one_for_everything() -> None:
    config = parse(
        '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/>'
        '<Choice value="B" alias="b"/></Choices></View>'
    )
    assert default_control_weights(config) == {
        "c": {"overall": 1.0, "type": "Choices", "labels": {"A": 1.0, "b": 1.0}}
    }


BULK = '<View><Image name="i" value="$i"/>{}</View>'


@pytest.mark.parametrize(
    ("controls", "suits"),
    [
        ('<Choices name="c" toName="i"><Choice value="A"/></Choices><Rating name="r" toName="i"/>', True),
        ('<Choices name="c" toName="i" value="$list"/>', False),
        ('<Choices name="c" toName="i" perRegion="true"><Choice value="A"/></Choices>', False),
        ('<RectangleLabels name="c" toName="i"><Label value="A"/></RectangleLabels>', False),
        ("", False),
    ],
)
def test_bulk_answers_need_whole_task_controls_with_fixed_options(controls: str, suits: bool) -> None:
    assert parse(BULK.format(controls)).suitable_for_bulk is suits


def test_data_keys_keep_their_way_of_writing_and_video_wins() -> None:
    config = parse(
        '<View><Header value="$title"/><Text name="t" value="$a.b"/><Audio name="x" value="$clip"/>'
        '<Video name="v" value="$clip"/><Image name="p" valueList="$pages"/></View>'
    )
    assert config.data_keys == {"title": "Header", "a.b": "Text", "clip": "Video", "pages": "Image"}
    assert config.required_columns == {"a": "Text", "clip": "Video", "pages": "Image"}


def test_a_control_without_target_means_the_only_object() -> None:
    config = parse('<View><Text name="t" value="$t"/><Rating name="r"/></View>')
    assert config.controls["r"].to_names == ("t",)
    assert config.has_controls is False
    two = parse('<View><Text name="t" value="$t"/><Text name="u" value="$u"/><Rating name="r"/></View>')
    assert "r" not in two.controls


def test_repeated_controls_are_found_by_their_pattern() -> None:
    config = parse(
        '<View><Repeater on="$pages"><Image name="p_{{idx}}" value="$pages[{{idx}}].url"/>'
        '<RectangleLabels name="box_{{idx}}" toName="p_{{idx}}"><Label value="A"/></RectangleLabels>'
        "</Repeater></View>"
    )
    control = config.find_control("box_12")
    assert control is not None
    assert control.name == "box_{{idx}}"
    assert config.find_control("box_x") is None
    assert config.required_columns == {"pages": "Image"}


def test_chat_writes_its_own_messages() -> None:
    control = parse('<View><Chat name="chat" value="$messages"/></View>').controls["chat"]
    assert (control.result_type, control.to_names) == ("chatmessage", ("chat",))


def test_names_of_deep_repeaters_are_compared_in_few_steps() -> None:
    deep = "".join(f'<Repeater on="$a" indexFlag="{{{{{at}}}}}">' for at in range(60))
    name = "".join(f"{{{{{at}}}}}" for at in range(60))
    config = parse(f'<View>{deep}<Rating name="{name}" toName="{name}"/>{"</Repeater>" * 60}</View>')
    assert config.find_control("1" * 5000 + "x") is None


def test_names_with_signs_are_compared_literally() -> None:
    config = parse(
        '<View><Repeater on="$a"><Text name="t.({{idx}})" value="$a[{{idx}}]"/>'
        '<Rating name="r.({{idx}})" toName="t.({{idx}})"/></Repeater></View>'
    )
    assert config.find_control("r.(12)") is not None
    assert config.find_control("rx(12)") is None
