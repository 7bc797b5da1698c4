"""What a new configuration does to work that is there."""

from __future__ import annotations

import pytest

from chalicelib.domain.label_config import essential_change, label_faults, parse, usage_faults
from chalicelib.domain.label_config.usage import Usage

BASE = '<View><Text name="t" value="$t"/>{}</View>'
TONE = '<Choices name="tone" toName="t"><Choice value="A"/><Choice value="B"/></Choices>'
NOTE = '<TextArea name="note" toName="t"/>'


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        (TONE + NOTE, False),
        (TONE, None),
        (TONE + NOTE + '<Rating name="r" toName="t"/>', True),
        (TONE.replace('<Choice value="B"/>', "") + NOTE, True),
        (TONE.replace('<Choice value="B"/>', '<Choice value="B"/><Choice value="C"/>') + NOTE, False),
        (NOTE + '<Labels name="tone" toName="t"><Label value="A"/><Label value="B"/></Labels>', True),
    ],
)
def test_what_is_an_essential_change(new: str, changed: bool | None) -> None:
    assert essential_change(parse(BASE.format(TONE + NOTE)), parse(BASE.format(new))) is changed


def test_another_input_is_an_essential_change() -> None:
    old = parse(BASE.format(TONE))
    assert essential_change(old, parse(BASE.replace("$t", "$other").format(TONE))) is True


USED = Usage(annotations={"tone|t|choices": 3, "note|t|textarea": 2, "gone|t|rating": 0})


@pytest.mark.parametrize(
    ("new", "refused"),
    [
        (TONE, False),
        (NOTE, True),
        (TONE.replace('"tone"', '"mood"') + NOTE, True),
        ('<Labels name="tone" toName="t"><Label value="A"/></Labels>', True),
        ("", False),
    ],
)
def test_a_used_control_must_stay(new: str, refused: bool) -> None:
    faults = usage_faults(parse(BASE.format(new)), USED)
    assert bool(faults) is refused
    assert all("tone" in fault.message and "3" in fault.message for fault in faults)


def test_a_renamed_object_breaks_what_points_to_it() -> None:
    renamed = parse(BASE.replace('name="t"', 'name="u"').format(TONE.replace('toName="t"', 'toName="u"')))
    assert [fault.code for fault in usage_faults(renamed, USED)] == ["used_control_missing"]


def test_repeated_names_are_compared_by_pattern() -> None:
    repeated = parse(
        '<View><Repeater on="$p"><Image name="i_{{idx}}" value="$p[{{idx}}]"/><Choices name="c_{{idx}}" '
        'toName="i_{{idx}}"><Choice value="A"/></Choices></Repeater></View>'
    )
    assert usage_faults(repeated, Usage(annotations={"c_4|i_4|choices": 1})) == []
    assert usage_faults(repeated, Usage(annotations={"d_4|i_4|choices": 1})) != []


def test_a_used_label_that_is_missing_is_told_with_its_counts() -> None:
    usage = Usage(labels={"tone": {"A": 2, "Z": 4}}, draft_labels={"tone": {"Z": 1, "Y": 1}})
    faults = label_faults(parse(BASE.format(TONE)), usage)
    assert [fault.message for fault in faults] == [
        'The label "Z" of "tone" is in use and missing: 4 in annotations, 1 in drafts',
        'The label "Y" of "tone" is in use and missing: 0 in annotations, 1 in drafts',
    ]


def test_labels_of_lists_in_the_data_or_added_by_people_are_not_missed() -> None:
    dynamic = parse(BASE.format('<Choices name="tone" toName="t" value="$options"/>'))
    usage = Usage(labels={"tone": {"Z": 4}})
    assert label_faults(dynamic, usage) == []
    added = Usage(labels={"tone": {"Z": 4}}, added_labels={"tone": frozenset({"Z"})})
    assert label_faults(parse(BASE.format(TONE)), added) == []
