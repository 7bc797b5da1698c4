"""All export formats by id, and how to write one.

A new format is a module and a line here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.domain.formats import (
    asr,
    brush_coco,
    coco,
    conll,
    delimited,
    hugging_face,
    image_folder,
    json_min,
    json_tasks,
    mask_files,
    snapshot,
    spacy,
    time_series,
    video_tracks,
    voc,
    xml_tasks,
    yolo,
)
from chalicelib.domain.formats.contract import (
    ArchiveWriter,
    ExportContext,
    Format,
    StreamWriter,
    Survey,
    TaskSource,
)
from chalicelib.domain.formats.control_table import ControlTable
from chalicelib.domain.formats.zipping import zip_bytes
from chalicelib.errors import InvalidInputError

FORMATS: tuple[Format, ...] = (
    json_tasks.JSON,
    json_min.JSON_MIN,
    json_tasks.JSONL,
    delimited.CSV,
    delimited.TSV,
    xml_tasks.XML,
    conll.CONLL2003,
    spacy.SPACY,
    coco.COCO,
    coco.COCO_WITH_IMAGES,
    yolo.YOLO,
    yolo.YOLO_WITH_IMAGES,
    yolo.YOLO_OBB,
    yolo.YOLO_OBB_WITH_IMAGES,
    voc.VOC,
    mask_files.BRUSH_TO_NUMPY,
    mask_files.BRUSH_TO_PNG,
    brush_coco.BRUSH_TO_COCO,
    asr.ASR_MANIFEST,
    hugging_face.HF_DATASET,
    image_folder.HF_IMAGE_FOLDER,
    time_series.TIME_SERIES,
    video_tracks.VIDEO_TRACKS,
    video_tracks.YOLO_VIDEO,
    snapshot.SNAPSHOT,
)
_BY_ID = {format.id: format for format in FORMATS}


def format_named(format_id: str) -> Format:
    """The format of that id in any case; raises `InvalidInputError`."""
    found = _BY_ID.get(format_id.upper())
    if found is None:
        known = ", ".join(_BY_ID)
        raise InvalidInputError.at(
            "exportType", f'"{format_id}" is not one of {known}', code="unknown_format"
        )
    return found


def fitting_format(format_id: str, controls: ControlTable) -> Format:
    """The format of that id, which projects with these controls can be written in."""
    found = format_named(format_id)
    if not found.fits(controls):
        message = f"{found.title} cannot carry what this project's labeling config asks for"
        raise InvalidInputError.at("exportType", message, code="unsuited_format")
    return found


def format_list(controls: ControlTable) -> list[dict[str, Any]]:
    """`{name, title, description, link, tags, disabled?}` of each format, those that fit first."""
    listed = [_listed(format, controls) for format in FORMATS]
    return sorted(listed, key=lambda entry: bool(entry.get("disabled")))


def survey_for(format: Format, context: ExportContext) -> Survey | None:
    """An empty survey, if the format needs one before it can be opened."""
    return format.survey(context) if format.survey else None


def write(format: Format, source: TaskSource, context: ExportContext) -> Iterator[bytes]:
    """The whole file in chunks, in one go; the context's losses are complete at the end."""
    survey = survey_for(format, context)
    if survey is not None and context.survey is None:
        survey.see(source())
        context.survey = survey
    if format.layout == "archive":
        archive: ArchiveWriter = format.open(context)
        return zip_bytes(archive.entries(source))
    stream: StreamWriter = format.open(context)
    return joined(stream, [stream.part(source())])


def joined(writer: StreamWriter, parts: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """Parts that were written one by one as the file they make together."""
    yield writer.header()
    begun = False
    for part in parts:
        first = True
        for chunk in part:
            if first and begun:
                yield writer.separator
            first = False
            begun = True
            yield chunk
    yield writer.footer()


def _listed(format: Format, controls: ControlTable) -> dict[str, Any]:
    listed: dict[str, Any] = {
        "name": format.id,
        "title": format.title,
        "description": format.description,
        "link": format.link,
        "tags": list(format.tags),
    }
    if not format.fits(controls):
        listed["disabled"] = True
    return listed
