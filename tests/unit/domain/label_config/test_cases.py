"""The JSON cases that this compiler and the front end's are both held to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.label_config import parse
from chalicelib.domain.label_config.tags import TAGS
from chalicelib.errors import InvalidInputError

FOLDER = Path(__file__).parents[3] / "cases" / "label_config"


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            found.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return found


@pytest.mark.parametrize("case", _cases())
def test_the_shared_case_holds(case: dict[str, Any]) -> None:
    if not case["valid"]:
        with pytest.raises(InvalidInputError) as refused:
            parse(case["config"])
        assert _described(refused.value.faults, case.get("faults", [])) == case.get("faults", [])
        return
    config = parse(case["config"])
    assert sorted({warning.code for warning in config.warnings}) == sorted(case.get("warnings", []))
    if "parsed" in case:
        assert config.parsed == case["parsed"]


def _described(faults: Any, wanted: list[dict[str, str]]) -> list[dict[str, str]]:
    """The faults with the keys that the case tells; all of them when it tells fewer than were found."""
    if len(faults) != len(wanted) and wanted:
        return [{"place": fault.place, "message": fault.message} for fault in faults]
    return [{key: getattr(fault, key) for key in want} for fault, want in zip(faults, wanted, strict=False)]


def test_there_are_cases() -> None:
    assert len(_cases()) >= 150


def test_old_names_of_tags_are_those_that_the_front_end_knows() -> None:
    written = json.loads((FOLDER.parent / "tags" / "other_names.json").read_text("utf-8"))
    assert {name: spec.name for spec in TAGS.values() for name in spec.other_names} == written
