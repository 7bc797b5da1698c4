"""The page on formats lists what the registry lists, in the registry's words."""

from __future__ import annotations

from pathlib import Path

from chalicelib.domain.formats import registry
from chalicelib.domain.formats.contract import Format

PAGE = Path(__file__).parents[4] / "docs" / "formats.md"
HEAD = "| id | file | for | cannot carry |\n|---|---|---|---|\n"


def row(format: Format) -> str:
    lost = "; ".join(format.cannot_carry) or "–"
    return f"| {format.id} | .{format.extension} | {format.description} | {lost} |"


def test_the_page_lists_every_format_with_its_losses() -> None:
    listed = PAGE.read_text().split(HEAD)[1].split("\n\n")[0]

    assert listed.splitlines() == [row(format) for format in registry.FORMATS]
