"""Archives that we write by hand, read by Python's own `zipfile`: what went in comes out, whatever it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.formats import zipping
from chalicelib.domain.formats.contract import Entry
from chalicelib.domain.formats.zipping import zip_bytes


def archive(*entries: Entry) -> zipfile.ZipFile:
    made = zipfile.ZipFile(io.BytesIO(b"".join(zip_bytes(entries))))
    assert made.testzip() is None
    return made


CONTENTS = st.binary(max_size=3000) | st.lists(st.binary(max_size=3000), max_size=4)
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)


@given(st.dictionaries(NAMES, st.tuples(CONTENTS, st.booleans()), max_size=6))
def test_what_went_in_comes_out(given: dict[str, tuple[Any, bool]]) -> None:
    entries = [
        Entry(name, content if isinstance(content, bytes) else iter(content), compress=compress)
        for name, (content, compress) in given.items()
    ]

    made = archive(*entries)

    for name, info in zip(given, made.infolist(), strict=True):
        content = given[name][0]
        assert info.orig_filename == name
        assert made.read(info) == (content if isinstance(content, bytes) else b"".join(content))


def test_entries_carry_no_time_and_no_system_of_their_own() -> None:
    (folder, file) = archive(Entry("a/"), Entry("a/b.txt", b"x" * 5000)).infolist()

    assert (folder.is_dir(), folder.date_time, folder.create_system) == (True, (1980, 1, 1, 0, 0, 0), 3)
    assert (file.external_attr >> 16, file.compress_type) == (0o100644, zipfile.ZIP_DEFLATED)
    assert file.compress_size < 100


def test_more_entries_than_sixteen_bits_count_are_all_there() -> None:
    made = archive(*(Entry(f"{n}.txt", b"%d" % n) for n in range(65_600)))

    assert len(made.namelist()) == 65_600
    assert made.read("65599.txt") == b"65599"


@pytest.mark.parametrize("streamed", [False, True])
def test_places_and_sizes_past_thirty_two_bits_stand_beside(
    monkeypatch: pytest.MonkeyPatch, streamed: bool
) -> None:
    monkeypatch.setattr(zipping, "_MAX_32", 2000)  # so that a test need not write four gigabytes

    def content() -> Any:
        return iter([b"x" * 3000]) if streamed else b"x" * 3000

    written = b"".join(
        zip_bytes([Entry("a", content(), compress=False), Entry("b", content(), compress=False)])
    )
    # readers take the wide numbers only where the narrow ones are all ones
    narrow, wide = (2000).to_bytes(4, "little"), b"\xff" * 4
    directory = written.rindex(b"PK\6\6")
    central = written.index(b"PK\1\2")
    ended = written[:central] + written[central:directory].replace(narrow, wide)
    made = zipfile.ZipFile(io.BytesIO(ended + written[directory:].replace(narrow, wide)))

    assert [made.read(name) for name in ("a", "b")] == [b"x" * 3000] * 2


def test_chunks_come_while_entries_are_being_made() -> None:
    asked: list[int] = []

    def entries() -> Iterator[Entry]:
        for number in range(100):
            asked.append(number)
            yield Entry(f"{number}", b"x" * 10_000, compress=False)

    next(iter(zip_bytes(entries())))

    assert len(asked) < 10
