"""Hostile texts end in a refusal or an accepted configuration; none is an accident."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.label_config import parse, sample_task
from chalicelib.domain.label_config.checks import MAX_CONTROLS, MAX_FAULTS
from chalicelib.domain.label_config.warnings import MAX_WARNINGS
from chalicelib.domain.label_config.xml import MAX_DEPTH, MAX_ELEMENTS, MAX_LENGTH
from chalicelib.errors import InvalidInputError

BOMB = "<!DOCTYPE v [" + "".join(
    f'<!ENTITY a{at} "{f"&a{at - 1};" * 10 if at else "ha" * 10}">' for at in range(20)
)
REFUSED = {
    "an entity bomb": (BOMB + "]><View>&a19;</View>", "dtd_not_allowed"),
    "an external entity": (
        '<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><View>&x;</View>',
        "dtd_not_allowed",
    ),
    "an external document type": ('<!DOCTYPE v SYSTEM "http://localhost:1/v.dtd"><View/>', "dtd_not_allowed"),
    "a megabyte of nesting": ("<a>" * 350_000, "too_deep"),
    "a million tags": ("<View>" + "<a/>" * 1_000_000 + "</View>", "too_long"),
    "too many characters": ("<View>" + "x" * MAX_LENGTH + "</View>", "too_long"),
    "too many controls": (
        '<View><Text name="t" value="$t"/>'
        + "".join(f'<Rating name="r{at}" toName="t"/>' for at in range(MAX_CONTROLS + 1))
        + "</View>",
        "too_long",
    ),
    "a null character": ("<View>\0</View>", "not_text"),
    "half a surrogate pair": ("<View>\ud800</View>", "not_text"),
    "nothing": ("  \n ", "not_xml"),
    "an unknown entity": ("<View>&nbsp;</View>", "not_xml"),
    "a prefix that nothing declares": ('<View><xi:include href="/etc/passwd"/></View>', "not_xml"),
    "an attribute twice": ('<View a="1" a="2"/>', "not_xml"),
    "two roots": ("<View/><View/>", "not_xml"),
    "JSON": ('{"config": 1}', "not_xml"),
}


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse(text)
    assert refused.value.faults[0].code == code


@pytest.mark.parametrize("value", [None, True, [], {"a": 1}])
def test_other_json_is_no_text(value: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse(value)  # type: ignore[arg-type]
    assert refused.value.faults[0].code == "not_text"


ACCEPTED = {
    "an encoding that the text is not in": '<?xml version="1.0" encoding="UTF-16"?><View>é</View>',
    "an encoding that nobody knows": '<?xml version="1.0" encoding="none-such"?><View/>',
    "a byte order mark": "\ufeff<View/>",
    "a processing instruction": "<?run me?><View/>",
    "a declared include, which is never followed": (
        '<View xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></View>'
    ),
    "a megabyte in one attribute": f'<View><Header value="{"x" * 1_000_000}"/></View>',
    "as deep as allowed": "<View>" * MAX_DEPTH + "</View>" * MAX_DEPTH,
    "another root": "<html><body/></html>",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_it_is_accepted(text: str) -> None:
    assert parse(text).has_controls is False


def test_a_hundred_thousand_labels_are_a_configuration() -> None:
    labels = "".join(f'<Label value="label {at}"/>' for at in range(100_000))
    text = f'<View><Text name="t" value="$t"/><Labels name="l" toName="t">{labels}</Labels></View>'
    config = parse(text)
    assert len(config.controls["l"].labels) == 100_000 < MAX_ELEMENTS


def test_faults_and_warnings_are_bounded() -> None:
    bad = "".join(f'<Rating name="r{at}" toName="none"/>' for at in range(1000))
    with pytest.raises(InvalidInputError) as refused:
        parse(f"<View>{bad}</View>")
    assert len(refused.value.faults) == MAX_FAULTS
    assert len(parse("<View>" + "<Sparkle/>" * 1000 + "</View>").warnings) == MAX_WARNINGS


PIECES = (
    "<View>|</View>|<Text |name='t' |toName='t' |value='$a[{{i}}].b'|/>|>|<!--{|}-->|<Repeater on='$a'>"
    "|</Repeater>|<Choices |<Choice |&amp;|<![CDATA[|]]>|é😀|$"
)
pieces = st.sampled_from(PIECES.split("|"))


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=25).map("".join)))
def test_any_text_is_refused_or_compiles_whole(text: str) -> None:
    with contextlib.suppress(InvalidInputError):
        config = parse(text)
        assert config.parsed is not None
        assert isinstance(config.warnings, tuple)
        assert isinstance(sample_task(config), dict)
        assert config.controls.keys() >= set()
