"""An archive as tasks: a dataset (COCO, YOLO, VOC, Hugging Face), or members each read by their kind.

Files of tasks may name media files of the same archive; those are stored and their address is put in.
"""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from chalicelib.domain.imports.archives import Archive
from chalicelib.domain.imports.contract import UNNAMED, ImportOptions, Problem, TaskIn, UnreadableError
from chalicelib.domain.imports.datasets import coco, image_folder, snapshots, voc, yolo
from chalicelib.domain.imports.detection import HEAD_BYTES, MEDIA, FileKind, detect, extension_of

ReadMember = Callable[[str, BinaryIO, ImportOptions], Iterable[TaskIn | Problem]]
SPOOLED_BYTES = 16 * 1024 * 1024
"""Kept in memory of a member that must be sought in; what is more lies in a temporary file."""
_PAPERS = frozenset(
    [
        "readme.md",
        "license",
        "license.md",
        "license.txt",
        ".gitattributes",
        "dataset_infos.json",
        "state.json",
    ]
)
_ARCHIVES = (FileKind.ZIP, FileKind.TAR, FileKind.GZIP)


def read_bundle(
    archive: Archive, options: ImportOptions, read_member: ReadMember
) -> Iterator[TaskIn | Problem]:
    """The tasks of all members; `read_member` reads one by its kind."""
    if snapshots.is_snapshot(archive.names):
        yield from snapshots.read_snapshot(archive, options)
        return
    media = MediaShelf(archive, options)
    if yolo.is_dataset(archive.names):
        yield from yolo.read_dataset(archive, options, media)
        return
    if voc.is_dataset(archive.names):
        yield from voc.read_dataset(archive, options, media)
        return
    if image_folder.is_dataset(archive.names):
        yield from image_folder.read_dataset(archive, options, media)
        return
    files = [name for name in archive.names if extension_of(name) not in MEDIA and not _is_paper(name)]
    kinds = [(name, _kind(archive, name)) for name in files]
    for name, kind in kinds:
        yield from _member(archive, name, kind, options, media, read_member)
    if not files:
        for name in media.names:
            yield TaskIn(data={UNNAMED: media.address(name)}, place=name)
    elif media.names - media.taken:
        unused = len(media.names - media.taken)
        message = f"{unused} media files of the archive belong to no task"
        yield Problem(message=message, code="unused_media", stops=False, warning=True)


class MediaShelf:
    """The media files of an archive, each stored when it is first asked for."""

    def __init__(self, archive: Archive, options: ImportOptions) -> None:
        self._archive = archive
        self._options = options
        self._addresses: dict[str, str] = {}
        self.names = dict.fromkeys(name for name in archive.names if extension_of(name) in MEDIA).keys()

    @property
    def taken(self) -> set[str]:
        """The files that a task has asked for."""
        return set(self._addresses)

    def find(self, wanted: str, folder: str = "") -> str | None:
        """The member meant by a path, seen from a folder or from the archive's root."""
        for path in (posixpath.join(folder, wanted), wanted, posixpath.join("images", wanted)):
            path = posixpath.normpath(path)
            if path in self.names:
                return path
        return None

    def address(self, name: str) -> str:
        """Where the member is stored; it is checked to be what its name says."""
        found = self._addresses.get(name)
        if found is None:
            detect(name, self.head(name))
            store = self._options.store_media
            if store is None and not self._options.media_prefix:
                message = "media files inside archives cannot be stored here: upload them by themselves"
                raise UnreadableError(message, code="media")
            found = store(name, self._archive.open(name)) if store else self._options.media_prefix + name
            self._addresses[name] = found
        return found

    def head(self, name: str) -> bytes:
        """The member's first bytes."""
        with self._archive.open(name) as stream:
            return stream.read(HEAD_BYTES)


def _is_paper(name: str) -> bool:
    """Whether the file describes the dataset, as those of Hugging Face have it, and holds no tasks."""
    return posixpath.basename(name).lower() in _PAPERS


def _kind(archive: Archive, name: str) -> FileKind:
    with archive.open(name) as stream:
        try:
            return detect(name, stream.read(HEAD_BYTES))
        except UnreadableError as error:
            raise UnreadableError(f"{name}: {error.message}", code=error.code) from None


def _member(
    archive: Archive,
    name: str,
    kind: FileKind,
    options: ImportOptions,
    media: MediaShelf,
    read_member: ReadMember,
) -> Iterator[TaskIn | Problem]:
    if kind in _ARCHIVES:
        raise UnreadableError(f"{name}: an archive within an archive", code="bomb")
    folder = posixpath.dirname(name)
    with archive.open(name) as packed, _seekable(packed, kind) as stream:
        try:
            found: Iterable[TaskIn | Problem] = (
                coco.read_coco(stream, options, media, folder)
                if kind is FileKind.COCO
                else read_member(name, stream, options)
            )
            for entry in found:
                if isinstance(entry, Problem):
                    yield replace(entry, file=entry.file or name)
                else:
                    entry.data = _with_addresses(entry.data, folder, media)
                    entry.place = f"{name} {entry.place}".strip()
                    yield entry
        except UnreadableError as error:
            raise UnreadableError(f"{name}: {error.message}", line=error.line, code=error.code) from None


@contextmanager
def _seekable(packed: BinaryIO, kind: FileKind) -> Iterator[BinaryIO]:
    """The member's bytes; a Parquet file is read from its end, which those of an archive cannot be."""
    if kind is not FileKind.PARQUET:
        yield packed
        return
    with SpooledTemporaryFile(max_size=SPOOLED_BYTES) as spooled:
        shutil.copyfileobj(packed, spooled)
        spooled.seek(0)
        yield cast(BinaryIO, spooled)


def _with_addresses(data: Any, folder: str, media: MediaShelf) -> Any:
    if not isinstance(data, dict) or not media.names:
        return data
    return {key: _address(value, folder, media) for key, value in data.items()}


def _address(value: Any, folder: str, media: MediaShelf) -> Any:
    if not isinstance(value, str) or "\n" in value or extension_of(value) not in MEDIA:
        return value
    name = media.find(value, folder)
    return media.address(name) if name else value
