"""The gallery of configurations to begin with, written for Skylabel.

One folder each below `gallery/<group>/<id>/`: `config.xml` and `template.json` (title, place in the group,
description, sample data, expected result). Read from the package's own files once and kept.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

_GALLERY = Path(__file__).parent / "gallery"

GROUPS: dict[str, str] = {
    "computer-vision": "Computer Vision",
    "natural-language": "Natural Language Processing",
    "audio": "Audio/Speech Processing",
    "video": "Videos",
    "time-series": "Time Series Analysis",
    "documents": "Documents",
    "chat-and-llm": "Chat and Generative AI",
    "ranking": "Ranking & Scoring",
    "structured-data": "Structured Data Parsing",
}
"""The groups in the order that the gallery shows them: folder name → title."""


class Template(TypedDict):
    """One entry of the gallery. `sample` is task data, `expected_result` a result that fits the config."""

    id: str
    title: str
    group: str
    description: str
    config: str
    sample: dict[str, object]
    expected_result: list[dict[str, object]]


@cache
def list_templates() -> tuple[Template, ...]:
    """Every template, by group and then by its `order`."""
    return tuple(template for group in GROUPS for template in _group(group))


def _group(group: str) -> list[Template]:
    folders = [(json.loads((path / "template.json").read_text("utf-8")), path) for path in _folders(group)]
    return [_template(about, path) for about, path in sorted(folders, key=lambda one: one[0]["order"])]


def _folders(group: str) -> list[Path]:
    return [path for path in (_GALLERY / group).iterdir() if path.is_dir()]


def gallery() -> dict[str, object]:
    """The body of `GET /api/templates/`."""
    return {"templates": list(list_templates()), "groups": list(GROUPS.values())}


def _template(about: dict[str, Any], folder: Path) -> Template:
    return Template(
        id=folder.name,
        title=about["title"],
        group=GROUPS[folder.parent.name],
        description=about["description"],
        config=(folder / "config.xml").read_text("utf-8").strip(),
        sample=about["sample"],
        expected_result=about["expected_result"],
    )
