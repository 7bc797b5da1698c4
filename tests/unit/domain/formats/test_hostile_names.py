"""Whatever media and labels are called: an archive unpacks into its own folder, and nothing else is read."""

from __future__ import annotations

import io
import re
import zipfile
from typing import BinaryIO

import pytest

from chalicelib.domain.formats import registry
from tests.unit.domain.formats.builders import BRUSHES, IMAGES, annotation, box, export, task
from tests.unit.domain.formats.test_masks import RING, painted

NAMES = [
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\boot.ini",
    "C:\\Windows\\x.png",
    "//server/share/x.png",
    "file:///etc/passwd",
    "/data/upload/1/../../../secret.png",
    "/data/local-files/?d=../../secret",
    "a\x00.png",
    "a\n.png",
    "nul.png",
    "..",
    ".",
    "",
    "x" * 5000,
    "図" * 200 + ".png",
    "x." + "y" * 5000,
    "%2e%2e%2fx.png",
]
ESCAPES = re.compile(r"(^|/)\.\.(/|$)|^/|\\|^[A-Za-z]:|[\x00-\x1f]")


class Recorder:
    """Media that notes what was asked for and names files as an attacker's server would."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[str] = []

    def open(self, url: str) -> tuple[str, BinaryIO]:
        self.asked.append(url)
        return self.name, io.BytesIO(b"bytes")


@pytest.mark.parametrize("form", [form.id for form in registry.FORMATS])
@pytest.mark.parametrize("name", NAMES)
def test_no_entry_of_an_archive_leaves_its_folder(form: str, name: str) -> None:
    config = BRUSHES if "BRUSH" in form else IMAGES
    shape = painted(RING, 12, 9, name or "x") if "BRUSH" in form else box(name or "x")
    tasks = [task(n, annotation(shape, number=n), image=name, text=name, audio=name) for n in (1, 2)]
    media = Recorder(name)

    data, _ = export(form, tasks, config, media=media, with_media=True)

    assert set(media.asked) <= {name, ""}
    if zipfile.is_zipfile(io.BytesIO(data)):
        entries = zipfile.ZipFile(io.BytesIO(data)).namelist()
        assert [entry for entry in entries if ESCAPES.search(entry)] == []
        assert entries
        assert max(len(part.encode()) for entry in entries for part in entry.split("/")) <= 255
        assert len(set(entries)) == len(entries)
