"""Archives: what is in them, and the hostile ones, which end in a clear problem with nothing read."""

from __future__ import annotations

import gzip
import io
import json
import stat
import struct
import tarfile
import zipfile
from typing import Any, BinaryIO

import pytest

from chalicelib.domain.imports import ImportOptions, Limits, Problem, TaskIn, read_tasks
from chalicelib.domain.imports.contract import UNNAMED

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (200).to_bytes(4, "big") + (100).to_bytes(4, "big") + b"\x08\x00" * 8


def zipped(*files: tuple[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(*files: tuple[str, bytes], mode: str = "w", member: tarfile.TarInfo | None = None) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        if member is not None:
            archive.addfile(member)
    return stream.getvalue()


def read(name: str, data: bytes, **options: Any) -> list[TaskIn | Problem]:
    return list(read_tasks(name, io.BytesIO(data), options=ImportOptions(**options)))


def datas(name: str, data: bytes, **options: Any) -> list[Any]:
    found = read(name, data, **options)
    assert not [entry for entry in found if isinstance(entry, Problem)]
    return [entry.data for entry in found if isinstance(entry, TaskIn)]


TASKS = (("a.json", '[{"text":"a"}]'), ("sub/b.csv", "text\nb\n"), ("c.jsonl", '{"text":"c"}'))
EXPECTED = [{"text": "a"}, {"text": "b"}, {"text": "c"}]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read_by_their_kind(method: int) -> None:
    litter = (("__MACOSX/._a.json", "x"), (".DS_Store", "x"), ("sub/", ""), ("sub/Thumbs.db", "x"))

    assert datas("t.zip", zipped(*litter, *TASKS, method=method)) == EXPECTED


@pytest.mark.parametrize(("name", "mode"), [("t.tar", "w"), ("t.tar.gz", "w:gz"), ("t.tgz", "w:gz")])
def test_tar_files_are_read_like_zips(name: str, mode: str) -> None:
    files = tuple((name, str(text).encode()) for name, text in TASKS)

    assert datas(name, tarred(*files, mode=mode)) == EXPECTED


def test_a_gzipped_file_is_read_by_its_inner_name() -> None:
    assert datas("t.csv.gz", gzip.compress(b"text,n\na,1\nb,2\n")) == [
        {"text": "a", "n": 1},
        {"text": "b", "n": 2},
    ]


def test_media_members_are_stored_and_become_tasks() -> None:
    kept: dict[str, bytes] = {}

    def store(name: str, stream: BinaryIO) -> str:
        kept[name] = stream.read()
        return f"/data/upload/1/{name}"

    found = datas("t.zip", zipped(("x/a.png", PNG), ("b.PNG", PNG)), store_media=store)

    assert found == [{UNNAMED: "/data/upload/1/x/a.png"}, {UNNAMED: "/data/upload/1/b.PNG"}]
    assert set(kept.values()) == {PNG}


def test_media_that_nobody_can_store_is_refused() -> None:
    found = read("t.zip", zipped(("a.png", PNG)))

    assert [(entry.code, entry.stops) for entry in found if isinstance(entry, Problem)] == [("media", True)]


def test_tasks_that_name_members_get_their_addresses() -> None:
    tasks = json.dumps([{"image": "pics/a.png", "n": 1}, {"image": "b.png"}, {"image": "http://h/c.png"}])

    found = read(
        "t.zip",
        zipped(("d/t.json", tasks), ("d/pics/a.png", PNG), ("b.png", PNG), ("z.png", PNG)),
        media_prefix="/u/",
    )

    assert [entry.data["image"] for entry in found if isinstance(entry, TaskIn)] == [
        "/u/d/pics/a.png",
        "/u/b.png",
        "http://h/c.png",
    ]
    assert [(entry.code, entry.stops) for entry in found if isinstance(entry, Problem)] == [
        ("unused_media", False)
    ]


# --- hostile ----------------------------------------------------------------------------------------


def link(kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo("link")
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def zip_link() -> bytes:
    info = zipfile.ZipInfo("link.json")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return stream.getvalue()


def encrypted() -> bytes:
    data = bytearray(zipped(("a.json", "[1]")))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def wrong_crc() -> bytes:
    data = bytearray(zipped(("a.json", '[{"text": "hello"}]'), method=zipfile.ZIP_STORED))
    data[data.index(b"hello")] = ord("j")
    return bytes(data)


def lying_about_its_size() -> bytes:
    """The directory says 10 bytes, the member inflates to 2 MB."""
    data = bytearray(zipped(("a.txt", b"0" * 2_000_000)))
    for head, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.rfind(head) + at, 10)
    return bytes(data)


def overlapping() -> bytes:
    """Two names in the directory for one member's bytes."""
    data = zipped(("a.txt", b"x" * 500), ("b.txt", b"x" * 500))
    archive = bytearray(data)
    second = archive.rfind(b"PK\x01\x02")
    struct.pack_into("<I", archive, second + 42, 0)
    return bytes(archive)


def same_names() -> bytes:
    data = zipped(("a.txt", b"1"), ("b.txt", b"2"))
    return data.replace(b"b.txt", b"a.txt")


SMALL = Limits(bytes=1_000_000, members=50, bytes_free_of_ratio=1000, ratio=100)
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "slip": ("t.zip", zipped(("../../x.json", "[]")), "leads out"),
    "slip in the middle": ("t.zip", zipped(("a/../../x.json", "[]")), "leads out"),
    "absolute name": ("t.zip", zipped(("/etc/x.json", "[]")), "leads out"),
    "drive letter": ("t.zip", zipped(("C:x.json", "[]")), "leads out"),
    "backslashes": ("t.zip", zipped(("..\\x.json", "[]")), "leads out"),
    "slip in a tar": ("t.tar", tarred(("../x.json", b"[]")), "leads out"),
    "link in a zip": ("t.zip", zip_link(), "link or a device"),
    "link in a tar": ("t.tar", tarred(member=link(tarfile.SYMTYPE)), "link or a device"),
    "hard link": ("t.tar", tarred(member=link(tarfile.LNKTYPE)), "link or a device"),
    "device": ("t.tar", tarred(member=link(tarfile.CHRTYPE)), "link or a device"),
    "encrypted": ("t.zip", encrypted(), "encrypted"),
    "wrong CRC": ("t.zip", wrong_crc(), "damaged"),
    "cut off": ("t.zip", zipped(("a.json", "[1]" * 99))[:-30], "damaged"),
    "cut off tar": ("t.tar.gz", tarred(("a.json", b"[1]" * 99), mode="w:gz")[:-30], "damaged"),
    "cut off gzip": ("t.json.gz", gzip.compress(b"[" * 9999)[:-12], "damaged"),
    "bomb": ("t.zip", zipped(("a.txt", b"0" * 5_000_000)), "expands to more"),
    "bomb in many": ("t.zip", zipped(*((f"{n}.txt", b"0\n" * 50_000) for n in range(20))), "expands to more"),
    "bomb in a tar": ("t.tgz", tarred(("a.txt", b"0" * 5_000_000), mode="w:gz"), "expands to more"),
    "bomb in gzip": ("t.txt.gz", gzip.compress(b"0" * 5_000_000), "expands to more"),
    "size that lies": ("t.zip", lying_about_its_size(), "damaged"),
    "overlap": ("t.zip", overlapping(), "overlap"),
    "same names": ("t.zip", same_names(), "same name"),
    "too many members": ("t.zip", zipped(*((f"{n}.txt", b"") for n in range(60))), "more than 50 members"),
    "zip in a zip": ("t.zip", zipped(("inner.zip", zipped(("a.json", "[]")))), "archive within an archive"),
    "tar in gzip in gzip": ("t.gz.gz", gzip.compress(gzip.compress(b"x")), "archive within an archive"),
    "wrong extension inside": ("t.zip", zipped(("a.json", PNG)), "a.json: called .json"),
    "program inside": ("t.zip", zipped(("a.exe", b"MZ")), ".exe extension is not supported"),
    "broken JSON inside": ("t.zip", zipped(("a.json", '[{"a": NaN}]')), "a.json: NaN"),
    "no archive at all": ("t.zip", b"PK\x03\x04 nothing", "damaged"),
    "renamed": ("t.zip", b"hello", "damaged"),
    "nothing": ("t.zip", zipped(), "No tasks added"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_archives_end_in_a_problem(case: str) -> None:
    name, data, message = HOSTILE[case]

    found = read(name, data, limits=SMALL)

    assert isinstance(found[-1], Problem)
    assert message in found[-1].message
    assert found[-1].file == name


def test_archives_may_expand_a_lot_while_they_are_small() -> None:
    assert len(datas("t.zip", zipped(("a.txt", b"0\n" * 200_000)))) == 200_000
