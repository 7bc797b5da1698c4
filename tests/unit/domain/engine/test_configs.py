"""Whether a configuration may take another's place: the compiler's rules on a project's summary."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.domain.label_config import parse
from chalicelib.domain.projects.configs import losses, usage_of
from chalicelib.domain.projects.entities import ProjectSummary
from chalicelib.ids import ProjectId

REPEATED = """<View><Repeater on="$pages"><Image name="page_{{idx}}" value="$pages[{{idx}}].url"/>
<RectangleLabels name="box_{{idx}}" toName="page_{{idx}}"><Label value="A"/></RectangleLabels></Repeater>
</View>"""
VIDEO = """<View><Video name="v" value="$v"/><VideoRectangle name="box" toName="v"/>
<Labels name="kind" toName="v"><Label value="Boat"/></Labels></View>"""
PAIRWISE = """<View><Text name="a" value="$a"/><Text name="b" value="$b"/>
<Pairwise name="pair" toName="a,b"/></View>"""


def summary(**created: int) -> ProjectSummary:
    return ProjectSummary(
        project=ProjectId(1),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        all_data_columns={},
        common_data_columns=(),
        created_annotations=created,
        created_labels={},
        created_labels_drafts={},
    )


@pytest.mark.parametrize(
    ("config", "used"),
    [
        (REPEATED, "box_3|page_3|rectanglelabels"),
        (VIDEO, "kind|v|videorectangle"),
        (PAIRWISE, "pair|pair|pairwise"),
        (PAIRWISE, "gone|a|textarea"),
    ],
)
def test_what_editors_write_is_not_lost(config: str, used: str) -> None:
    assert losses(parse(config), usage_of(summary(**{used: 2})), labels=True) == []


@pytest.mark.parametrize(
    "used", ["box|page_3|rectanglelabels", "box_3|page_3|polygonlabels", "gone|a|choices"]
)
def test_what_is_lost_is_told_with_its_count(used: str) -> None:
    found = losses(parse(REPEATED), usage_of(summary(**{used: 7})), labels=False)

    assert [fault.place for fault in found] == ["label_config"]
    assert "7 result(s)" in found[0].message
