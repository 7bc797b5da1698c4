"""The bill of materials names what is deployed."""

from __future__ import annotations

import json
from pathlib import Path

from infrastructure.bill import bill_of_materials
from infrastructure.package import ROOT

LOCK = ROOT / "frontend" / "package-lock.json"


def test_installed_distributions_are_named_with_version_licence_and_hash(tmp_path: Path) -> None:
    folder = tmp_path / "Some_Thing-1.2.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: Some_Thing\nVersion: 1.2\nLicense: MIT\n\nWhat it does.")
    (folder / "RECORD").write_text("some_thing.py,sha256=abc,3\n")

    bill = bill_of_materials(tmp_path, LOCK)

    (made,) = [each for each in bill["components"] if each["purl"].startswith("pkg:pypi/")]
    assert made["purl"] == "pkg:pypi/some-thing@1.2"
    assert made["licenses"] == [{"license": {"name": "MIT"}}]
    assert len(made["hashes"][0]["content"]) == 64


def test_what_reaches_the_browser_is_named_and_tools_are_not(tmp_path: Path) -> None:
    names = {each["name"] for each in bill_of_materials(tmp_path, LOCK)["components"]}

    assert "solid-js" in names
    assert "vite" not in names


def test_every_package_of_the_browser_is_pinned_by_a_hash() -> None:
    lock = json.loads(LOCK.read_text())

    shipped = {name: entry for name, entry in lock["packages"].items() if name and not entry.get("dev")}
    assert len(shipped) > 5
    assert [name for name, entry in shipped.items() if not entry.get("integrity")] == []
