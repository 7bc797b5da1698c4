"""The documentation's table of tags is the compiler's."""

from __future__ import annotations

from pathlib import Path

from tests.unit.domain.label_config.tag_table import tag_table

PAGE = Path(__file__).parents[4] / "docs" / "label-configs.md"


def test_the_page_has_the_table_that_the_compiler_uses() -> None:
    text = PAGE.read_text("utf-8")
    written = text.partition("<!-- tags -->\n")[2].partition("<!-- /tags -->")[0]
    assert written == tag_table()
