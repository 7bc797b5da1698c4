"""Lock files that `npm ci` takes on every platform, and that name no machine to download from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infrastructure.local.lockfiles import LOCK_FILES, complete, missing_optionals


@pytest.mark.parametrize("file", LOCK_FILES, ids=lambda file: file.parent.name)
def test_every_optional_package_is_locked(file: Path) -> None:
    assert missing_optionals(json.loads(file.read_text())) == {}


@pytest.mark.parametrize("file", LOCK_FILES, ids=lambda file: file.parent.name)
def test_no_download_address_is_recorded(file: Path) -> None:
    assert "://" not in "".join(
        str(package.get("resolved", "")) for package in json.loads(file.read_text())["packages"].values()
    )


def test_a_missing_platform_is_added_with_what_its_name_says(tmp_path: Path) -> None:
    file = tmp_path / "package-lock.json"
    parent = {"version": "1.0.0", "dev": True, "optionalDependencies": {"@x/cli-linux-x64-musl": "2.6.8"}}
    file.write_text(json.dumps({"packages": {"": {}, "node_modules/x": parent}}))

    assert complete(file) == 1
    assert complete(file) == 0

    assert json.loads(file.read_text())["packages"]["node_modules/@x/cli-linux-x64-musl"] == {
        "version": "2.6.8",
        "optional": True,
        "dev": True,
        "os": ["linux"],
        "cpu": ["x64"],
        "libc": ["musl"],
    }
